import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { SWEEP } from './options';

const { sendDailySchedules, sweep: sweepOnce } = proxyActivities<Activities>(SWEEP);

/** Every 15 minutes: what each business does once a day at a local hour, if it is due and not done (A5). */
export async function localDailies(): Promise<void> {
  await sendDailySchedules();
}

/** Every minute: expired holds, processes that missed their instant, what has served its time. Webhooks not yet handled are the api's own sweep. */
export async function sweep(): Promise<void> {
  await sweepOnce();
}
