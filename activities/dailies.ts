import { takeDailyRun } from '../db/daily-runs';
import type { ScheduleReader } from '../db/day-schedules';
import { findScheduleReaders } from '../db/day-schedules';
import { ring } from '../db/doorbell';
import { savePlanned } from '../db/messages';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { dueDailySchedule } from '../domain/daily-schedule';
import type { Instant } from '../domain/time';
import { HOUR_MS, plusDays, plusMs, ruleInstant } from '../domain/time';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { Deps } from './deps';
import { eachBusinessApart, type Whose } from './each-apart';

export type DailyDeps = Pick<Deps, 'db' | 'clock' | 'newId' | 'log'>;

/**
 * Plans the day's schedule for the staff of every business where it is 07:00 or later and it was not done today. Safe to run twice because daily_runs takes
 * each business's date once, in the transaction that writes the messages. A business that cannot have its own does not stand in the others' way: the rest are
 * done, then it throws `some_failed`, and the next attempt or tick takes those that failed.
 */
export async function sendDailySchedules(deps: DailyDeps, whose: Whose = {}): Promise<void> {
  await eachBusinessApart({ ...deps, ...whose }, (business) => planBusiness(deps, business));
}

async function planBusiness({ db, clock, newId }: DailyDeps, { id: businessId, zone }: { id: string; zone: string }): Promise<void> {
  const now = await clock.now(businessId);
  const date = dueDailySchedule(now, zone);
  if (date === null) return;
  await withBusiness(db, businessId, async (tx) => {
    if (!(await takeDailyRun(tx, { kind: 'staff_daily_schedule', localDate: date, now }))) return;
    for (const reader of await findScheduleReaders(tx, daySpan(date, zone)))
      await planSchedule(tx, { reader, date, zone, now, id: newId() });
  });
}

/** From midnight to midnight of a local date. */
export const daySpan = (date: string, zone: string): { from: Instant; to: Instant } => ({
  from: ruleInstant({ date, time: '00:00' }, zone),
  to: ruleInstant({ date: plusDays(date, 1), time: '00:00' }, zone),
});

type Schedule = { reader: ScheduleReader; date: string; zone: string; now: Instant; id: string };

async function planSchedule(tx: Tx, { reader, date, zone, now, id }: Schedule): Promise<void> {
  const message = {
    id,
    sendKey: `daily/${date}/staff_daily_schedule/${reader.id}`,
    appointmentId: null,
    contactId: null,
    staffId: reader.id,
    rule: 'staff_daily_schedule' as const,
    messageClass: 'staff' as const,
    channel: reader.email === null ? ('sms' as const) : ('email' as const),
    scheduleVersion: null,
    facts: { date, zone, scope: reader.readsAll ? 'all' : 'own' },
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    notAfter: plusMs(now, 5 * HOUR_MS),
  };
  await savePlanned(tx, [message], now);
  await ring(tx, { ...messageDeliveryProcess(id), version: 1, now });
}
