import { AREA_CODES } from '../../domain/data/area-codes';
import { COUNTRIES } from '../../domain/data/countries';
import type { MessageClass } from '../../domain/message';
import { contactHours, DEFAULT_QUIET_HOURS, isAllowed, nextAllowed, NEVER, type ContactHours } from '../../domain/quiet-hours';
import { recipientPlace, widenForMarketing } from '../../domain/recipient-place';
import { HOUR_MS, instant, MINUTE_MS, plusMs } from '../../domain/time';

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** Every code of the tables of places, and one number of nowhere. */
const NUMBERS = [
  ...AREA_CODES.flatMap(([, , , codes]) => words(codes)).map((code) => ({ code: `+1 ${code}`, phone: `+1${code}5550123` })),
  ...COUNTRIES.flatMap(([, , prefixes]) => words(prefixes)).map((code) => ({ code: `+${code}`, phone: `+${code}55501234` })),
  { code: 'toll-free', phone: '+18005550123' },
];

/** The American days of 2026 to 2028 on which clocks change, and the European ones. */
const AMERICAN_DAYS = ['2026-03-08', '2026-11-01', '2027-03-14', '2027-11-07', '2028-03-12', '2028-11-05'];
const CLOCK_DAYS = [...AMERICAN_DAYS, '2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31', '2028-03-26', '2028-10-29'];

const formats = new Map<string, Intl.DateTimeFormat>();
const minutes = new Map<string, number>();
/** An independent clock: what Intl prints. Many numbers share a zone: each instant is asked once. */
function wallMinute(zone: string, ms: number): number {
  const key = `${zone} ${String(ms)}`;
  const known = minutes.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(zone, format);
  const text = format.format(ms);
  const minute = Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  minutes.set(key, minute);
  return minute;
}

const hoursOf = (phone: string, messageClass: MessageClass): ContactHours =>
  contactHours({
    messageClass,
    channel: messageClass === 'call' ? 'voice' : 'sms',
    place: recipientPlace({ zone: null, postalCode: null, phone }),
    quiet: DEFAULT_QUIET_HOURS,
    causedByRecipientAt: null,
  });

const isDay = (zones: readonly string[], ms: number): boolean =>
  zones.every((zone) => {
    const minute = wallMinute(zone, ms);
    return minute >= 8 * 60 && minute < 21 * 60;
  });

/** Numbers with the same zones, states and countries are treated alike: one of each is walked through. */
const KINDS = [
  ...new Map(
    NUMBERS.map((number) => [
      JSON.stringify({ ...recipientPlace({ zone: null, postalCode: null, phone: number.phone }), source: '' }),
      number,
    ]),
  ).values(),
];

describe('over every area code and country', () => {
  it('finds a place for each: zones that exist, and the laws that go with them', () => {
    expect(NUMBERS.length).toBeGreaterThan(650);
    for (const { code, phone } of NUMBERS) {
      const { zones, countries } = recipientPlace({ zone: null, postalCode: null, phone });
      expect({ code, zones: zones.length > 0, countries: countries.length > 0 }).toEqual({ code, zones: true, countries: true });
      expect(() => zones.map((zone) => wallMinute(zone, 0))).not.toThrow();
    }
  });

  it('reminds nobody before 08:00 or from 21:00 on by any wall clock that may be theirs, around every clock change of 2026 to 2028', () => {
    for (const { code, phone } of KINDS) {
      const { zones, countries } = recipientPlace({ zone: null, postalCode: null, phone });
      const hours = hoursOf(phone, 'reminder');
      for (const day of CLOCK_DAYS)
        for (let ms = Date.parse(`${day}T00:10:00Z`) - 2 * HOUR_MS, end = ms + 30 * HOUR_MS; ms < end; ms += 30 * MINUTE_MS) {
          const allowed = isAllowed(hours, instant(ms));
          if (allowed !== isDay(zones, ms) && !countries.includes('MX')) throw new Error(`${code} at ${instant(ms)}: ${String(allowed)}`);
          if (allowed && !isDay(zones, ms)) throw new Error(`${code} at ${instant(ms)}`);
        }
    }
  });

  it('markets and calls only inside the hours in which it reminds, in all the zones that may be theirs', () => {
    for (const { code, phone } of KINDS) {
      const place = widenForMarketing(recipientPlace({ zone: null, postalCode: null, phone }));
      const [marketing, call] = [hoursOf(phone, 'marketing'), hoursOf(phone, 'call')];
      for (const day of AMERICAN_DAYS)
        for (let ms = Date.parse(`${day}T00:10:00Z`) - 2 * HOUR_MS, end = ms + 30 * HOUR_MS; ms < end; ms += HOUR_MS) {
          const at = instant(ms);
          if (isAllowed(call, at) && !isAllowed(marketing, at)) throw new Error(`${code}: a call where marketing may not go, ${at}`);
          if (isAllowed(marketing, at) && !isDay(place.zones, ms)) throw new Error(`${code}: marketing at night, ${at}`);
        }
    }
  });

  it('defers from the night before each clock change to the first minute that every zone allows', () => {
    for (const { code, phone } of KINDS) {
      const hours = hoursOf(phone, 'reminder');
      for (const day of CLOCK_DAYS) {
        const night = `${day}T05:30:00.000Z`;
        const next = nextAllowed(hours, night);
        if (next === NEVER) throw new Error(`${code}: never after ${night}`);
        if (!isAllowed(hours, next)) throw new Error(`${code}: ${next} is not allowed`);
        if (next !== night && isAllowed(hours, plusMs(next, -MINUTE_MS))) throw new Error(`${code}: a minute before ${next} was allowed`);
      }
    }
  });
});
