import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Worker } from '@temporalio/worker';
import type { Activities } from '../activities';
import { listenForRings } from '../db/listener';
import type { Log } from '../db/log';
import type { Pool } from '../db/tenancy';
import type { Tracing } from '../providers/opentelemetry/port';
import type { Relay } from './relay';
import { startRelay } from './relay';
import { errorCode } from '../domain/error-code';
import { createMissingSchedules, ensureSchedules } from './schedules';
import { ensureSearchAttributes } from './search-attributes';
import { carryTrace } from './tracing';
import { createWorkers } from './workers';

export type RunOptions = {
  temporal: { address: string; namespace: string; apiKey?: string | undefined };
  /** The relay's own role. */
  relayPool: Pool;
  relayUrl: string;
  activities: Activities;
  workflows: { codePath: string };
  log: Log;
  tracing: Tracing;
  deployment?: { deploymentName: string; buildId: string } | null;
  cachedWorkflows?: number;
};

export type Running = { relay: Relay; client: Client; failed: Promise<Error>; cached: () => number; stop: () => Promise<void> };

/** Connects to Temporal, registers what it needs there and runs relay, schedules and workers until stopped. */
export async function runWorker(options: RunOptions): Promise<Running> {
  const { temporal, relayPool, relayUrl, activities, workflows, log, tracing, deployment = null, cachedWorkflows } = options;
  const target = { address: temporal.address, ...(temporal.apiKey !== undefined && { apiKey: temporal.apiKey, tls: true }) };
  const [connection, nativeConnection] = await Promise.all([Connection.connect(target), NativeConnection.connect(target)]);
  const client = new Client({ connection, namespace: temporal.namespace, interceptors: { workflow: [carryTrace(tracing)] } });
  await ensureSearchAttributes(connection, temporal.namespace);
  await ensureSchedules(client);
  const upkeep = setInterval(() => void upkeepOf({ connection, client, namespace: temporal.namespace, log }), UPKEEP_MS);

  const workers = await createWorkers({
    connection: nativeConnection,
    namespace: temporal.namespace,
    activities,
    workflows,
    log,
    tracing,
    deployment,
    ...(cachedWorkflows !== undefined && { cachedWorkflows }),
  });
  const runs = workers.map((worker) => worker.run());
  const relay = startRelay({ pool: relayPool, client, log, tracing });
  const listener = listenForRings(relayUrl, relay.wake);

  const failed = Promise.all(runs).then(
    () => new Promise<never>(() => undefined),
    (error: unknown) => (error instanceof Error ? error : new Error('a worker failed')),
  );
  // The relay first, so that nothing new is rung into workers that drain.
  const stop = async (): Promise<void> => {
    clearInterval(upkeep);
    await Promise.all([listener.stop(), relay.stop()]);
    for (const worker of workers) shutdown(worker);
    await Promise.allSettled(runs);
    await Promise.all([connection.close(), nativeConnection.close()]);
  };
  return { relay, client, failed, cached: () => workers.reduce((sum, worker) => sum + worker.getStatus().numCachedWorkflows, 0), stop };
}

/** A Temporal that lost its data under us has neither: without them no process starts and no morning comes. */
const UPKEEP_MS = 60_000;

type Upkeep = { connection: Connection; client: Client; namespace: string; log: Log };

async function upkeepOf({ connection, client, namespace, log }: Upkeep): Promise<void> {
  try {
    await ensureSearchAttributes(connection, namespace);
    await createMissingSchedules(client);
  } catch (error) {
    log.warn({ code: errorCode(error) }, 'search attributes and schedules could not be looked at');
  }
}

function shutdown(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
