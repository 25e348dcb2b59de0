import fc from 'fast-check';
import { isAllowed, type ContactHours } from '../../domain/quiet-hours';
import {
  DEFAULT_REMINDER_RULES,
  fnv1a,
  quietPlacement,
  reminderInstant,
  spreadAfter,
  type QuietPlacementInput,
} from '../../domain/reminders';
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, plusMs } from '../../domain/time';

const rule = (name: string): (typeof DEFAULT_REMINDER_RULES)[number] => DEFAULT_REMINDER_RULES.find((own) => own.rule === name)!;
const dueOf = (name: string, startsAt: string, zone: string): string => reminderInstant(rule(name), startsAt, zone);

describe('reminderInstant', () => {
  it('keeps a Sunday 10:00 visit in New York at 10:00 local across the spring clock change, and counts two hours on the clock of the world', () => {
    const startsAt = '2027-03-14T14:00:00.000Z';
    const due = DEFAULT_REMINDER_RULES.map((own) => reminderInstant(own, startsAt, 'America/New_York'));
    expect(due).toEqual(['2027-03-07T15:00:00.000Z', '2027-03-11T15:00:00.000Z', '2027-03-13T15:00:00.000Z', '2027-03-14T12:00:00.000Z']);
  });

  it('moves a local time that does not exist forward', () => {
    // A visit on Monday 2027-03-15 at 02:30 in New York: the day before, 02:30 is skipped.
    expect(dueOf('1d', '2027-03-15T06:30:00.000Z', 'America/New_York')).toBe('2027-03-14T07:30:00.000Z');
  });

  it('takes the first of a local time that occurs twice', () => {
    expect(dueOf('1d', '2027-11-08T06:30:00.000Z', 'America/New_York')).toBe('2027-11-07T05:30:00.000Z');
  });

  it('counts two elapsed hours when the clock falls back in between', () => {
    expect(dueOf('2h', '2027-11-07T07:30:00.000Z', 'America/New_York')).toBe('2027-11-07T05:30:00.000Z');
  });

  it('uses the zone of the venue and keeps seconds', () => {
    expect(dueOf('1d', '2027-03-29T17:00:30.000Z', 'Europe/Madrid')).toBe('2027-03-28T17:00:30.000Z');
    expect(dueOf('1d', '2027-03-28T17:00:00.000Z', 'Europe/Madrid')).toBe('2027-03-27T18:00:00.000Z');
  });

  it('has no reminder of use later than it is due', () => {
    const startsAt = '2027-06-10T14:00:00.000Z';
    const gaps = DEFAULT_REMINDER_RULES.map(
      (own) => Date.parse(startsAt) - own.lastUsefulMs - Date.parse(reminderInstant(own, startsAt, 'America/New_York')),
    );
    expect(gaps).toEqual([72 * HOUR_MS, 36 * HOUR_MS, 20 * HOUR_MS, 75 * MINUTE_MS]);
  });
});

describe('every zone of the world on the days it changes its clock', () => {
  const STEP_MS = 30 * MINUTE_MS;
  /** 2027-03-14 02:30, as Intl prints it. */
  const wallOf = (zone: string): ((ms: number) => string) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    return (ms) => format.format(ms);
  };
  const asUtc = (wall: string): number => Date.parse(`${wall.replace(' ', 'T')}:00.000Z`);
  const shift = (wall: string, ms: number): string => new Date(asUtc(wall) + ms).toISOString().slice(0, 16).replace('T', ' ');

  /** The instants of 2027 at which a zone changes its clock, to the half hour; first looked for by weeks. */
  function clockChanges(wall: (ms: number) => string): number[] {
    const offset = (ms: number): number => asUtc(wall(ms)) - ms;
    const WEEK_MS = 7 * DAY_MS;
    const changes: number[] = [];
    for (let week = Date.UTC(2027, 0, 1); week < Date.UTC(2028, 0, 1); week += WEEK_MS) {
      let [before, after] = [week, week + WEEK_MS];
      if (offset(before) === offset(after)) continue;
      while (after - before > STEP_MS) {
        const middle = before + Math.floor((after - before) / 2 / STEP_MS) * STEP_MS;
        if (offset(middle) === offset(before)) before = middle;
        else after = middle;
      }
      changes.push(after);
    }
    return changes;
  }

  /** The instants of each half hour of the wall clock around a change. */
  function halfHours(wall: (ms: number) => string, change: number): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (let ms = change - 6 * HOUR_MS; ms < change + 6 * HOUR_MS; ms += STEP_MS) {
      const text = wall(ms);
      found.set(text, [...(found.get(text) ?? []), ms]);
    }
    return found;
  }

  /** A time that is missing counts on by the old clock. */
  function expectedInstant(clock: Map<string, number[]>, wanted: string): number {
    let last = wanted;
    while (!clock.has(last)) last = shift(last, -STEP_MS);
    return last === wanted ? clock.get(wanted)![0]! : clock.get(last)!.at(-1)! + asUtc(wanted) - asUtc(last);
  }

  it('keeps the wall time, moves a missing one forward by the gap, takes the first of two', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const wrong: string[] = [];
    let cases = 0;
    for (const zone of zones) {
      const wall = wallOf(zone);
      for (const change of clockChanges(wall)) {
        const clock = halfHours(wall, change);
        for (let start = change + DAY_MS - 3 * HOUR_MS; start < change + DAY_MS + 3 * HOUR_MS; start += STEP_MS) {
          const wanted = shift(wall(start), -DAY_MS);
          const due = reminderInstant(rule('1d'), instant(start), zone);
          if (due !== instant(expectedInstant(clock, wanted))) wrong.push(`${zone}: ${wanted} became ${due}`);
          cases++;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(zones.length).toBeGreaterThan(400);
    expect(cases).toBeGreaterThan(2_000);
  });
});

const NIGHT: ContactHours = {
  kind: 'windows',
  zones: ['America/New_York'],
  quiet: [{ startMinute: 21 * 60, endMinute: 8 * 60 }],
  rows: [],
  free: null,
};
const at = (day: string, time: string): string => `2027-06-${day}T${time}:00.000Z`; // New York is four hours behind

const place = (more: Partial<QuietPlacementInput>): ReturnType<typeof quietPlacement> =>
  quietPlacement({
    dueAt: at('10', '14:00'),
    notAfter: at('11', '10:00'),
    hours: NIGHT,
    pullBackTo: null,
    previousAt: null,
    spreadKey: 'a',
    ...more,
  });

describe('quietPlacement', () => {
  it('sends by day when it is due', () => {
    expect(place({})).toEqual({ kind: 'at', sendAt: at('10', '14:00'), openedAt: at('10', '14:00') });
  });

  it('pushes from the night to the ten minutes after 08:00', () => {
    const placed = place({ dueAt: at('10', '07:00'), notAfter: at('10', '20:00') });
    expect(placed).toMatchObject({ kind: 'at', openedAt: at('10', '12:00') });
    const { sendAt } = placed as { sendAt: string };
    expect(sendAt >= at('10', '12:00') && sendAt < at('10', '12:10')).toBe(true);
  });

  it('pulls back to 20:59 when the morning would be too late', () => {
    // A visit at 09:00 local: its 2h reminder is due at 07:00 and of no use after 08:15... 08:00 is.
    const morning = place({ dueAt: at('10', '11:00'), notAfter: at('10', '12:15'), pullBackTo: at('01', '12:00') });
    expect(morning).toMatchObject({ openedAt: at('10', '12:00') });
    // One at 08:30 leaves no room in the morning.
    const evening = place({ dueAt: at('10', '10:30'), notAfter: at('10', '11:45'), pullBackTo: at('01', '12:00') });
    expect(evening).toEqual({ kind: 'at', sendAt: at('10', '00:59'), openedAt: at('10', '00:59') });
  });

  it('has no room when the evening was before the booking', () => {
    const due = { dueAt: at('10', '10:30'), notAfter: at('10', '11:45') };
    expect(place({ ...due, pullBackTo: at('10', '00:59') })).toEqual({ kind: 'no_room' });
    expect(place({ ...due, pullBackTo: at('10', '00:58') })).toMatchObject({ kind: 'at' });
    expect(place({ ...due, pullBackTo: null })).toEqual({ kind: 'no_room' });
  });

  it('has no room when the evening is less than two hours after the reminder before', () => {
    const due = { dueAt: at('10', '10:30'), notAfter: at('10', '11:45'), pullBackTo: at('01', '12:00') };
    expect(place({ ...due, previousAt: at('09', '23:00') })).toEqual({ kind: 'no_room' });
    expect(place({ ...due, previousAt: at('09', '22:59') })).toMatchObject({ sendAt: at('10', '00:59') });
  });

  it('never sends what is due when it is of no use any more', () => {
    expect(place({ notAfter: at('10', '14:00') })).toEqual({ kind: 'no_room' });
  });

  const zones = fc.constantFrom('America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kolkata');
  const minute = fc.integer({ min: 0, max: 1439 });
  const cases = fc.record({
    zones: fc.uniqueArray(zones, { minLength: 1, maxLength: 2 }),
    quiet: fc.record({ startMinute: minute, endMinute: minute }),
    dueMs: fc.integer({ min: Date.UTC(2027, 2, 10), max: Date.UTC(2027, 10, 10) }),
    usefulMs: fc.integer({ min: 1000, max: 3 * DAY_MS }),
    bookedMs: fc.integer({ min: 0, max: 3 * DAY_MS }),
    previousMs: fc.option(fc.integer({ min: 0, max: 2 * DAY_MS })),
    spreadKey: fc.uuid(),
  });

  it('never places anything in quiet hours or at its last useful moment, forward in steps of at most ten minutes, back only after the booking', () => {
    fc.assert(
      fc.property(cases, ({ zones: names, quiet, dueMs, usefulMs, bookedMs, previousMs, spreadKey }) => {
        const hours: ContactHours = { kind: 'windows', zones: names, quiet: [quiet], rows: [], free: null };
        const dueAt = instant(dueMs);
        const notAfter = plusMs(dueAt, usefulMs);
        const pullBackTo = plusMs(dueAt, -bookedMs);
        const previousAt = previousMs === null ? null : plusMs(dueAt, -previousMs);
        const input = { dueAt, notAfter, hours, pullBackTo, previousAt, spreadKey };
        const placed = quietPlacement(input);
        expect(quietPlacement(input)).toEqual(placed);
        if (placed.kind === 'no_room') {
          expect(isAllowed(hours, dueAt)).toBe(false);
          return;
        }
        const { sendAt, openedAt } = placed;
        expect(isAllowed(hours, sendAt) && isAllowed(hours, openedAt)).toBe(true);
        expect(sendAt < notAfter).toBe(true);
        expect(Date.parse(sendAt) - Date.parse(openedAt)).toBeGreaterThanOrEqual(0);
        expect(Date.parse(sendAt) - Date.parse(openedAt)).toBeLessThan(10 * MINUTE_MS);
        if (isAllowed(hours, dueAt)) expect(sendAt).toBe(dueAt);
        if (sendAt < dueAt) {
          expect(sendAt > pullBackTo).toBe(true);
          if (previousAt !== null) expect(Date.parse(sendAt) - Date.parse(previousAt)).toBeGreaterThanOrEqual(2 * HOUR_MS);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('spreadAfter', () => {
  const openedAt = at('10', '12:00');

  it('spreads a thousand messages over the ten minutes, each minute its share', () => {
    const perMinute = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 1000; i++) {
      const sendAt = spreadAfter({ openedAt, notAfter: at('10', '20:00'), hours: NIGHT, spreadKey: `message-${String(i)}` });
      perMinute[Math.floor((Date.parse(sendAt) - Date.parse(openedAt)) / MINUTE_MS)]!++;
    }
    expect(Math.min(...perMinute)).toBeGreaterThan(60);
    expect(Math.max(...perMinute)).toBeLessThan(140);
  });

  it('keeps inside the last useful moment and the open minutes', () => {
    const brief: ContactHours = { ...NIGHT, quiet: [{ startMinute: 8 * 60 + 3, endMinute: 8 * 60 }] };
    for (let i = 0; i < 50; i++) {
      const spreadKey = `message-${String(i)}`;
      expect(spreadAfter({ openedAt, notAfter: plusMs(openedAt, 30_000), hours: NIGHT, spreadKey }) < plusMs(openedAt, 30_000)).toBe(true);
      expect(spreadAfter({ openedAt, notAfter: at('10', '20:00'), hours: brief, spreadKey }) < plusMs(openedAt, 3 * MINUTE_MS)).toBe(true);
    }
  });
});

describe('fnv1a', () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('gives the published value for "%s"', (text, hash) => {
    expect(fnv1a(text)).toBe(hash);
  });
});
