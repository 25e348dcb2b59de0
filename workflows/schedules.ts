import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { DailiesInput } from './contracts/schedules';
import { SWEEP } from './options';

const { sendDailySchedules, startWinbacks, sweep: sweepOnce } = proxyActivities<Activities>(SWEEP);

/** Every 15 minutes: what each business does once a day at a local hour, if it is due and not done (A5, C4). One that fails does not keep the other from its turn. */
export async function localDailies(whose: DailiesInput = {}): Promise<void> {
  const done = await Promise.allSettled([sendDailySchedules(whose), startWinbacks(whose)]);
  const failed = done.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Every minute: expired holds, processes that missed their instant, what has served its time. Webhooks not yet handled are the api's own sweep. */
export async function sweep(): Promise<void> {
  await sweepOnce();
}
