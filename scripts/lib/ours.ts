import { join } from 'node:path';
import type { Config } from '../../config';
import { ROOT, STATE_DIR, type Environment } from './environment';
import { isFree } from './ports';
import { launch, tail, until, type Exit, type Running } from './processes';
import type { Part } from './supervisor';
import { EndedEarly, explainLog, portTaken, Trouble } from './trouble';

const READY_WITHIN_MS = 60_000;
type Name = 'api' | 'worker' | 'sandbox';

const PORT_SETTINGS = { api: 'API_PORT', worker: 'WORKER_PORT', sandbox: 'SANDBOX_PORT' } as const satisfies Record<Name, keyof Config>;

/**
 * What Node and its allocator are told: docs/decisions/0015. The Dockerfile and docker-compose.yml say the same. A worker that is given 8 GB uses 600 MB for
 * what fits into 300: V8 and malloc give back late what they need not.
 */
export const NODE_ARGS: Record<Name, string[]> = {
  api: ['--enable-source-maps'],
  worker: ['--enable-source-maps', '--max-old-space-size=256', '--max-semi-space-size=4'],
  sandbox: ['--enable-source-maps'],
};
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };

/** Usher's own three processes, each ready when its /healthz answers 200. `environment`: the whole of what they see. */
export function ourParts(config: Config, environment: Environment, logs = join(STATE_DIR, 'logs')): Record<Name, Part> {
  const part = (name: Name): Part => {
    const logFile = join(logs, `${name}.log`);
    return { name, logFile, start: () => startOne({ name, logFile, port: config[PORT_SETTINGS[name]], environment }) };
  };
  return { api: part('api'), worker: part('worker'), sandbox: part('sandbox') };
}

/** Throws Trouble for the first port of ours that another program holds. */
export async function checkPorts(config: Config): Promise<void> {
  for (const setting of Object.values(PORT_SETTINGS)) {
    if (!(await isFree(config[setting]))) throw new Trouble(portTaken(config[setting], setting));
  }
}

type Start = { name: Name; logFile: string; port: number; environment: Environment };

async function startOne({ name, logFile, port, environment }: Start): Promise<Running> {
  const main = join(ROOT, 'dist', name, 'main.js');
  // 20 s: a worker first finishes the activities it has begun.
  const running = await launch({
    name,
    command: process.execPath,
    args: [...NODE_ARGS[name], main],
    logFile,
    env: { ...ALLOCATOR, ...environment },
    cwd: ROOT,
    stopWithinMs: 20_000,
  });
  const late = (exit: Exit | null) => whyNot({ name, logFile, exit });
  await until(() => isHealthy(port), { running, withinMs: READY_WITHIN_MS, late }).catch((error: unknown) => {
    running.kill();
    throw error;
  });
  return running;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/healthz`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}

function whyNot({ name, logFile, exit }: { name: Name; logFile: string; exit: Exit | null }): Trouble {
  const log = tail(logFile);
  const last = log.trim().split('\n').slice(-5).join('\n  ');
  const what = exit ? 'ended before it was ready' : `was not ready within ${String(READY_WITHIN_MS / 1_000)} s`;
  const known = explainLog(log);
  if (known) return new Trouble(known);
  const sentence = `${name} ${what}: ${logFile} says why.${last ? ` It ends with:\n  ${last}` : ''}`;
  return exit ? new EndedEarly(sentence) : new Trouble(sentence);
}
