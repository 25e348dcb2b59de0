import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { ClockInput } from './clock';
import { runClock } from './clock';
import { localFirst, SEND } from './options';

const plan = localFirst('planDelivery');
const bySms = proxyActivities<Activities>(SEND('sms'));
const byEmail = proxyActivities<Activities>(SEND('email'));

/** One message that belongs to no visit: an answer to a text, a day's schedule. Waits for quiet hours like any other. */
export async function messageDelivery(input: ClockInput): Promise<void> {
  await runClock(input, { plan, act: (queue, message) => (queue === 'sms' ? bySms : byEmail).sendMessage(message) });
}
