import type { ClockProblem } from './clock-problem';
import { clockProblem } from './clock-problem';
import type { Push, SandboxClock } from './clock';
import type { Fired } from './clock-steps';

/** What became of the last push of a business's time. `since`: system time in ms. */
export type PushState =
  | { state: 'still' }
  | { state: 'running'; since: number }
  | { state: 'done'; since: number; fired: Fired[] }
  | { state: 'failed'; problem: ClockProblem };

export type WatchedClock = SandboxClock & {
  stateOf: (businessId: string) => PushState;
  /** Businesses whose time was pushed by this process. */
  pushed: () => string[];
  /** Calls the listener whenever a push begins or ends; the returned function ends it. */
  listen: (listener: () => void) => () => void;
};

/** A clock that remembers how its pushes went, for those who did not wait for the answer. */
export function watchClock(clock: SandboxClock): WatchedClock {
  const states = new Map<string, PushState>();
  const listeners = new Set<() => void>();
  const note = (businessId: string, state: PushState): void => {
    states.set(businessId, state);
    for (const listener of listeners) listener();
  };

  const push = async (businessId: string, wanted: Push): ReturnType<SandboxClock['push']> => {
    note(businessId, { state: 'running', since: Date.now() });
    try {
      const answer = await clock.push(businessId, wanted);
      note(businessId, { state: 'done', since: Date.now(), fired: answer.fired });
      return answer;
    } catch (error) {
      note(businessId, { state: 'failed', problem: clockProblem(error) });
      throw error;
    }
  };

  return {
    ...clock,
    push,
    stateOf: (businessId) => states.get(businessId) ?? { state: 'still' },
    pushed: () => [...states.keys()],
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
