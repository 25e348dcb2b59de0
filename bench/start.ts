import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineEnvironment, ROOT, type Environment } from '../scripts/lib/environment';
import { freePort } from '../scripts/lib/ports';
import type { Report } from './measure';
import { fixed, spread } from './measure';

const WARM = 5;

/** How long `npm start` takes to its table, with packages, build, servers and data already there. */
export async function start(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-start-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root
  try {
    const [api, worker, sandbox] = [await freePort(), await freePort(), await freePort()];
    const ports = { API_PORT: String(api), WORKER_PORT: String(worker), SANDBOX_PORT: String(sandbox) };
    const env = { ...machineEnvironment(), ...ports, USHER_STATE_DIR: join(folder, 'state') };
    const first = await startOnce(env);
    const warm: Started[] = [];
    for (let turn = 0; turn < WARM; turn += 1) warm.push(await startOnce(env));
    const { min, median, max } = spread(warm.map(({ seconds }) => seconds));
    return {
      title: 'Warm start',
      method: `\`npm start\` from the command to its table, ${String(WARM)} times over the same data, one after the other; before them once with nothing but packages, build and Temporal's program. The steps are those of the last: PostgreSQL and Temporal start side by side, then our three.`,
      rows: [
        ['warm, s: min / median / max', 'first, s', 'steps of the last'],
        [[min, median, max].map((seconds) => fixed(seconds)).join(' / '), fixed(first.seconds), warm.at(-1)?.steps.join(', ') ?? ''],
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Started = { seconds: number; steps: string[] };

/** Starts Usher, waits for its table and stops it again. */
async function startOnce(env: Environment): Promise<Started> {
  const from = Date.now();
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'usher.mjs'), 'start'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('close', resolve));
  const seen = { text: '' };
  const seconds = await new Promise<number>((resolve, reject) => {
    const read = (text: string): void => {
      seen.text += text;
      if (seen.text.includes('Usher runs')) resolve((Date.now() - from) / 1_000);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    child.once('close', () => reject(new Error(`npm start ended:\n${seen.text}`)));
  });
  child.kill('SIGINT');
  await exited;
  return { seconds, steps: [...seen.text.matchAll(/^ {2}(\S.*\(\d.*\))$/gm)].map(([, step = '']) => step) };
}
