import type { Logger } from 'pino';
import { traceOf } from './trace-of';

/** Work that an answer does not wait for. */
export type Behind = {
  /** Begins it now. A failure is logged under its name. */
  run: (name: string, work: () => Promise<void>) => void;
  /** When all that has begun is done: before the process ends. */
  settled: () => Promise<void>;
};

/** For what nobody may learn from how long an answer takes, or from whether it fails. */
export function createBehind(log: Logger): Behind {
  const running = new Set<Promise<void>>();
  return {
    run: (name, work) => {
      const done: Promise<void> = work()
        .catch((error: unknown) => log.error({ work: name, err: traceOf(error) }, 'work behind an answer failed'))
        .finally(() => running.delete(done));
      running.add(done);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
