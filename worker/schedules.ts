import type { Client } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { CORE_QUEUE } from '../workflows/contracts/doorbell';
import { SCHEDULES } from '../workflows/contracts/schedules';

/** Creates the few fixed schedules, or brings them to this release's form. Overlap: skipped, since each tick takes all that is due. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const { kind, scheduleId, everyMinutes } of SCHEDULES) {
    const spec = { intervals: [{ every: `${everyMinutes}m` as const }] };
    const action = { type: 'startWorkflow' as const, workflowType: kind, taskQueue: CORE_QUEUE, workflowId: scheduleId, args: [] };
    const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' as const };
    try {
      await client.schedule.create({ scheduleId, spec, action, policies });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(scheduleId).update((now) => ({ ...now, spec, action, policies }));
    }
  }
}
