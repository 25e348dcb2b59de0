import type { Log } from '../db/log';
import { clockProblem } from './clock-problem';
import type { WatchedClock } from './watched-clock';

const EVERY_MS = 1_000;
/** After a tick that failed: a person who pushes meanwhile should not wait for one that will fail as well. */
const REST_MS = 30_000;

export type TickerOptions = { clock: WatchedClock; businesses: () => Promise<string[]>; log: Log; everyMs?: number };
export type Ticker = { stop: () => Promise<void> };

/** Lets time that was pushed run on: what falls due in such a business fires within about a second. */
export function startTicker({ clock, businesses, log, everyMs = EVERY_MS }: TickerOptions): Ticker {
  const pushed = new Set<string>();
  const restUntil = new Map<string, number>();
  const state: { stopping: boolean; known: boolean; wake: () => void } = { stopping: false, known: false, wake: () => undefined };

  /** Once after a start: pushes of an earlier run are in the database. */
  const findPushed = async (): Promise<void> => {
    for (const businessId of await businesses()) if ((await clock.read(businessId)).offsetMs > 0) pushed.add(businessId);
    state.known = true;
  };

  const tick = async (businessId: string): Promise<void> => {
    if ((restUntil.get(businessId) ?? 0) > Date.now()) return;
    try {
      await clock.tick([businessId]);
    } catch (error) {
      restUntil.set(businessId, Date.now() + REST_MS);
      log.warn({ businessId, code: clockProblem(error).code }, 'a business whose time was pushed stands still');
    }
  };

  const run = async (): Promise<void> => {
    while (!state.stopping) {
      if (!state.known)
        await findPushed().catch((error: unknown) => log.warn({ code: clockProblem(error).code }, 'pushed times are not known yet'));
      for (const businessId of clock.pushed()) pushed.add(businessId);
      await Promise.all([...pushed].map(tick));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        state.wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (state.stopping) state.wake();
      });
    }
  };

  const running = run();
  return {
    stop: async () => {
      state.stopping = true;
      state.wake();
      await running;
    },
  };
}
