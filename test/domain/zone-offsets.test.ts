import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { instant, MINUTE_MS, ruleInstant } from '../../domain/time';
import { instantOfWall, isKnownZone, offsetMs } from '../../domain/zone-offsets';

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca');
const minutes = fc.integer({ min: Date.UTC(2024, 0, 1) / MINUTE_MS, max: Date.UTC(2032, 0, 1) / MINUTE_MS });

describe('offsetMs', () => {
  it("is luxon's in every zone at any minute", () => {
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        expect(offsetMs(zone, minute * MINUTE_MS)).toBe(IANAZone.create(zone).offset(minute * MINUTE_MS) * MINUTE_MS);
      }),
      { numRuns: 500 },
    );
  });

  it('changes in the very millisecond', () => {
    const change = Date.parse('2027-03-14T07:00:00.000Z');
    expect([offsetMs('America/New_York', change - 1), offsetMs('America/New_York', change)]).toEqual([-300 * MINUTE_MS, -240 * MINUTE_MS]);
  });

  it('is no number for a zone that does not exist', () => {
    expect(offsetMs('America/Gotham', 0)).toBeNaN();
    expect([isKnownZone('America/Gotham'), isKnownZone('America/Denver')]).toEqual([false, true]);
  });
});

describe('instantOfWall', () => {
  const wall = fc.oneof(
    minutes,
    ...['2027-03-14T02:30Z', '2027-11-07T01:30Z', '2027-10-03T02:15Z'].map((at) => fc.constant(Date.parse(at) / MINUTE_MS)),
  );

  it('means the same instant as every other rule', () => {
    fc.assert(
      fc.property(zones, wall, (zone, minute) => {
        const text = instant(minute * MINUTE_MS);
        expect(instant(instantOfWall(zone, minute * MINUTE_MS))).toBe(
          ruleInstant({ date: text.slice(0, 10), time: text.slice(11, 16) }, zone),
        );
      }),
      { numRuns: 500 },
    );
  });
});
