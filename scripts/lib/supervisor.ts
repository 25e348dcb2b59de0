import { setTimeout as sleep } from 'node:timers/promises';
import type { Exit, Running } from './processes';
import type { Say } from './say';
import { EndedEarly, explain, Trouble } from './trouble';

export type Part = { name: string; logFile: string; start: () => Promise<Running> };
export type Supervised = { stop: () => Promise<void>; kill: () => void };
export type Supervision = {
  say: Say;
  /** Called once, when a part dies again and again. */
  giveUp: (trouble: Trouble) => void;
  /** Told after each start. */
  started?: (running: Running) => void;
  /** The first pause before a restart; it doubles with each death in a row, up to 16 times. */
  pauseMs?: number;
};

/** A part that lived this long and died is a new accident, not the same one again. */
const SETTLED_MS = 10_000;
const MAX_DEATHS = 5;

/**
 * Starts a part and starts it again whenever it dies unasked: nothing is lost by that, so nobody need be bothered beyond a line. A first start that ends early is
 * tried again too: Temporal answers a moment before it can do all that the worker asks as it comes up, and on a busy machine that moment is long (seen: one first
 * start in dozens failed so). Rejects when the first start fails in another way, or five times; after five deaths in a row calls `giveUp`.
 */
export async function supervise(part: Part, { say, giveUp, started, pauseMs = 500 }: Supervision): Promise<Supervised> {
  const state = { stopping: false, deaths: 0 };
  const wantsStop = () => state.stopping;
  /** Counts a death and waits. False: it shall not be started again. */
  const again = async (why: string): Promise<boolean> => {
    state.deaths += 1;
    if (wantsStop() || state.deaths >= MAX_DEATHS) return false;
    say(`${part.name} ended (${why}); it is started again.`);
    await sleep(pauseMs * 2 ** (state.deaths - 1), undefined, { ref: false });
    return !wantsStop();
  };
  /** Starts it until it stands. Throws the last failure, when the tries are over or another would not help. */
  const bringUp = async (mayHelp: (error: unknown) => boolean): Promise<Life> => {
    for (;;) {
      try {
        const running = await part.start();
        started?.(running);
        return { running, startedAt: Date.now() };
      } catch (error) {
        if (!mayHelp(error) || !(await again(firstLine(explain(error))))) throw error;
      }
    }
  };
  const life = await bringUp((error) => error instanceof EndedEarly);
  const watch = async () => {
    while (!wantsStop()) {
      const exit = await life.running.exited;
      if (wantsStop()) return;
      if (Date.now() - life.startedAt > SETTLED_MS) state.deaths = 0;
      const why = (await again(describe(exit))) ? await revive() : describe(exit);
      if (why === null) continue;
      if (!wantsStop()) giveUp(new Trouble(`${part.name} ended ${String(MAX_DEATHS)} times in a row (${why}): ${part.logFile} says why.`));
      return;
    }
  };
  /** Null: it stands again; else why not. */
  const revive = async (): Promise<string | null> => {
    try {
      Object.assign(life, await bringUp(() => true));
      if (wantsStop()) await life.running.stop();
      return null;
    } catch (error) {
      return firstLine(explain(error));
    }
  };

  const watching = watch();
  return {
    stop: async () => {
      state.stopping = true;
      await life.running.stop();
      await Promise.race([watching, sleep(100, undefined, { ref: false })]);
    },
    kill: () => {
      state.stopping = true;
      life.running.kill();
    },
  };
}

type Life = { running: Running; startedAt: number };

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

const describe = ({ code, signal }: Exit): string => (signal ? `by ${signal}` : `with code ${String(code)}`);
