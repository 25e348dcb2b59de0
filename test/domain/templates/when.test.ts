import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { formatDay, formatHour, formatWhen } from '../../../domain/templates/when';
import { DAY_MS, HOUR_MS, instant, MINUTE_MS } from '../../../domain/time';

const NEW_YORK = 'America/New_York';
const LOS_ANGELES = 'America/Los_Angeles';
const visit = { startsAt: '2027-03-16T14:00:00.000Z', venueZone: NEW_YORK, recipientZone: NEW_YORK as string | null };

describe('formatWhen', () => {
  it.each<[string, Partial<typeof visit>, string, string]>([
    ['the local time of the venue', {}, 'Tue, Mar 16 at 10:00 AM', 'mar 16 mar, 10:00'],
    ['no zone when we do not know the recipient’s', { recipientZone: null }, 'Tue, Mar 16 at 10:00 AM', 'mar 16 mar, 10:00'],
    [
      'the zone for a recipient whose clock differs',
      { recipientZone: LOS_ANGELES },
      'Tue, Mar 16 at 10:00 AM EDT',
      'mar 16 mar, 10:00 EDT',
    ],
    [
      'no zone for a recipient whose clock shows the same',
      { recipientZone: 'America/Toronto' },
      'Tue, Mar 16 at 10:00 AM',
      'mar 16 mar, 10:00',
    ],
    ['midnight and noon as twelve', { startsAt: '2027-03-16T04:05:00.000Z' }, 'Tue, Mar 16 at 12:05 AM', 'mar 16 mar, 00:05'],
    ['noon', { startsAt: '2027-03-16T16:00:00.000Z' }, 'Tue, Mar 16 at 12:00 PM', 'mar 16 mar, 12:00'],
    ['the first of two equal hours', { startsAt: '2027-11-07T05:30:00.000Z' }, 'Sun, Nov 7 at 1:30 AM EDT', 'dom 7 nov, 01:30 EDT'],
    ['the second of two equal hours', { startsAt: '2027-11-07T06:30:00.000Z' }, 'Sun, Nov 7 at 1:30 AM EST', 'dom 7 nov, 01:30 EST'],
    ['no zone for the hour after them', { startsAt: '2027-11-07T07:00:00.000Z' }, 'Sun, Nov 7 at 2:00 AM', 'dom 7 nov, 02:00'],
    ['the local day, not that of UTC', { startsAt: '2027-01-01T03:00:00.000Z' }, 'Thu, Dec 31 at 10:00 PM', 'jue 31 dic, 22:00'],
    ['a Saturday', { startsAt: '2027-08-14T14:00:00.000Z' }, 'Sat, Aug 14 at 10:00 AM', 'sáb 14 ago, 10:00'],
  ])('gives %s', (...[, some, english, spanish]) => {
    expect(formatWhen({ ...visit, ...some, locale: 'en' })).toBe(english);
    expect(formatWhen({ ...visit, ...some, locale: 'es' })).toBe(spanish);
  });

  it('agrees with a calendar library in every zone, and never gives two instants of a day the same text', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone').filter((name) => IANAZone.isValidZone(name)));
    const at = fc.integer({ min: 0, max: 365 * 96 }).map((quarter) => Date.UTC(2027, 0, 1) + quarter * 15 * MINUTE_MS);
    const elsewhere = fc.option(zone);
    fc.assert(
      fc.property(zone, at, elsewhere, (...[venueZone, ms, recipientZone]) => {
        const read = (start: number) => formatWhen({ startsAt: instant(start), venueZone, recipientZone, locale: 'en' });
        const expected = DateTime.fromMillis(ms, { zone: venueZone }).setLocale('en-US').toFormat("ccc, LLL d 'at' h:mm a");
        expect(read(ms).startsWith(expected)).toBe(true);
        expect(read(ms)).toMatch(/^[\x20-\x7e]+$/);
        expect(new Set([ms - HOUR_MS, ms - HOUR_MS / 2, ms, ms + HOUR_MS, ms + DAY_MS].map(read)).size).toBe(5);
      }),
    );
  });
});

describe('formatHour', () => {
  it('gives the hour alone, and the zone only when the hour occurs twice', () => {
    expect(formatHour({ ...visit, locale: 'en' })).toBe('10:00 AM');
    expect(formatHour({ ...visit, locale: 'es' })).toBe('10:00');
    expect(formatHour({ ...visit, startsAt: '2027-11-07T05:30:00.000Z', locale: 'en' })).toBe('1:30 AM EDT');
  });
});

describe('formatDay', () => {
  it('gives the day in both languages', () => {
    expect(formatDay({ date: '2027-03-01', locale: 'en' })).toBe('Mon, Mar 1');
    expect(formatDay({ date: '2027-12-15', locale: 'es' })).toBe('mié 15 dic');
  });
});
