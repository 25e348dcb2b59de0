import fc from 'fast-check';
import {
  contactHours,
  DEFAULT_QUIET_HOURS,
  isAllowed,
  lastAllowedBefore,
  NEVER,
  nextAllowed,
  staffHours,
  type ContactHours,
  type ContactHoursInput,
} from '../../domain/quiet-hours';
import type { RecipientPlace } from '../../domain/recipient-place';
import { instant, MINUTE_MS, plusMs } from '../../domain/time';

const place = (zones: string[], more: Partial<RecipientPlace> = {}): RecipientPlace => ({
  zones,
  states: [],
  countries: ['US'],
  source: 'stated',
  ...more,
});
const NEW_YORK = place(['America/New_York']);

const hoursOf = (more: Partial<ContactHoursInput> = {}): ContactHours =>
  contactHours({
    messageClass: 'reminder',
    channel: 'sms',
    place: NEW_YORK,
    quiet: DEFAULT_QUIET_HOURS,
    causedByRecipientAt: null,
    ...more,
  });

/** An independent clock: what Intl prints. */
const wallMinute = (zone: string, ms: number): number => {
  const text = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
};

describe('contactHours', () => {
  it.each([
    ['reply', 'sms'],
    ['staff', 'sms'],
    ['staff', 'email'],
    ['reminder', 'email'],
    ['notice', 'email'],
    ['review', 'email'],
  ] as const)('lets a %s by %s go at any hour', (messageClass, channel) => {
    expect(hoursOf({ messageClass, channel })).toEqual({ kind: 'always' });
  });

  it.each([
    ['reminder', 'sms'],
    ['notice', 'sms'],
    ['review', 'sms'],
    ['marketing', 'sms'],
    ['marketing', 'email'],
    ['call', 'sms'],
  ] as const)('binds a %s by %s to 08:00-21:00 at the recipient', (messageClass, channel) => {
    const hours = hoursOf({ messageClass, channel });
    const at = (time: string): boolean => isAllowed(hours, `2027-06-02T${time}.000Z`); // New York is four hours behind
    expect([at('11:59:59'), at('12:00:00')]).toEqual([false, true]);
    expect(isAllowed(hours, '2027-06-03T00:59:59.999Z')).toBe(true);
    expect(isAllowed(hours, '2027-06-03T01:00:00.000Z')).toBe(false);
  });

  it('waits until every zone of the recipient allows', () => {
    const hours = hoursOf({ place: place(['America/New_York', 'America/Los_Angeles']) });
    expect(isAllowed(hours, '2027-06-02T14:59:00.000Z')).toBe(false); // 10:59 Eastern, 07:59 Pacific
    expect(isAllowed(hours, '2027-06-02T15:00:00.000Z')).toBe(true);
    expect(isAllowed(hours, '2027-06-03T01:00:00.000Z')).toBe(false); // 21:00 Eastern, 18:00 Pacific
  });

  it('texts somebody who may be anywhere in the country from 11:00 to 21:00 Eastern, and markets to them from 14:00 in summer and 13:00 in winter', () => {
    const unknown = place(['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles'], {
      source: 'zone_unknown',
    });
    const morning = (messageClass: 'notice' | 'marketing', at: string): string =>
      nextAllowed(hoursOf({ messageClass, place: unknown }), at);
    expect(morning('notice', '2027-06-02T08:00:00.000Z')).toBe('2027-06-02T15:00:00.000Z');
    expect(morning('marketing', '2027-06-02T08:00:00.000Z')).toBe('2027-06-02T18:00:00.000Z');
    expect(morning('marketing', '2027-12-01T08:00:00.000Z')).toBe('2027-12-01T18:00:00.000Z');
    expect(lastAllowedBefore(hoursOf({ place: unknown }), '2027-06-03T05:00:00.000Z')).toBe('2027-06-03T00:59:00.000Z');
  });

  it('takes the person for somebody anywhere when no zone is left', () => {
    expect(nextAllowed(hoursOf({ place: place([]) }), '2027-06-02T08:00:00.000Z')).toBe('2027-06-02T15:00:00.000Z');
  });

  it('lets a business narrow the hours but never widen them', () => {
    const narrow = hoursOf({ quiet: { startMinute: 18 * 60, endMinute: 10 * 60 } });
    expect(isAllowed(narrow, '2027-06-02T13:59:00.000Z')).toBe(false);
    expect(isAllowed(narrow, '2027-06-02T14:00:00.000Z')).toBe(true);
    expect(isAllowed(narrow, '2027-06-02T22:00:00.000Z')).toBe(false);
    const none = hoursOf({ quiet: { startMinute: 0, endMinute: 0 } });
    expect(isAllowed(none, '2027-06-02T11:59:00.000Z')).toBe(false);
    expect(isAllowed(none, '2027-06-03T00:59:00.000Z')).toBe(true);
  });

  it('keeps a quiet hour at noon', () => {
    const siesta = hoursOf({ quiet: { startMinute: 12 * 60, endMinute: 13 * 60 } });
    expect(nextAllowed(siesta, '2027-06-02T16:30:00.000Z')).toBe('2027-06-02T17:00:00.000Z');
    expect(lastAllowedBefore(siesta, '2027-06-02T16:30:00.000Z')).toBe('2027-06-02T15:59:00.000Z');
  });

  it('lets a notice of the own booking at 23:00 go for a quarter of an hour, and no reminder', () => {
    const bookedAt = '2027-06-03T03:00:00.000Z';
    const notice = hoursOf({ messageClass: 'notice', causedByRecipientAt: bookedAt });
    expect(isAllowed(notice, bookedAt)).toBe(true);
    expect(isAllowed(notice, '2027-06-03T03:14:59.999Z')).toBe(true);
    expect(isAllowed(notice, '2027-06-03T03:15:00.000Z')).toBe(false);
    expect(isAllowed(notice, '2027-06-03T02:59:59.999Z')).toBe(false);
    expect(isAllowed(hoursOf({ causedByRecipientAt: bookedAt }), bookedAt)).toBe(false);
    expect(nextAllowed(notice, '2027-06-03T02:00:00.000Z')).toBe(bookedAt);
    expect(nextAllowed(notice, '2027-06-03T04:00:00.000Z')).toBe('2027-06-03T12:00:00.000Z');
    expect(lastAllowedBefore(notice, '2027-06-03T04:00:00.000Z')).toBe('2027-06-03T03:14:00.000Z');
  });

  it('narrows marketing and calls by the state, and leaves reminders alone', () => {
    const florida = place(['America/New_York'], { states: ['FL'] });
    const evening = '2027-06-03T00:30:00.000Z'; // 20:30 local
    expect(isAllowed(hoursOf({ messageClass: 'marketing', place: florida }), evening)).toBe(false);
    expect(isAllowed(hoursOf({ messageClass: 'call', place: florida }), evening)).toBe(false);
    expect(isAllowed(hoursOf({ messageClass: 'reminder', place: florida }), evening)).toBe(true);
  });

  it('waits for Tuesday when a Louisiana Sunday is followed by a holiday', () => {
    const louisiana = place(['America/Chicago'], { states: ['LA'] });
    const hours = hoursOf({ messageClass: 'marketing', place: louisiana });
    // Saturday 2027-07-03 21:00; Sunday; the Fourth is observed on Monday.
    expect(nextAllowed(hours, '2027-07-04T02:00:00.000Z')).toBe('2027-07-06T13:00:00.000Z');
    expect(lastAllowedBefore(hours, '2027-07-06T12:00:00.000Z')).toBe('2027-07-04T00:59:00.000Z');
  });

  it('writes to Mexico from 9 to 20 only, whatever the class', () => {
    const mexico = place(['America/Mexico_City'], { countries: ['MX'], source: 'country' });
    expect(nextAllowed(hoursOf({ place: mexico }), '2027-06-02T06:00:00.000Z')).toBe('2027-06-02T15:00:00.000Z');
  });

  it('never opens for a business that is quiet all day, and says so', () => {
    const never = hoursOf({ quiet: { startMinute: 8 * 60, endMinute: 21 * 60 } });
    expect(nextAllowed(never, '2027-06-02T16:00:00.000Z')).toBe(NEVER);
    expect(lastAllowedBefore(never, '2027-06-02T16:00:00.000Z')).toBeNull();
  });

  it('refuses a zone that does not exist', () => {
    expect(() => hoursOf({ place: place(['America/Gotham']) })).toThrow(RangeError);
    expect(() => staffHours(DEFAULT_QUIET_HOURS, 'Nowhere/Land')).toThrow(RangeError);
  });
});

describe('staffHours', () => {
  it('lets staff be written to at any hour unless they asked for quiet', () => {
    expect(staffHours(null, 'America/New_York')).toEqual({ kind: 'always' });
    const dnd = staffHours({ startMinute: 22 * 60, endMinute: 6 * 60 }, 'America/New_York');
    expect(isAllowed(dnd, '2027-06-03T01:30:00.000Z')).toBe(true); // 21:30: only their own hours count
    expect(nextAllowed(dnd, '2027-06-03T03:00:00.000Z')).toBe('2027-06-03T10:00:00.000Z');
  });
});

describe('quiet hours on the days the clock changes', () => {
  it.each([
    ['the short night of spring', '2027-03-14T06:00:00.000Z', '2027-03-14T12:00:00.000Z', '2027-03-14T01:59:00.000Z'],
    ['the long night of autumn', '2027-11-07T06:00:00.000Z', '2027-11-07T13:00:00.000Z', '2027-11-07T00:59:00.000Z'],
  ])('ends %s at 08:00 on the wall clock', (...[, night, morning, evening]) => {
    expect(nextAllowed(hoursOf(), night)).toBe(morning);
    expect(lastAllowedBefore(hoursOf(), night)).toBe(evening);
  });

  it('opens at 03:00 when quiet hours end at 02:30 in the hour that does not exist', () => {
    const dnd = staffHours({ startMinute: 22 * 60, endMinute: 150 }, 'America/New_York');
    expect(nextAllowed(dnd, '2027-03-14T06:00:00.000Z')).toBe('2027-03-14T07:00:00.000Z');
  });

  it('falls quiet again when 01:00 comes a second time', () => {
    const dnd = staffHours({ startMinute: 22 * 60, endMinute: 90 }, 'America/New_York');
    expect(isAllowed(dnd, '2027-11-07T05:45:00.000Z')).toBe(true); // 01:45, first
    expect(nextAllowed(dnd, '2027-11-07T06:10:00.000Z')).toBe('2027-11-07T06:30:00.000Z'); // 01:10, second
    expect(lastAllowedBefore(dnd, '2027-11-07T06:10:00.000Z')).toBe('2027-11-07T05:59:00.000Z');
  });

  it('closes before the jump when quiet hours begin in the hour that does not exist', () => {
    const dnd = staffHours({ startMinute: 150, endMinute: 300 }, 'America/New_York');
    expect(lastAllowedBefore(dnd, '2027-03-14T08:00:00.000Z')).toBe('2027-03-14T06:59:00.000Z'); // 04:00 EDT; 01:59 EST
  });
});

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'Europe/Madrid',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'UTC',
];
/** Days around both clock changes of the zones above, and any others of the year. */
const INSTANTS = fc.oneof(
  fc.integer({ min: 0, max: 365 * 24 * 60 * 60 }).map((seconds) => Date.UTC(2027, 0, 1) + seconds * 1000),
  fc
    .tuple(
      fc.constantFrom('2027-03-14', '2027-11-07', '2027-03-28', '2027-10-31', '2027-04-04', '2027-10-03'),
      fc.integer({ min: -86_400, max: 86_400 }),
    )
    .map(([date, seconds]) => Date.parse(date) + seconds * 1000),
);

describe('any zones, any quiet hours, any instant', () => {
  const minutes = fc.integer({ min: 0, max: 1439 });
  const cases = fc.record({
    zones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 }),
    quiet: fc.record({ startMinute: minutes, endMinute: minutes }),
    ms: INSTANTS,
  });
  const hoursFor = ({ zones, quiet }: { zones: string[]; quiet: { startMinute: number; endMinute: number } }): ContactHours => ({
    kind: 'windows',
    zones,
    quiet: [quiet],
    rows: [],
    free: null,
  });

  it('agrees with the wall clock of every zone', () => {
    fc.assert(
      fc.property(cases, ({ zones, quiet, ms }) => {
        const { startMinute: start, endMinute: end } = quiet;
        const expected = zones.every((zone) => {
          const minute = wallMinute(zone, ms);
          return start <= end ? minute < start || minute >= end : minute < start && minute >= end;
        });
        expect(isAllowed(hoursFor({ zones, quiet }), instant(ms))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the next allowed minute and skips none', () => {
    fc.assert(
      fc.property(cases, (example) => {
        const hours = hoursFor(example);
        const at = instant(example.ms);
        const next = nextAllowed(hours, at);
        if (next === NEVER) return;
        expect(isAllowed(hours, next)).toBe(true);
        expect(next >= at).toBe(true);
        if (next === at) return;
        expect(Date.parse(next) % MINUTE_MS).toBe(0);
        for (let ms = Date.parse(at); ms < Date.parse(next); ms += 5 * MINUTE_MS) expect(isAllowed(hours, instant(ms))).toBe(false);
        expect(isAllowed(hours, plusMs(next, -1))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('finds the last allowed minute before a quiet span and skips none', () => {
    fc.assert(
      fc.property(cases, (example) => {
        const hours = hoursFor(example);
        const at = instant(example.ms);
        const last = lastAllowedBefore(hours, at);
        expect(last === at).toBe(isAllowed(hours, at));
        if (last === null || last === at) return;
        expect(isAllowed(hours, last)).toBe(true);
        expect(isAllowed(hours, plusMs(last, MINUTE_MS))).toBe(false);
        for (let ms = Date.parse(last) + MINUTE_MS; ms < Date.parse(at); ms += 5 * MINUTE_MS)
          expect(isAllowed(hours, instant(ms))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('has one quiet span around a closed instant: what opens next and what closed last see the same', () => {
    fc.assert(
      fc.property(cases, (example) => {
        const hours = hoursFor(example);
        const at = instant(example.ms);
        const last = lastAllowedBefore(hours, at);
        const next = nextAllowed(hours, at);
        if (last === null || last === at || next === NEVER) return;
        expect(nextAllowed(hours, plusMs(last, MINUTE_MS))).toBe(next);
        expect(lastAllowedBefore(hours, plusMs(next, -1))).toBe(last);
      }),
      { numRuns: 300 },
    );
  });
});
