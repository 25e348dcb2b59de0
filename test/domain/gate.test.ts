import { gate, type GateFacts } from '../../domain/gate';
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

const ask = (more: Partial<GateFacts> = {}): ReturnType<typeof gate> =>
  gate({
    now: NOON,
    notAfter: '2027-06-12T14:00:00.000Z',
    rule: '1d',
    messageClass: 'reminder',
    businessStatus: 'active',
    suppressed: false,
    consent: true,
    channelUsable: true,
    hours: DAY,
    contactCap: { sentIn24h: 0, limit: 3, freesAt: null },
    registrationPending: false,
    spreadKey: 'a',
    ...more,
  });

describe('gate', () => {
  it('lets a reminder go at noon', () => {
    expect(ask()).toEqual({ kind: 'send' });
  });

  it.each<[string, Partial<GateFacts>, ReturnType<typeof gate>]>([
    ['skips for a business that has left', { businessStatus: 'canceled' }, { kind: 'skip', reason: 'business_inactive' }],
    ['holds for a business that is paused', { businessStatus: 'paused' }, { kind: 'hold', reason: 'business_inactive' }],
    ['skips for somebody who opted out', { suppressed: true }, { kind: 'skip', reason: 'suppressed' }],
    ['skips without consent', { consent: false }, { kind: 'skip', reason: 'no_consent' }],
    ['skips over a dead channel', { channelUsable: false }, { kind: 'skip', reason: 'channel_unusable' }],
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
      { suppressed: true, consent: false, channelUsable: false },
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

  it('refuses a call at night for good instead of deferring it', () => {
    expect(ask({ messageClass: 'call', now: MIDNIGHT })).toEqual({ kind: 'skip', reason: 'quiet_hours' });
  });

  describe('with three messages in 24 hours', () => {
    const full = { sentIn24h: 3, limit: 3, freesAt: '2027-06-10T20:00:00.000Z' };

    it.each(['reminder', 'notice', 'reply', 'staff'] as const)('never holds back a %s', (messageClass) => {
      expect(ask({ messageClass, contactCap: full })).toEqual({ kind: 'send' });
    });

    it.each(['review', 'marketing'] as const)('lets a %s wait until the oldest is a day old', (messageClass) => {
      expect(ask({ messageClass, contactCap: full })).toEqual({ kind: 'defer', until: full.freesAt, reason: 'contact_cap' });
      expect(ask({ messageClass, contactCap: { ...full, sentIn24h: 2 } })).toEqual({ kind: 'send' });
    });

    it('waits past the night when the cap frees at midnight', () => {
      const answer = ask({ messageClass: 'review', contactCap: { ...full, freesAt: MIDNIGHT } });
      expect(answer).toMatchObject({ kind: 'defer', reason: 'contact_cap' });
      expect((answer as { until: string }).until >= '2027-06-11T12:00:00.000Z').toBe(true);
    });

    it('asks again in an hour when nobody knows when the cap frees', () => {
      expect(ask({ messageClass: 'review', contactCap: { ...full, freesAt: null } })).toEqual({
        kind: 'defer',
        until: '2027-06-10T17:00:00.000Z',
        reason: 'contact_cap',
      });
    });
  });
});
