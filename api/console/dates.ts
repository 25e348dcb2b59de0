import { plusDays, ruleInstant, weekday, type Instant } from '../../domain/time';

/** The date in an address, if there is such a day. */
export const dateAsked = (asked: string, today: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(asked) && plusDays(asked, 0) === asked ? asked : today;

/** From midnight to midnight, so many local days. */
export const daysFrom = (date: string, days: number, zone: string): { from: Instant; to: Instant } => ({
  from: ruleInstant({ date, time: '00:00' }, zone),
  to: ruleInstant({ date: plusDays(date, days), time: '00:00' }, zone),
});

/** The Monday of a date's week. */
export const mondayOf = (date: string): string => plusDays(date, 1 - weekday(date));
