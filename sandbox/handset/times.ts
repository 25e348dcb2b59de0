import { DateTime, Duration } from 'luxon';
import type { Locale } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { MINUTE_MS } from '../../domain/time';

/** How the handset writes times for one reader, in one zone. */
export type Times = {
  zone: string;
  /** 10:05 AM */
  time: (at: Instant) => string;
  /** Sat, Nov 21 */
  day: (at: Instant) => string;
  /** Sat, Nov 21, 10:05 AM */
  moment: (at: Instant) => string;
};

const CULTURES: Record<Locale, string> = { en: 'en-US', es: 'es-US' };
const DAY = { weekday: 'short', month: 'short', day: 'numeric' } as const;
const TIME = { hour: 'numeric', minute: '2-digit' } as const;

export function timesIn(zone: string, locale: Locale): Times {
  const write = (at: Instant, parts: Intl.DateTimeFormatOptions): string =>
    DateTime.fromISO(at, { zone, locale: CULTURES[locale] }).toLocaleString(parts);
  return {
    zone,
    time: (at) => write(at, TIME),
    day: (at) => write(at, DAY),
    moment: (at) => write(at, { ...DAY, ...TIME }),
  };
}

/** The moment at the venue, with its zone's abbreviation when the reader's clock shows another time (R9). */
export function venueMoment(at: Instant, { venue, reader }: { venue: Times; reader: Times }): string {
  const offset = (zone: string): number => DateTime.fromISO(at, { zone }).offset;
  if (offset(venue.zone) === offset(reader.zone)) return venue.moment(at);
  return `${venue.moment(at)} ${DateTime.fromISO(at, { zone: venue.zone }).offsetNameShort ?? ''}`.trim();
}

/** New York, for America/New_York: good enough for a page that developers read. */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

/** 6 days and 3 hours: the two largest units. */
export function spanOf(ms: number, locale: Locale): string {
  const whole = Math.max(MINUTE_MS, Math.round(ms / MINUTE_MS) * MINUTE_MS);
  const { days, hours, minutes } = Duration.fromMillis(whole).shiftTo('days', 'hours', 'minutes');
  const parts = Object.entries({ days, hours, minutes }).filter(([, count]) => count > 0);
  return Duration.fromObject(Object.fromEntries(parts.slice(0, 2)), { locale: CULTURES[locale] }).toHuman({ listStyle: 'long' });
}
