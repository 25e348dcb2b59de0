import type { NativeConnection } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../activities';
import type { Log } from '../db/log';
import type { Tracing } from '../providers/opentelemetry/port';
import type { SendQueue } from '../workflows/contracts/doorbell';
import { CORE_QUEUE } from '../workflows/contracts/doorbell';
import { redactErrors } from './interceptors';
import { traceActivities } from './tracing';

export type WorkersOptions = {
  connection: NativeConnection;
  namespace: string;
  activities: Activities;
  /** The prebuilt bundle (scripts/lib/build.mjs). */
  workflows: { codePath: string };
  log: Log;
  tracing: Tracing;
  /** Set in production: new code takes over open workflows version by version (AUTO_UPGRADE). */
  deployment?: { deploymentName: string; buildId: string } | null;
  /** How many processes stay in memory between their steps; the others are played back from their histories. */
  cachedWorkflows?: number;
};

/** How many vendor calls run at once: what one sender may take in a second, with room for slow answers. */
const SENDS_AT_ONCE = 20;

/** Some 70 KB each. An appointment wakes a few times in weeks, so it is mostly played back anyway: 11 ms. */
const CACHED_WORKFLOWS = 500;

/**
 * How many plans run at once: as many as there are connections for them. A hundred, the SDK's own number, would wait for ten connections until their 5 s are
 * over and then be tried again: a worker that is behind would fall further behind by it.
 */
const PLANS_AT_ONCE = 8;

/** One worker for decisions and our own facts, one for each vendor queue, so that a slow vendor holds up nothing else. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, activities, workflows, log, tracing, deployment = null, cachedWorkflows = CACHED_WORKFLOWS } = options;
  const shared = {
    connection,
    namespace,
    activities,
    interceptors: { activity: [traceActivities(tracing), redactErrors(log)] },
    shutdownGraceTime: '20s' as const,
    ...(deployment && {
      workerDeploymentOptions: {
        version: deployment,
        useWorkerVersioning: true as const,
        defaultVersioningBehavior: 'AUTO_UPGRADE' as const,
      },
    }),
  };
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: CORE_QUEUE,
      workflowBundle: workflows,
      // performance.md and temporal.md 6: one thread with a shared context, small cache, quick recovery after a killed worker.
      maxCachedWorkflows: cachedWorkflows,
      maxConcurrentWorkflowTaskExecutions: 30,
      maxConcurrentLocalActivityExecutions: PLANS_AT_ONCE,
      maxConcurrentActivityTaskExecutions: PLANS_AT_ONCE,
      stickyQueueScheduleToStartTimeout: '2s',
    }),
    ...(['sms', 'whatsapp', 'email'] as const satisfies readonly SendQueue[]).map((taskQueue) =>
      Worker.create({ ...shared, taskQueue, maxConcurrentActivityTaskExecutions: SENDS_AT_ONCE }),
    ),
  ]);
}
