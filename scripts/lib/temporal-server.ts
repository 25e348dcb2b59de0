import { execFile } from 'node:child_process';
import type { Environment } from './environment';
import { launch, tail, until, type Running } from './processes';
import { explainLog, Trouble } from './trouble';

export type TemporalOptions = {
  /** From findTemporal. */
  cli: string;
  env: Environment;
  port: number;
  logFile: string;
  /** Left out: no UI. */
  uiPort?: number;
  /** Left out: in memory, gone with the process. */
  dbFile?: string;
};

/** `address` is host:port of the server. */
export type Temporal = Running & { address: string };

const HOST = '127.0.0.1';
const DYNAMIC_CONFIG = [
  'frontend.WorkflowTimeSkippingEnabled=true', // Usher's clock for development and tests
  'system.workflowTimeSkippingEnabled=true', // the same, as later servers call it; an unknown name is ignored
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1', // fairness between businesses is ten times better with one
  'matching.numTaskqueueWritePartitions=1',
  'history.timerProcessorMaxTimeShift="50ms"', // a skipped timer takes 0.1 s instead of 1 s; not for production
];
const SEARCH_ATTRIBUTES = ['BusinessId=Keyword', 'Attention=Keyword'];

/** Starts Temporal's development server with what Usher needs and waits until its namespace `default` answers. Throws Trouble in one sentence. */
export async function startTemporal({ cli, env, port, logFile, uiPort, dbFile }: TemporalOptions): Promise<Temporal> {
  const address = `${HOST}:${String(port)}`;
  const ui = uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch'];
  // Write-ahead logging: a start costs half of what the default journal takes, and is as durable.
  const data = dbFile === undefined ? [] : ['--db-filename', dbFile, '--sqlite-pragma', 'journal_mode=WAL'];
  const running = await launch({
    name: 'temporal',
    command: cli,
    args: [
      'server',
      'start-dev',
      '--ip',
      HOST,
      '--port',
      String(port),
      '--log-level',
      'warn',
      ...ui,
      ...data,
      ...each('--dynamic-config-value', DYNAMIC_CONFIG),
      ...each('--search-attribute', SEARCH_ATTRIBUTES),
    ],
    logFile,
    env: withoutTemporalSettings(env),
  });
  const late = () => new Trouble(explainLog(tail(logFile)) ?? `Temporal did not start: ${logFile} says why.`);
  await until(() => answersAt({ cli, address, env }), { running, withinMs: 60_000, late }).catch((error: unknown) => {
    running.kill();
    throw error;
  });
  return { ...running, address };
}

const each = (flag: string, values: string[]): string[] => values.flatMap((value) => [flag, value]);

async function answersAt({ cli, address, env }: { cli: string; address: string; env: Environment }): Promise<boolean> {
  const args = ['operator', 'namespace', 'describe', '--namespace', 'default', '--address', address];
  return new Promise((resolve) => {
    execFile(cli, args, { timeout: 5_000, env: withoutTemporalSettings(env) }, (error) => resolve(error === null));
  });
}

/** Settings for somebody's cloud (TEMPORAL_API_KEY, TEMPORAL_TLS …) must not reach our local server. */
function withoutTemporalSettings(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
