import { setTimeout as sleep } from 'node:timers/promises';
import type { Exit, Running } from './processes';
import type { Say } from './say';
import { explain, Trouble } from './trouble';

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
 * Starts a part and starts it again whenever it dies unasked: nothing is lost by that, so nobody need be bothered beyond a line.
 * Rejects when the first start fails; after five deaths in a row calls `giveUp`.
 */
export async function supervise(part: Part, { say, giveUp, started, pauseMs = 500 }: Supervision): Promise<Supervised> {
  const state = { running: await part.start(), startedAt: Date.now(), stopping: false, deaths: 0 };

  started?.(state.running);

  const watch = async () => {
    for (;;) {
      const exit = await state.running.exited;
      if (wantsStop()) return;
      if (Date.now() - state.startedAt > SETTLED_MS) state.deaths = 0;
      if (!(await revive(describe(exit)))) return;
    }
  };
  /** False when the part is given up or stopped meanwhile. */
  const revive = async (why: string): Promise<boolean> => {
    for (let reason = why; !wantsStop();) {
      state.deaths += 1;
      if (state.deaths >= MAX_DEATHS) {
        giveUp(new Trouble(`${part.name} ended ${String(MAX_DEATHS)} times in a row (${reason}): ${part.logFile} says why.`));
        return false;
      }
      say(`${part.name} ended (${reason}); it is started again.`);
      await sleep(pauseMs * 2 ** (state.deaths - 1), undefined, { ref: false });
      if (wantsStop()) return false;
      try {
        state.running = await part.start();
        state.startedAt = Date.now();
        started?.(state.running);
        if (wantsStop()) await state.running.stop();
        return true;
      } catch (error) {
        reason = explain(error);
      }
    }
    return false;
  };
  const wantsStop = () => state.stopping;

  const watching = watch();
  return {
    stop: async () => {
      state.stopping = true;
      await state.running.stop();
      await Promise.race([watching, sleep(100, undefined, { ref: false })]);
    },
    kill: () => {
      state.stopping = true;
      state.running.kill();
    },
  };
}

const describe = ({ code, signal }: Exit): string => (signal ? `by ${signal}` : `with code ${String(code)}`);
