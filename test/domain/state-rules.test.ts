import { contactHours, DEFAULT_QUIET_HOURS, isAllowed, nextAllowed, type ContactHours } from '../../domain/quiet-hours';
import { recipientPlace } from '../../domain/recipient-place';
import { STATE_RULES, STATE_RULES_VERSION, stateHours, stateRulesFor, US_STATES } from '../../domain/state-rules';
import { ruleInstant } from '../../domain/time';

describe('stateHours', () => {
  it.each([
    ['TX', 'Wednesday', '2027-06-02', [9, 21]],
    ['TX', 'Sunday', '2027-06-06', [12, 21]],
    ['RI', 'Saturday', '2027-06-05', [10, 17]],
    ['RI', 'Sunday', '2027-06-06', null],
    ['AL', 'Thanksgiving', '2027-11-25', null],
    ['LA', 'Mardi Gras', '2027-02-09', null],
    ['LA', 'Good Friday', '2027-03-26', null],
    ['AL', 'Mardi Gras', '2027-02-09', [8, 20]],
    ['UT', 'Pioneer Day, observed', '2027-07-23', null],
    ['PA', 'Saturday', '2027-06-05', [8, 12]],
    ['NE:calls', 'a holiday', '2027-07-05', [13, 21]],
    ['ME:calls', 'Saturday', '2027-06-05', null],
    ['KY', 'a holiday', '2027-07-05', [10, 21]],
  ])('knows %s on %s', (...[id, , date, hours]) => {
    expect(stateHours(id, date)).toEqual(hours);
  });

  it('leaves the day alone before a row took effect', () => {
    expect(stateHours('TX', '2025-08-31')).toEqual([0, 24]);
    expect(stateHours('TX', '2025-09-01')).toEqual([9, 21]);
  });

  it('refuses an id that no row has', () => {
    expect(() => stateHours('ZZ', '2027-06-02')).toThrow(RangeError);
  });
});

describe('stateRulesFor', () => {
  it('narrows marketing and calls, calls further, and reminders not at all', () => {
    const at = { states: ['CA', 'TX'], countries: ['US'] };
    expect(stateRulesFor({ messageClass: 'marketing', ...at })).toEqual(['TX']);
    expect(stateRulesFor({ messageClass: 'call', ...at })).toEqual(['TX', 'CA:calls']);
    expect(stateRulesFor({ messageClass: 'reminder', ...at })).toEqual([]);
  });

  it('tells California from Canada and Mexico from no state', () => {
    expect(stateRulesFor({ messageClass: 'call', states: [], countries: ['CA'] })).toEqual([]);
    expect(stateRulesFor({ messageClass: 'notice', states: [], countries: ['MX'] })).toEqual(['MX']);
  });

  it('gives every row a source and one id', () => {
    expect(new Set(STATE_RULES.map((rule) => rule.id)).size).toBe(STATE_RULES.length);
    expect(STATE_RULES.filter((rule) => rule.source === '' || rule.checkedAt > STATE_RULES_VERSION)).toEqual([]);
    expect(STATE_RULES.filter((rule) => rule.state !== null && !US_STATES.includes(rule.state))).toEqual([]);
  });
});

describe('a person whose state is unknown', () => {
  const place = recipientPlace({ zone: 'America/Chicago', postalCode: null, phone: null });
  const hours: ContactHours = contactHours({
    messageClass: 'marketing',
    channel: 'sms',
    place,
    quiet: DEFAULT_QUIET_HOURS,
    causedByRecipientAt: null,
  });
  const local = (date: string, time: string): string => ruleInstant({ date, time }, 'America/Chicago');

  it('is marketed to Monday to Friday 10-18, Saturday 10-12, never on Sundays or holidays', () => {
    const open = (date: string, time: string): boolean => isAllowed(hours, local(date, time));
    expect([open('2027-06-02', '09:59'), open('2027-06-02', '10:00'), open('2027-06-02', '17:59'), open('2027-06-02', '18:00')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([open('2027-06-05', '10:00'), open('2027-06-05', '11:59'), open('2027-06-05', '12:00')]).toEqual([true, true, false]);
    expect([open('2027-06-06', '11:00'), open('2027-07-05', '11:00')]).toEqual([false, false]);
  });

  it('waits from Saturday noon over a Monday holiday until Tuesday', () => {
    expect(nextAllowed(hours, local('2027-07-03', '12:00'))).toBe(local('2027-07-06', '10:00'));
  });
});
