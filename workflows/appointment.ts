import type { ClockInput } from './clock';
import { runClock } from './clock';
import { localFirst, sendBy } from './options';

const plan = localFirst('planAppointment');

/** One visit, from its booking to its last follow-up (A3). Moves, confirmations and cancellations only ring it: it plans again from the facts. */
export async function appointment(input: ClockInput): Promise<void> {
  await runClock(input, { plan, act: sendBy });
}
