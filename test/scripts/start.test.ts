import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demo } from '../../scripts/lib/demo';
import { ROOT, type Environment } from '../../scripts/lib/environment';
import { answers, freePort } from '../../scripts/lib/ports';
import { isAlive } from '../../scripts/lib/processes';
import type { RunFile } from '../../scripts/lib/run-file';
import { aFolder } from './fakes';

type Start = { process: ChildProcess; text: () => string; exited: Promise<number | null> };

/** One `npm start` as a newcomer sees it: the real processes on ports of their own, with data of their own. */
function start(environment: Environment): Start {
  const process_ = spawn(process.execPath, [join(ROOT, 'dist', 'scripts', 'start.js')], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [process_.stdout, process_.stderr]) stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  // `close` comes after the last line, `exit` may come before it.
  return { process: process_, text: () => chunks.join(''), exited: new Promise((resolve) => process_.once('close', resolve)) };
}

/** Gives up well before the test does, so that a failure says what the start had shown and what its processes logged. */
async function shows(run: Start, wanted: RegExp): Promise<RegExpExecArray> {
  for (let look = 0; look < 1500; look += 1) {
    const found = wanted.exec(run.text());
    if (found) return found;
    if (run.process.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`It never showed ${String(wanted)}:\n${run.text()}\n${logTails()}`);
}

const folder = aFolder();
chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root; what that user cannot enter, it keeps elsewhere
const state = join(folder, 'state');

function logTails(): string {
  const folder = join(state, 'logs');
  if (!existsSync(folder)) return 'No process has logged anything.';
  return readdirSync(folder)
    .map((name) => `--- ${name}\n${readFileSync(join(folder, name), 'utf8').slice(-1500)}`)
    .join('\n');
}

// A start takes seconds; beside the rest of the tests on a slow machine it may take a minute.
jest.setTimeout(180_000);

describe('npm start', () => {
  const runs: Start[] = [];
  let environment: Environment;
  const partsNow = () => (JSON.parse(readFileSync(join(state, 'running.json'), 'utf8')) as RunFile).parts;
  const startHere = (more: Environment = {}) => {
    const run = start({ ...environment, ...more });
    runs.push(run);
    return run;
  };

  beforeAll(async () => {
    const [api, worker, sandbox] = [await freePort(), await freePort(), await freePort()];
    const ports = { API_PORT: String(api), WORKER_PORT: String(worker), SANDBOX_PORT: String(sandbox) };
    environment = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...(process.env['TEST_TEMPORAL_CLI'] && { TEMPORAL_CLI: process.env['TEST_TEMPORAL_CLI'] }),
      USHER_STATE_DIR: state,
      ...ports,
    };
  });
  afterAll(async () => {
    for (const { process: left } of runs) left.kill('SIGKILL');
    await Promise.all(runs.map(({ exited }) => exited));
  });

  it('brings up everything from nothing and shows where it is, who logs in, and a command that books', async () => {
    const run = startHere();
    await shows(run, /Usher runs/);
    const demo = JSON.parse(readFileSync(join(state, 'demo.json'), 'utf8')) as Demo;
    for (const { name, api_key, log_ins } of demo.businesses)
      for (const shown of [name, api_key, log_ins[0]!.email]) expect(run.text()).toContain(shown);
    for (const address of [demo.console, demo.handset, demo.docs, demo.temporal_ui]) {
      expect(run.text()).toContain(address);
      expect((await fetch(address)).status).toBeLessThan(500);
    }
    expect(run.text()).toContain(`curl -sS ${demo.api}/appointments`);
  });

  it('says so to a second start beside it', async () => {
    const second = startHere();
    await expect(second.exited).resolves.toBe(1);
    expect(second.text()).toContain('Usher is running already');
  });

  it('starts a killed worker again by itself', async () => {
    const [first] = runs;
    process.kill(partsNow()['worker']!, 'SIGKILL');
    await shows(first!, /worker ended \(by SIGKILL\); it is started again/);
    expect(await eventually(() => answers('127.0.0.1', Number(environment['WORKER_PORT'])))).toBe(true);
  });

  it('stops everything on Ctrl-C', async () => {
    const [first] = runs;
    const children = Object.values(partsNow());
    expect(children).toHaveLength(5);
    first!.process.kill('SIGINT');
    first!.process.kill('SIGINT'); // as npm passes on what the terminal has already sent
    await expect(first!.exited).resolves.toBe(0);
    expect(first!.text()).toMatch(/Stopped\.\n$/);
    expect(children.filter(isAlive)).toEqual([]);
  });

  it('keeps the data for the next start, which shows the same keys', async () => {
    const before = readFileSync(join(state, 'demo.json'), 'utf8');
    const again = startHere();
    await shows(again, /Usher runs/);
    expect(again.text()).not.toMatch(/^ {2}Demo/m);
    expect((JSON.parse(readFileSync(join(state, 'demo.json'), 'utf8')) as Demo).businesses).toEqual(
      (JSON.parse(before) as Demo).businesses,
    );
    again.process.kill('SIGTERM');
    await expect(again.exited).resolves.toBe(0);
  });

  it('names the port that is taken and the setting that would choose another', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = String((other.address() as AddressInfo).port);
    const run = startHere({ SANDBOX_PORT: taken });
    await expect(run.exited).resolves.toBe(1);
    other.close();
    expect(run.text()).toContain(
      `Port ${taken} is taken by another program: stop that program, or choose another port with SANDBOX_PORT=<number>`,
    );
  });

  it('names a server that was promised and does not answer', async () => {
    const run = startHere({ DATABASE_URL: 'postgres://usher@127.0.0.1:1/usher' });
    await expect(run.exited).resolves.toBe(1);
    expect(run.text()).toContain('PostgreSQL does not answer at 127.0.0.1:1');
  });
});

async function eventually(holds: () => Promise<boolean>): Promise<boolean> {
  for (let look = 0; look < 300; look += 1) {
    if (await holds()) return true;
    await sleep(100);
  }
  return false;
}
