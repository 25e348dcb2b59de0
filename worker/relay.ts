import type { Client } from '@temporalio/client';
import type { ClaimedRing } from '../db/doorbell';
import { claimRings, releaseRing, settleRing } from '../db/doorbell';
import type { Log } from '../db/log';
import type { Pool } from '../db/tenancy';
import type { SpanAsked, Tracing } from '../providers/opentelemetry/port';
import type { ProcessKind } from '../workflows/contracts/doorbell';
import { changed, CORE_QUEUE, SUMMARY } from '../workflows/contracts/doorbell';
import { errorCode } from '../domain/error-code';
import { BUSINESS_ID } from './search-attributes';

export type RelayOptions = {
  /** The pool of the relay's own role: doorbells, nothing else. */
  pool: Pool;
  client: Client;
  log: Log;
  tracing: Tracing;
  /** 8-16 signalWithStart in flight saturate a small server (performance.md 2.3). */
  inFlight?: number;
  /** How long to rest when nothing waits; a notification ends the rest at once. */
  pollMs?: number;
};

export type Relay = { wake: () => void; stop: () => Promise<void>; rung: () => number };

/** Two rounds of twelve that both run into the deadline end within the lease of 15 s. */
const BATCH = 24;
const DEADLINE_MS = 5_000;

/**
 * Carries doorbells from PostgreSQL to Temporal until it is stopped: claim, ring, delete. Many may run. It never drops one: an error releases the doorbell for
 * a later try, and a relay that dies leaves a lease that ends by itself.
 */
export function startRelay({ pool, client, log, tracing, inFlight = 12, pollMs = 1_000 }: RelayOptions): Relay {
  const state = { stopping: false, rung: 0, woken: false, endRest: (): void => undefined };

  const ringOne = async (claimed: ClaimedRing): Promise<void> => {
    try {
      await tracing.span(spanOf(claimed), () => signal(client, claimed));
      await settleRing(pool, claimed);
      state.rung += 1;
    } catch (error) {
      const code = errorCode(error);
      log.warn({ workflowId: claimed.workflowId, attempts: claimed.attempts + 1, code }, 'a doorbell waits');
      await releaseRing(pool, claimed, code).catch((failed: unknown) => keptLease(log, failed));
    }
  };

  const pass = async (): Promise<number> => {
    const claimed = await claimRings(pool, BATCH);
    await eachOf(claimed, inFlight, ringOne);
    return claimed.length;
  };

  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      state.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const wake = (): void => {
    state.woken = true; // also while it looks: what was committed after that look is not left to the next poll
    state.endRest();
  };

  const mayRest = (): boolean => !state.stopping && !state.woken;
  const isStopping = (): boolean => state.stopping;
  const run = async (): Promise<void> => {
    while (!isStopping()) {
      state.woken = false;
      const found = await pass().catch((error: unknown) => {
        log.warn({ code: errorCode(error) }, 'the relay could not read its doorbells');
        return 0;
      });
      if (found === 0 && mayRest()) await rest();
    }
  };

  const running = run();
  return {
    wake,
    rung: () => state.rung,
    stop: async () => {
      state.stopping = true;
      wake();
      await running;
    },
  };
}

/** The lease ends by itself. */
const keptLease = (log: Log, failed: unknown): void => log.warn({ code: errorCode(failed) }, 'a doorbell keeps its lease');

/** The ring belongs to the trace of the newest change that it tells of. */
const spanOf = ({ workflowId, businessId, kind, traceparent, attempts }: ClaimedRing): SpanAsked => ({
  name: `ring ${kind}`,
  kind: 'producer',
  parent: traceparent,
  facts: { 'usher.workflow_id': workflowId, 'usher.business_id': businessId, 'usher.attempt': attempts + 1 },
});

/** Always signalWithStart: it starts what is closed, wakes what runs, and needs no worker to be alive. Twice or out of order does no harm. */
async function signal(client: Client, { workflowId, businessId, kind, version }: ClaimedRing): Promise<void> {
  await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflow.signalWithStart(kind, {
      workflowId,
      taskQueue: CORE_QUEUE,
      args: [{ businessId, id: workflowId.slice(workflowId.indexOf('/') + 1) }],
      signal: changed,
      signalArgs: [version],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowTaskTimeout: '5s',
      typedSearchAttributes: [{ key: BUSINESS_ID, value: businessId }],
      priority: { fairnessKey: businessId },
      staticSummary: SUMMARY[kind as ProcessKind],
    }),
  );
}

/** Works through the items, a fixed number at a time. */
async function eachOf<Item>(items: Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
