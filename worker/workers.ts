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
};

/** How many vendor calls run at once: what one sender may take in a second, with room for slow answers. */
const SENDS_AT_ONCE = 20;

/** One worker for decisions and our own facts, one for each vendor queue, so that a slow vendor holds up nothing else. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, activities, workflows, log, tracing, deployment = null } = options;
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
      maxCachedWorkflows: 800,
      maxConcurrentWorkflowTaskExecutions: 30,
      stickyQueueScheduleToStartTimeout: '2s',
    }),
    ...(['sms', 'whatsapp', 'email'] as const satisfies readonly SendQueue[]).map((taskQueue) =>
      Worker.create({ ...shared, taskQueue, maxConcurrentActivityTaskExecutions: SENDS_AT_ONCE }),
    ),
  ]);
}
