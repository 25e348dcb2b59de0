import type { ClockInput } from './clock';
import { runClock } from './clock';
import { localFirst, sendBy } from './options';

const plan = localFirst('planDelivery');

/** One message that belongs to no visit: an answer to a text, a day's schedule. Waits for quiet hours like any other. */
export async function messageDelivery(input: ClockInput): Promise<void> {
  await runClock(input, { plan, act: sendBy });
}
