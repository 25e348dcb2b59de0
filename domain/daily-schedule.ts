import type { Instant } from './time';
import { localDate, localTime, plusDays, ruleInstant } from './time';

/** When staff get the day's visits (A5), local time of the business. */
const AT = '07:00';
/** A tick that comes later than this sends no schedule: the day has begun without it. */
const LATEST = '12:00';

/** The next 07:00 of the business after `now`, a time that is skipped by a clock change moved forward (R1). */
export function nextDailySchedule(now: Instant, zone: string): Instant {
  const today = localDate(now, zone);
  const at = ruleInstant({ date: today, time: AT }, zone);
  return at > now ? at : ruleInstant({ date: plusDays(today, 1), time: AT }, zone);
}

/** The local date whose schedule is due now, or null before 07:00 and after noon. */
export function dueDailySchedule(now: Instant, zone: string): string | null {
  const time = localTime(now, zone);
  return time >= AT && time < LATEST ? localDate(now, zone) : null;
}
