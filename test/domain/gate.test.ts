import { CONTACT_CAP, gate, type Cap, type GateFacts } from '../../domain/gate';
import type { ContactHours } from '../../domain/quiet-hours';

const DAY: ContactHours = {
  kind: 'windows',
  zones: ['America/New_York'],
  quiet: [{ startMinute: 21 * 60, endMinute: 8 * 60 }],
  rows: [],
  free: null,
};
const NOON = '2027-06-10T16:00:00.000Z';
const MIDNIGHT = '2027-06-11T04:00:00.000Z';
const EMPTY: Cap = { used: 0, limit: 5, freesAt: null };
const FULL: Cap = { used: 5, limit: 5, freesAt: '2027-06-10T16:00:30.000Z' };

const ask = (more: Partial<GateFacts> = {}): ReturnType<typeof gate> =>
  gate({
    now: NOON,
    notAfter: '2027-06-12T14:00:00.000Z',
    rule: '1d',
    messageClass: 'reminder',
    channel: 'sms',
    businessStatus: 'active',
    suppressed: false,
    onOwnDncList: false,
    dncCheck: 'off',
    consent: true,
    channelUsable: true,
    postalAddressKnown: true,
    hours: DAY,
    zoneSource: 'stated',
    callsPerMin: EMPTY,
    callsPerDay: EMPTY,
    contactCap: { used: 0, limit: CONTACT_CAP, freesAt: null },
    abroad: false,
    international: 'visits',
    trialOutboundDisabled: false,
    registrationPending: false,
    spreadKey: 'a',
    ...more,
  });
const call = (more: Partial<GateFacts> = {}): ReturnType<typeof gate> =>
  ask({ rule: null, messageClass: 'call', channel: 'voice', ...more });

describe('gate', () => {
  it('lets a reminder go at noon', () => {
    expect(ask()).toEqual({ kind: 'send' });
  });

  it.each<[string, Partial<GateFacts>, ReturnType<typeof gate>]>([
    ['skips for a business that has left', { businessStatus: 'canceled' }, { kind: 'skip', reason: 'business_inactive' }],
    ['holds for a business that is paused', { businessStatus: 'paused' }, { kind: 'hold', reason: 'business_inactive' }],
    ['skips for somebody who opted out', { suppressed: true }, { kind: 'skip', reason: 'suppressed' }],
    ["skips for a number on the business's do-not-call list", { onOwnDncList: true }, { kind: 'skip', reason: 'dnc' }],
    ['skips without consent', { consent: false }, { kind: 'skip', reason: 'no_consent' }],
    [
      'skips an offer by e-mail of a business without a postal address',
      { messageClass: 'marketing', channel: 'email', postalAddressKnown: false },
      { kind: 'skip', reason: 'no_postal_address' },
    ],
    ['sends a reminder by e-mail without one', { channel: 'email', postalAddressKnown: false }, { kind: 'send' }],
    ['skips over a dead channel', { channelUsable: false }, { kind: 'skip', reason: 'channel_unusable' }],
    [
      'skips abroad for a business that writes to nobody there',
      { abroad: true, international: 'none' },
      { kind: 'skip', reason: 'international_blocked' },
    ],
    ['skips for a trial that may not send', { trialOutboundDisabled: true }, { kind: 'skip', reason: 'trial_outbound_disabled' }],
    ['holds while the registration is under way', { registrationPending: true }, { kind: 'hold', reason: 'registration_pending' }],
    ['skips from the last useful moment on', { now: '2027-06-12T14:00:00.000Z' }, { kind: 'skip', reason: 'too_late' }],
    ['still sends in the last useful millisecond', { now: '2027-06-12T13:59:59.999Z' }, { kind: 'send' }],
  ])('%s', (_, facts, answer) => {
    expect(ask(facts)).toEqual(answer);
  });

  it('defers from midnight to the ten minutes after 08:00', () => {
    const answer = ask({ now: MIDNIGHT });
    expect(answer).toMatchObject({ kind: 'defer', reason: 'quiet_hours' });
    const { until } = answer as { until: string };
    expect(until >= '2027-06-11T12:00:00.000Z' && until < '2027-06-11T12:10:00.000Z').toBe(true);
    expect(ask({ now: until })).toEqual({ kind: 'send' });
  });

  it('skips what could only go when it is of no use any more', () => {
    expect(ask({ now: MIDNIGHT, notAfter: '2027-06-11T12:00:00.000Z' })).toEqual({ kind: 'skip', reason: 'too_late' });
  });

  it.each<[string, Partial<GateFacts>, ReturnType<typeof gate>]>([
    ['a final no wins over held', { businessStatus: 'paused', suppressed: true }, { kind: 'skip', reason: 'suppressed' }],
    ['a final no wins over deferred', { now: MIDNIGHT, consent: false }, { kind: 'skip', reason: 'no_consent' }],
    ['held wins over deferred', { now: MIDNIGHT, registrationPending: true }, { kind: 'hold', reason: 'registration_pending' }],
    ['too late wins over held', { businessStatus: 'paused', now: '2027-06-12T14:00:00.000Z' }, { kind: 'skip', reason: 'too_late' }],
    [
      'the first of two final ones is named',
      { suppressed: true, onOwnDncList: true, consent: false, channelUsable: false },
      { kind: 'skip', reason: 'suppressed' },
    ],
    [
      'the first of two held ones is named',
      { businessStatus: 'paused', registrationPending: true },
      { kind: 'hold', reason: 'business_inactive' },
    ],
  ])('%s', (_, facts, answer) => {
    expect(ask(facts)).toEqual(answer);
  });

  it('answers STOP and HELP of somebody who is opted out, and nothing else', () => {
    const reply = { messageClass: 'reply', suppressed: true, consent: false, hours: { kind: 'always' } } as const;
    expect(ask({ ...reply, rule: 'opt_out_ack' })).toEqual({ kind: 'send' });
    expect(ask({ ...reply, rule: 'help' })).toEqual({ kind: 'send' });
    expect(ask({ ...reply, rule: 'confirm_ack' })).toEqual({ kind: 'skip', reason: 'suppressed' });
    expect(ask({ ...reply, suppressed: false, rule: 'confirm_ack' })).toEqual({ kind: 'send' });
  });

  it('asks no consent of staff', () => {
    expect(ask({ messageClass: 'staff', rule: 'staff_new_booking', consent: false })).toEqual({ kind: 'send' });
  });

  describe('with three messages in 24 hours', () => {
    const full = { used: 3, limit: 3, freesAt: '2027-06-10T20:00:00.000Z' };

    it.each(['reminder', 'notice', 'reply', 'staff'] as const)('never holds back a %s', (messageClass) => {
      expect(ask({ messageClass, contactCap: full })).toEqual({ kind: 'send' });
    });

    it.each(['review', 'marketing'] as const)('lets a %s wait until the oldest is a day old', (messageClass) => {
      expect(ask({ messageClass, contactCap: full })).toEqual({ kind: 'defer', until: full.freesAt, reason: 'contact_cap' });
      expect(ask({ messageClass, contactCap: { ...full, used: 2 } })).toEqual({ kind: 'send' });
    });

    it('waits past the night when the cap frees at midnight', () => {
      const answer = ask({ messageClass: 'review', contactCap: { ...full, freesAt: MIDNIGHT } });
      expect(answer).toMatchObject({ kind: 'defer', reason: 'contact_cap' });
      expect((answer as { until: string }).until >= '2027-06-11T12:00:00.000Z').toBe(true);
    });

    it('asks again in an hour when a business allows none at all', () => {
      expect(ask({ messageClass: 'review', contactCap: { used: 0, limit: 0, freesAt: null } })).toEqual({
        kind: 'defer',
        until: '2027-06-10T17:00:00.000Z',
        reason: 'contact_cap',
      });
    });
  });

  describe('of numbers abroad', () => {
    it.each([
      ['reminder', 'send'],
      ['notice', 'send'],
      ['reply', 'send'],
      ['review', 'skip'],
      ['marketing', 'skip'],
    ] as const)('by default answers a %s with %s', (messageClass, kind) => {
      expect(ask({ abroad: true, messageClass }).kind).toBe(kind);
    });

    it('lets everything go once the business allows it, and e-mail always', () => {
      expect(ask({ abroad: true, messageClass: 'marketing', international: 'all' })).toEqual({ kind: 'send' });
      expect(ask({ abroad: true, messageClass: 'marketing', channel: 'email' })).toEqual({ kind: 'send' });
    });
  });

  describe('of do-not-call lists', () => {
    it("keeps every automated text and call from a number on the business's own, but answers its messages", () => {
      for (const messageClass of ['notice', 'reminder', 'review', 'marketing'] as const)
        expect(ask({ onOwnDncList: true, messageClass })).toEqual({ kind: 'skip', reason: 'dnc' });
      expect(call({ onOwnDncList: true })).toEqual({ kind: 'skip', reason: 'dnc' });
      expect(ask({ onOwnDncList: true, messageClass: 'reply', rule: 'confirm_ack' })).toEqual({ kind: 'send' });
      expect(ask({ onOwnDncList: true, channel: 'email' })).toEqual({ kind: 'send' });
    });

    it('keeps what advertises from a number on the external one, and lets it wait for a list that does not answer', () => {
      const waits = { kind: 'defer', until: '2027-06-10T16:05:00.000Z', reason: 'dnc' };
      expect(ask({ dncCheck: 'listed' })).toEqual({ kind: 'send' });
      expect(ask({ dncCheck: 'listed', messageClass: 'marketing' })).toEqual({ kind: 'skip', reason: 'dnc' });
      expect(ask({ dncCheck: 'unknown', messageClass: 'marketing' })).toEqual(waits);
      expect(call({ dncCheck: 'listed' })).toEqual({ kind: 'skip', reason: 'dnc' });
      expect(call({ dncCheck: 'unknown' })).toEqual(waits);
      expect(call({ dncCheck: 'clear' })).toEqual({ kind: 'send' });
    });
  });

  describe('of a call', () => {
    it.each<[string, Partial<GateFacts>, string]>([
      ['at night', { now: MIDNIGHT }, 'quiet_hours'],
      ['while the business is paused', { businessStatus: 'paused' }, 'business_inactive'],
      ['after five in a minute', { callsPerMin: FULL }, 'velocity_per_min'],
      ['after fifty in a day', { callsPerDay: FULL }, 'velocity_daily'],
      ['after both', { callsPerMin: FULL, callsPerDay: FULL }, 'velocity_per_min'],
      ['abroad', { abroad: true }, 'international_blocked'],
      ['without consent to an artificial voice', { consent: false }, 'no_consent'],
    ])('refuses one %s for good', (_, facts, reason) => {
      expect(call(facts)).toEqual({ kind: 'skip', reason });
    });

    it("never counts the business's calls against its texts", () => {
      expect(ask({ callsPerMin: FULL, callsPerDay: FULL, messageClass: 'marketing' })).toEqual({ kind: 'send' });
    });
  });
});
