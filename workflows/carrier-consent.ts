import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { ClockInput } from './clock';
import { runClock } from './clock';
import { localFirst, SEND } from './options';

const plan = localFirst('planCarrierConsent');
const { tellCarrier } = proxyActivities<Activities>(SEND('sms'));

/** One opt-out, or return, in a person's own words, until the carrier's vendor knows it. */
export async function carrierConsent(input: ClockInput): Promise<void> {
  await runClock(input, { plan, act: (_queue, text) => tellCarrier(text) });
}
