import type { Client } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { CORE_QUEUE } from '../workflows/contracts/doorbell';
import { SCHEDULES } from '../workflows/contracts/schedules';

/** Creates the few fixed schedules, or brings them to this release's form. Overlap: skipped, since each tick takes all that is due. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const schedule of SCHEDULES) {
    const { scheduleId, ...form } = formOf(schedule);
    if (!(await create(client, schedule))) await client.schedule.getHandle(scheduleId).update((now) => ({ ...now, ...form }));
  }
}

/** Creates those that are not there. Cheap enough for every minute, and safe to repeat. */
export async function createMissingSchedules(client: Client): Promise<void> {
  for (const schedule of SCHEDULES) await create(client, schedule);
}

async function create(client: Client, schedule: Schedule): Promise<boolean> {
  try {
    await client.schedule.create(formOf(schedule));
    return true;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    return false;
  }
}

type Schedule = (typeof SCHEDULES)[number];

const formOf = ({ kind, scheduleId, everyMinutes }: Schedule) => ({
  scheduleId,
  spec: { intervals: [{ every: `${everyMinutes}m` as const }] },
  action: { type: 'startWorkflow' as const, workflowType: kind, taskQueue: CORE_QUEUE, workflowId: scheduleId, args: [] },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' as const },
});
