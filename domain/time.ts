import { DateTime, IANAZone } from 'luxon';

/** An instant as ISO 8601 UTC with milliseconds, the only form in which time travels between rooms. */
export type Instant = string;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Epoch milliseconds as an instant. Throws RangeError for a number that is no time. */
export const instant = (ms: number): Instant => new Date(ms).toISOString();

/** The instant moved by a number of elapsed milliseconds (R1: hour offsets are elapsed). */
export const plusMs = (at: Instant, ms: number): Instant => instant(Date.parse(at) + ms);

export const isBefore = (a: Instant, b: Instant): boolean => Date.parse(a) < Date.parse(b);

/** The later of two instants; the first when they are equal. */
export const later = (a: Instant, b: Instant): Instant => (isBefore(a, b) ? b : a);

/** Remembers those that are: each look makes a formatter anew, and a plan asked a hundred times (6 ms). */
export function isZone(zone: string): boolean {
  if (known.has(zone)) return true;
  if (zone.length === 0 || !IANAZone.isValidZone(zone)) return false;
  known.add(zone);
  return true;
}
const known = new Set<string>();

export type LocalTime = { date: string; time: string };

/**
 * Every instant that a local wall time denotes: none in the gap of a spring change, two in the overlap of an autumn one (earlier first), else one.
 * `date` is 2027-03-14, `time` is 09:30, `zone` an IANA name.
 */
export function instantsOfLocal({ date, time }: LocalTime, zone: string): Instant[] {
  const first = DateTime.fromISO(`${date}T${time}`, { zone });
  if (!first.isValid || first.toFormat('HH:mm') !== time.slice(0, 5)) return [];
  return first
    .getPossibleOffsets()
    .map((at) => at.toMillis())
    .sort((a, b) => a - b)
    .map(instant);
}

/**
 * The one instant a rule means by a local wall time: a time that does not exist moves forward by the gap, one that exists twice takes the first (R1).
 */
export function ruleInstant({ date, time }: LocalTime, zone: string): Instant {
  return instantsOfLocal({ date, time }, zone)[0] ?? instant(DateTime.fromISO(`${date}T${time}`, { zone }).toMillis());
}

/** The local calendar date of an instant, 2027-03-14. Throws RangeError for a zone that is unknown. */
export const localDate = (at: Instant, zone: string): string => local(at, zone).toFormat('yyyy-MM-dd');

/** The local wall time of an instant, 09:30. Throws RangeError for a zone that is unknown. */
export const localTime = (at: Instant, zone: string): string => local(at, zone).toFormat('HH:mm');

/** luxon writes "Invalid DateTime" where it should throw, and text compares with any other. */
function local(at: Instant, zone: string): DateTime<true> {
  const time = DateTime.fromISO(at, { zone });
  if (!time.isValid) throw new RangeError(`no local time of ${at} in ${zone}`);
  return time;
}

/** Monday is 1, Sunday 7 (ISO 8601). */
export const weekday = (date: string): number => DateTime.fromISO(date, { zone: 'utc' }).weekday;

/** The calendar date some days later (or earlier). */
export const plusDays = (date: string, days: number): string => DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate() ?? '';
