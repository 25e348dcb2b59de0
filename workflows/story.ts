import { allHandlersFinished, condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PlanInput, ProcessInput } from './contracts/doorbell';
import { changed } from './contracts/doorbell';

/** A run that continues another carries the newest version rung, so that no ring falls between the two. */
export type StoryInput = ProcessInput & { latest?: number };

/** What every story has: its rings, its clock, and where it stands. */
export type Story = {
  /** What a step that looks at the facts is asked with. */
  look: () => PlanInput;
  /** The last look: a ring may have come while a step looked, and then its answer is old. Every ring counts, one of an old version too (see clock.ts). */
  rangSince: () => boolean;
  /** Waits until an instant of the workflow's own clock, or for a ring that the last look has not seen. `what` is shown in Temporal's UI. */
  wait: (wakeAt: string, what: string) => Promise<void>;
  /** Between two steps: goes on in a new run when the history has grown long. */
  turnPage: () => Promise<void>;
};

/**
 * The Story shape (architecture.md, Time): a process that reads like the product's sentence, in plain workflow code. Its activities each answer one question
 * from fresh facts and write down what they decide, so that a run can start at any time from its two ids and finds the place.
 */
export function openStory({ businessId, id, latest = 0 }: StoryInput): Story {
  const state = { latest, rings: 0, seen: 0 };
  setHandler(changed, (version) => {
    state.latest = Math.max(state.latest, version);
    state.rings += 1;
  });
  const rangSince = (): boolean => state.rings > state.seen;
  return {
    look: () => {
      state.seen = state.rings;
      return { businessId, id, atLeast: state.latest, now: new Date().toISOString() };
    },
    rangSince,
    wait: async (wakeAt, what) => {
      const summary = `waits for ${what}`;
      setCurrentDetails(summary);
      const waitMs = Date.parse(wakeAt) - Date.now();
      if (waitMs > 0) await condition(rangSince, waitMs, { summary });
    },
    turnPage: async () => {
      if (!workflowInfo().continueAsNewSuggested) return;
      await condition(allHandlersFinished);
      await continueAsNew<(input: StoryInput) => Promise<void>>({ businessId, id, latest: state.latest });
    },
  };
}
