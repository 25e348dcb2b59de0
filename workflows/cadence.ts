import type { ClockInput } from './clock';
import { runClock } from './clock';
import { localFirst, sendBy } from './options';

const plan = localFirst('planCadence');

/** One person in one cadence (R52), from its start to its last step. Replies, bookings, opt-outs and edits only ring it: it plans again from the facts. */
export async function cadence(input: ClockInput): Promise<void> {
  await runClock(input, { plan, act: sendBy });
}
