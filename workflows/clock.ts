import { allHandlersFinished, condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Plan, PlanInput, ProcessInput, SendInput } from './contracts/doorbell';
import { changed } from './contracts/doorbell';

type Steps = {
  plan: (input: PlanInput) => Promise<Plan>;
  act: (queue: NonNullable<Plan['next']>['queue'], input: SendInput) => Promise<unknown>;
};

/** A run that continues another carries the newest version rung, so that no ring falls between the two. */
export type ClockInput = ProcessInput & { latest?: number };

/**
 * The Clock shape: plan from fresh facts, wait until the next instant or a ring, act, plan again. It never ends without a last look at the rings:
 * without it 30 of 40 workflows lost their last change (temporal.md 3). Every ring makes it look once more, one of an old version too: after the database
 * was restored to an earlier moment, the facts count their versions anew.
 */
export async function runClock({ businessId, id, latest = 0 }: ClockInput, { plan, act }: Steps): Promise<void> {
  const state = { latest, rings: 0 };
  setHandler(changed, (version) => {
    state.latest = Math.max(state.latest, version);
    state.rings += 1;
  });

  for (;;) {
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<(input: ClockInput) => Promise<void>>({ businessId, id, latest: state.latest });
    }
    const seen = state.rings;
    const { next } = await plan({ businessId, id, atLeast: state.latest, now: now() });
    const rung = (): boolean => state.rings > seen;
    if (rung()) continue; // the last look: a ring may have come while it planned
    if (!next) {
      setCurrentDetails('nothing left to do');
      return;
    }
    const summary = `${next.what}, ${next.wakeAt}${next.why === undefined ? '' : ` (${next.why})`}`;
    setCurrentDetails(`next: ${summary}`);
    const waitMs = Date.parse(next.wakeAt) - Date.now();
    if (waitMs > 0 && (await condition(rung, waitMs, { summary }))) continue;
    if (next.looksOnly === true) continue;
    await act(next.queue, { businessId, messageId: next.messageId, now: now() });
  }
}

const now = (): string => new Date().toISOString();
