import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/worker';
import type { Log } from '../db/log';

const WORDS = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<LogLevel, keyof Log>;

/** Sends what Temporal's SDK says to our log, from warnings on. Once per process, before the first connection. */
export function installRuntime(log: Log, level: LogLevel = 'WARN'): void {
  // Its fields may carry an activity's error with the vendor's text: only names and ids pass.
  const logger = new DefaultLogger(level, ({ level: at, message, meta }) => {
    const { taskQueue, workflowId, activityType, attempt } = (meta ?? {}) as Record<string, unknown>;
    log[WORDS[at]]({ taskQueue, workflowId, activityType, attempt }, message);
  });
  Runtime.install({ logger, shutdownSignals: [] });
}
