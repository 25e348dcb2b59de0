import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { ClockInput } from './clock';
import { runClock } from './clock';
import { localFirst, SEND } from './options';

const plan = localFirst('planAppointment');
const bySms = proxyActivities<Activities>(SEND('sms'));
const byEmail = proxyActivities<Activities>(SEND('email'));

/** One visit, from its booking to its last follow-up (A3). Moves, confirmations and cancellations only ring it: it plans again from the facts. */
export async function appointment(input: ClockInput): Promise<void> {
  await runClock(input, { plan, act: (queue, message) => (queue === 'sms' ? bySms : byEmail).sendMessage(message) });
}
