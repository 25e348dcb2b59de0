import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as newId } from 'uuid';
import { book } from '../api/booking';
import { readConfig } from '../config';
import { createHasher } from '../db/hashing';
import { withBusiness } from '../db/tenancy';
import { DAY_MS, HOUR_MS, plusMs } from '../domain/time';
import { createPool } from '../db/knex';
import { machineEnvironment, ROOT } from '../scripts/lib/environment';
import { ALLOCATOR, NODE_ARGS } from '../scripts/lib/ours';
import { freePort } from '../scripts/lib/ports';
import { launch, type Running } from '../scripts/lib/processes';
import { aSalon } from '../test/support/salon';
import type { Report } from './measure';
import { fixed } from './measure';
import type { Bench } from './setup';
import { startBench } from './setup';
import { startCluster, type Cluster } from './temporal-cluster';

const APPOINTMENTS = 5_000;
/** A number sends one text a second (providers.md): many, so that the confirmations are through in half a minute. */
const SALONS = 200;
const MB = 1_024 * 1_024;

/** Memory of each process at rest and after 5,000 appointments, bytes per pending appointment in both databases, size of the workflow bundle. */
export async function footprint(): Promise<Report> {
  const bench = await startBench({ connections: 16 });
  const opened = [bench.close];
  try {
    const cluster = await startCluster({ postgresPort: Number(new URL(bench.postgres.url).port), folder: bench.folder });
    opened.unshift(cluster.stop);
    const parts = await startParts(bench, cluster);
    opened.unshift(async () => {
      await Promise.all([parts.api.stop(), parts.worker.stop(), parts.sandbox.stop()]);
    });
    await until(async () => (await healthy(parts.apiPort)) && (await healthy(parts.workerPort)));
    const rest = memory({ bench, cluster, parts });
    const before = await sizes(bench);
    await bookMany(bench);
    await until(async () => (await countOpen(bench)) >= APPOINTMENTS && (await countDue(bench)) === 0);
    const after = memory({ bench, cluster, parts });
    await bench.owner.raw('vacuum analyze');
    const grown = await sizes(bench);
    const each = (name: keyof Sizes): string => fixed((grown[name] - before[name]) / APPOINTMENTS, 0);
    return {
      title: 'Memory and bytes',
      method: `${String(APPOINTMENTS)} appointments with a confirmation each; api and worker as processes of their own; Temporal's production server on the same PostgreSQL. Memory is PSS from /proc; bytes after VACUUM, per pending appointment, indexes included.`,
      rows: [
        ['', 'api MB', 'worker MB', 'Temporal MB', 'PostgreSQL MB'],
        ['at rest', ...rest.map((bytes) => fixed(bytes / MB, 0))],
        [`after ${String(APPOINTMENTS)} appointments`, ...after.map((bytes) => fixed(bytes / MB, 0))],
        ['bytes per pending appointment', `Usher ${each('usher')}`, `Temporal ${each('temporal')}`, `visibility ${each('visibility')}`, ''],
        [
          'workflow bundle',
          `${fixed(bundle().bytes / MB, 2)} MB`,
          bundle().foreign.length === 0 ? 'no zod, no luxon' : `contains ${bundle().foreign.join(', ')}`,
          '',
          '',
        ],
      ],
    };
  } finally {
    for (const close of opened) await close();
  }
}

type Parts = { api: Running; worker: Running; sandbox: Running; apiPort: number; workerPort: number };

async function startParts(bench: Bench, cluster: Cluster): Promise<Parts> {
  const [apiPort, workerPort, sandboxPort] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...machineEnvironment(),
    DATABASE_URL: bench.postgres.url,
    TEMPORAL_ADDRESS: cluster.address,
    API_PORT: String(apiPort),
    WORKER_PORT: String(workerPort),
    SANDBOX_PORT: String(sandboxPort),
    PUBLIC_URL: `http://127.0.0.1:${String(apiPort)}`,
    SANDBOX_DIR: join(bench.folder, 'sandbox'),
    LOG_LEVEL: 'warn',
    ...ALLOCATOR,
  };
  const start = (name: keyof typeof NODE_ARGS): Promise<Running> =>
    launch({
      name,
      command: process.execPath,
      args: [...NODE_ARGS[name], join(ROOT, 'dist', name, 'main.js')],
      logFile: join(bench.folder, `${name}.log`),
      env,
    });
  const sandbox = await start('sandbox');
  const [api, worker] = [await start('api'), await start('worker')];
  return { api, worker, sandbox, apiPort, workerPort };
}

const healthy = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${String(port)}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** PSS of a process and of those it started, in bytes. */
function pss(pid: number): number {
  const file = `/proc/${String(pid)}/smaps_rollup`;
  if (!existsSync(file)) return 0;
  const own = Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) * 1_024;
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return own + children.reduce((sum, child) => sum + pss(child), 0);
}

const memory = ({ bench, cluster, parts }: { bench: Bench; cluster: Cluster; parts: Parts }): number[] =>
  [parts.api.pid, parts.worker.pid, cluster.pid, bench.postgres.pid].map(pss);

type Sizes = { usher: number; temporal: number; visibility: number };

async function sizes({ owner }: Bench): Promise<Sizes> {
  const size = async (database: string): Promise<number> => {
    const { rows } = await owner.raw<{ rows: { bytes: number }[] }>('select pg_database_size(?) as bytes', [database]);
    return rows[0]?.bytes ?? 0;
  };
  return { usher: await size('usher'), temporal: await size('temporal'), visibility: await size('temporal_visibility') };
}

async function bookMany(bench: Bench): Promise<void> {
  const pool = createPool(bench.postgres.url, { role: 'app', rolePassword: readConfig({}).databaseRolePassword, max: 8 });
  const db = { pool, wakeRelay: () => undefined };
  const now = new Date().toISOString();
  const hash = createHasher(readConfig({}).APP_SECRET);
  for (let salonNumber = 0; salonNumber < SALONS; salonNumber += 1) {
    const salon = await aSalon(db, { appSecret: readConfig({}).APP_SECRET });
    const first = `${plusMs(now, 8 * DAY_MS).slice(0, 10)}T15:00:00.000Z`;
    const starts = Array.from({ length: APPOINTMENTS / SALONS }, (_, i) => plusMs(first, Math.floor(i / 8) * DAY_MS + (i % 8) * HOUR_MS));
    const who = {
      contactId: salon.contactId,
      serviceId: salon.serviceId,
      staffId: null,
      source: 'api',
      externalRef: null,
      note: null,
      by: 'contact' as const, // their own booking is confirmed at once, at night too (R20)
    };
    for (const startsAt of starts) await withBusiness(db, salon.id, (tx) => book(tx, { id: newId(), startsAt, ...who, now }, { hash }));
  }
  await pool.destroy();
}

async function countOpen({ owner }: Bench): Promise<number> {
  const { rows } = await owner.raw<{ rows: { count: number }[] }>(
    'select count(*)::int as count from processes where planned_version >= version and next_at is not null',
  );
  return rows[0]?.count ?? 0;
}

async function countDue({ owner }: Bench): Promise<number> {
  const { rows } = await owner.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from messages where status in ('planned', 'sending') and send_at <= now()`,
  );
  return rows[0]?.count ?? 0;
}

function bundle(): { bytes: number; foreign: string[] } {
  const file = join(ROOT, 'dist', 'workflow-bundle.js');
  const code = readFileSync(file, 'utf8');
  return { bytes: statSync(file).size, foreign: ['zod', 'luxon'].filter((name) => code.includes(`node_modules/${name}/`)) };
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15 * 60_000;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error('not reached within 15 minutes');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
