import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { v7 as newId } from 'uuid';
import { book } from '../api/booking';
import { readConfig } from '../config';
import { createHasher } from '../db/hashing';
import { withBusiness } from '../db/tenancy';
import { DAY_MS } from '../domain/time';
import { startWorld, type World } from '../test/support/world';
import type { OpenDatabase } from '../test/support/database';
import type { Salon } from '../test/support/salon';
import type { Report } from './measure';
import { fixed, interleaved, ratios, spread } from './measure';
import { startBench, type Bench } from './setup';
import { startCluster } from './temporal-cluster';

const APPOINTMENTS = 200;
const HASH = createHasher(readConfig({}).APP_SECRET);
const AT_ONCE = 16;
const ROUNDS = 4;

/** Appointments per second from the booking to the confirmation at the vendor and the next reminder planned, against a bare workflow on the same server (B2). */
export async function throughput(): Promise<Report> {
  const bench = await startBench();
  const opened = [bench.close];
  try {
    const cluster = await startCluster({ postgresPort: Number(new URL(bench.postgres.url).port), folder: bench.folder });
    opened.unshift(cluster.stop);
    const world = await startWorld({ servers: { database: openDatabaseOf(bench), temporalAddress: cluster.address } });
    opened.unshift(world.close);
    const bare = await startBare(cluster.address);
    opened.unshift(bare.close);
    const values = await interleaved(
      [
        { name: 'usher', run: () => usherRound(world) },
        { name: 'bare', run: bare.round },
        { name: 'control', run: bare.round },
      ],
      ROUNDS,
    );
    const rate = (name: string): string => fixed(spread(values.get(name) ?? []).median);
    const shown = (pair: [string, string]): string => {
      const { min, median, max } = ratios(values, pair);
      return `${fixed(min, 2)} / ${fixed(median, 2)} / ${fixed(max, 2)}`;
    };
    return {
      title: 'Appointments per second, through the whole of it (B2)',
      method: `${String(APPOINTMENTS)} bookings a round, each of another business, ${String(AT_ONCE)} at a time, ${String(ROUNDS)} interleaved rounds after a warm-up. Usher: booking transaction, doorbell, relay, workflow, plan, gate, ledger, Twilio's SDK to the stand-in, plan again; done when the next reminder is planned. Bare: signalWithStart of a workflow with the same local and normal activities that do nothing. Temporal's production server on the same PostgreSQL, fsync on; generator, worker, api and stand-in share one process.`,
      rows: [
        ['Usher, appointments/s', 'bare, workflows/s', 'Usher : bare, min / median / max', 'control bare : bare'],
        [rate('usher'), rate('bare'), shown(['usher', 'bare']), shown(['control', 'bare'])],
      ],
      notes: [
        "The loss, by the CPU of each process on a busy machine: of some 270 core-ms for an appointment against 125 for a bare workflow, 80 more are Node's (the booking, some 50 statements, Twilio's SDK, the stand-in and its callbacks), 32 PostgreSQL's for our own tables, 35 Temporal's: a message goes by the queue of its channel, so the SDK cannot hand it over with the workflow's task as it does for the bare one, and lists are filtered by business.",
      ],
    };
  } finally {
    for (const close of opened) await close();
  }
}

/** The benchmark's database as the engine's harness takes one; the benchmark closes it. */
const openDatabaseOf = (bench: Bench): OpenDatabase => ({
  url: bench.postgres.url,
  db: bench.db,
  wakes: () => 0,
  poolOf: (role, max) => (role === 'owner' ? bench.owner : bench.poolOf(role, max)),
  close: () => Promise.resolve(),
});

async function usherRound(world: World): Promise<number> {
  // One business for each: a number sends one text a second (providers.md), and that is not what is measured here.
  const salons: Salon[] = [];
  for (let i = 0; i < APPOINTMENTS; i += 1) salons.push(await world.aSalon({ now: '2027-03-01T15:00:00.000Z' }));
  const from = Date.now();
  await inLanes(
    salons.map(({ id }) => id),
    (_, i) => bookOne(world, salons[i] as Salon, { id: newId(), startsAt: '2027-03-10T15:00:00.000Z' }),
  );
  while ((await countPlanned(world, salons)) < APPOINTMENTS) await new Promise((resolve) => setTimeout(resolve, 20));
  return (APPOINTMENTS * 1_000) / (Date.now() - from);
}

function bookOne({ db }: World, salon: Salon, { id, startsAt }: { id: string; startsAt: string }): Promise<unknown> {
  const who = {
    contactId: salon.contactId,
    serviceId: salon.serviceId,
    staffId: null,
    source: 'api',
    externalRef: null,
    note: null,
    by: 'api' as const,
  };
  return withBusiness(db, salon.id, (tx) => book(tx, { id, startsAt, ...who, now: '2027-03-01T15:00:00.000Z' }, { hash: HASH }));
}

/** Visits whose confirmation is at the vendor and whose next reminder is known. */
async function countPlanned({ database }: World, salons: Salon[]): Promise<number> {
  const [row] = await database
    .poolOf('owner')('processes')
    .whereIn(
      'businessId',
      salons.map(({ id }) => id),
    )
    .whereNot({ nextWhat: 'confirmation' })
    .whereNotNull('nextAt')
    .count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

async function startBare(address: string): Promise<{ round: () => Promise<number>; close: () => Promise<void> }> {
  const [connection, native] = [await Connection.connect({ address }), await NativeConnection.connect({ address })];
  const client = new Client({ connection });
  const done = { count: 0 };
  const nothing = (): Promise<void> => {
    done.count += 1;
    return Promise.resolve();
  };
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(__dirname, 'bare', 'workflows.js') });
  const worker = await Worker.create({
    connection: native,
    taskQueue: 'bare',
    workflowBundle,
    activities: { nothing },
    maxCachedWorkflows: 800,
    maxConcurrentWorkflowTaskExecutions: 30,
  });
  const running = worker.run();
  const round = async (): Promise<number> => {
    done.count = 0;
    const from = Date.now();
    await inLanes(
      Array.from({ length: APPOINTMENTS }, () => newId()),
      async (id) => {
        await client.workflow.signalWithStart('bare', {
          workflowId: `bare/${id}`,
          taskQueue: 'bare',
          args: [{ waitMs: 7 * DAY_MS }],
          signal: 'changed',
          signalArgs: [1],
        });
      },
    );
    while (done.count < 3 * APPOINTMENTS) await new Promise((resolve) => setTimeout(resolve, 20));
    return (APPOINTMENTS * 1_000) / (Date.now() - from);
  };
  const close = async (): Promise<void> => {
    worker.shutdown();
    await running;
    await Promise.all([connection.close(), native.close()]);
  };
  return { round, close };
}

async function inLanes(ids: string[], work: (id: string, index: number) => Promise<unknown>): Promise<void> {
  const queue = ids.map((id, index) => ({ id, index }));
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await work(next.id, next.index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
