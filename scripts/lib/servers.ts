import { join } from 'node:path';
import type { Config } from '../../config';
import { STATE_DIR, type Environment } from './environment';
import { answers, freePort } from './ports';
import { ownerUrl, startPostgres } from './postgres';
import { startLog } from './processes';
import { step, type Say } from './say';
import type { Part } from './supervisor';
import { findTemporal } from './temporal';
import { startTemporal } from './temporal-server';
import { Trouble } from './trouble';

/** A server for this run: what to start (nothing when somebody gave us one) and what the processes are told. */
export type Server = { part: Part | null; told: Environment };

/** DATABASE_URL when set, else the packaged PostgreSQL with its data under .usher/. */
export async function choosePostgres(env: Environment, { config, say }: { config: Config; say: Say }): Promise<Server> {
  if (env['DATABASE_URL']) {
    await mustAnswer(new URL(config.DATABASE_URL), { name: 'PostgreSQL', setting: 'DATABASE_URL', port: 5432 });
    return { part: null, told: {} };
  }
  const port = await freePort(Number(new URL(config.DATABASE_URL).port));
  const logFile = join(STATE_DIR, 'logs', 'postgres.log');
  const start = () => startPostgres({ dataDir: join(STATE_DIR, 'postgres'), logFile, port, say });
  return { part: { name: 'PostgreSQL', logFile, start }, told: { DATABASE_URL: ownerUrl(port, 'usher') } };
}

/** TEMPORAL_ADDRESS when set, else a development server of our own with its state under .usher/. */
export async function chooseTemporal(env: Environment, { config, say }: { config: Config; say: Say }): Promise<Server> {
  if (env['TEMPORAL_ADDRESS']) {
    await mustAnswer(new URL(`tcp://${config.TEMPORAL_ADDRESS}`), { name: 'Temporal', setting: 'TEMPORAL_ADDRESS', port: 7233 });
    return { part: null, told: {} };
  }
  const cli = await findTemporal({ env, say });
  const port = await freePort(Number(new URL(`tcp://${config.TEMPORAL_ADDRESS}`).port));
  const uiPort = await freePort(Number(new URL(config.TEMPORAL_UI_URL).port));
  const logFile = join(STATE_DIR, 'logs', 'temporal.log');
  const start = () => startTemporal({ cli, env, port, uiPort, dbFile: join(STATE_DIR, 'temporal.db'), logFile });
  return {
    part: { name: 'Temporal', logFile, start },
    told: { TEMPORAL_ADDRESS: `127.0.0.1:${String(port)}`, TEMPORAL_UI_URL: `http://127.0.0.1:${String(uiPort)}` },
  };
}

/** Starts a part with a fresh log and says how long it took. */
export async function startWith<T>(part: Part, start: (part: Part) => Promise<T>): Promise<T> {
  startLog(part.logFile);
  return step(part.name, () => start(part));
}

async function mustAnswer(
  { hostname, port }: URL,
  { name, setting, port: usual }: { name: string; setting: string; port: number },
): Promise<void> {
  const at = Number(port || usual);
  if (await answers(hostname, at, 5_000)) return;
  throw new Trouble(
    `${name} does not answer at ${hostname}:${String(at)}: start it, or correct ${setting}, or leave ${setting} out to get one of our own.`,
  );
}
