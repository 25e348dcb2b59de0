import { DateTime } from 'luxon';
import type { Locale } from '../message';
import { instantsOfLocal, localDate, localTime, weekday, type Instant } from '../time';

/**
 * A visit's time as people read it: "Tue, Mar 16 at 10:00 AM", "mar 16 mar, 10:00". It is the venue's local time, with the zone's abbreviation when
 * clocks at the recipient show another time then, or when the hour occurs twice that day (R9). A recipient whose zone we do not know (null) is
 * taken for a neighbour.
 */
export function formatWhen({ startsAt, venueZone, recipientZone, locale }: WhenFormat): string {
  const abroad = recipientZone !== null && offset(startsAt, recipientZone) !== offset(startsAt, venueZone);
  const day = formatDay({ date: localDate(startsAt, venueZone), locale });
  const hour = hourOf({ startsAt, venueZone, locale });
  const zone = abroad || occursTwice(startsAt, venueZone) ? ` ${abbreviation(startsAt, venueZone)}` : '';
  return locale === 'en' ? `${day} at ${hour}${zone}` : `${day}, ${hour}${zone}`;
}

export type WhenFormat = HourFormat & { recipientZone: string | null };
export type HourFormat = { startsAt: Instant; venueZone: string; locale: Locale };

/** "10:00 AM", "10:00", for a list under its day; with the zone's abbreviation when the hour occurs twice that day. */
export const formatHour = (format: HourFormat): string =>
  occursTwice(format.startsAt, format.venueZone) ? `${hourOf(format)} ${abbreviation(format.startsAt, format.venueZone)}` : hourOf(format);

/** "Tue, Mar 16", "mar 16 mar". `date` is 2027-03-16. Own names, as those of the runtime change with its version. */
export function formatDay({ date, locale }: { date: string; locale: Locale }): string {
  const { days, months } = NAMES[locale];
  const day = Number(date.slice(8, 10));
  const [dayName, monthName] = [days[weekday(date) - 1] ?? '', months[Number(date.slice(5, 7)) - 1] ?? ''];
  return locale === 'en' ? `${dayName}, ${monthName} ${day}` : `${dayName} ${day} ${monthName}`;
}

function hourOf({ startsAt, venueZone, locale }: HourFormat): string {
  const time = localTime(startsAt, venueZone);
  if (locale === 'es') return time;
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 || 12}${time.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
}

const offset = (at: Instant, zone: string): number => DateTime.fromISO(at, { zone }).offset;

const occursTwice = (at: Instant, zone: string): boolean =>
  instantsOfLocal({ date: localDate(at, zone), time: localTime(at, zone) }, zone).length > 1;

/** English in both languages: American Spanish says EDT too, and other locales know only GMT-4. */
const abbreviation = (at: Instant, zone: string): string => DateTime.fromISO(at, { zone, locale: 'en-US' }).offsetNameShort ?? zone;

const NAMES: Record<Locale, { days: string[]; months: string[] }> = {
  en: {
    days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  },
  es: {
    days: ['lun', 'mar', 'mié', 'jue', 'vie', 'sáb', 'dom'],
    months: ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'],
  },
};
