import type { PlanOutcome, Reach } from '../../domain/appointment-facts';
import { channelOrder, isSettled, routeOf, type Route } from '../../domain/message-route';
import { aRow, aVisit, only, planned } from './visit-facts';

/** Without why it is not the channel before: that has tests of its own. */
const route = (reach: Reach, rows: PlanOutcome[] = []): Partial<Route> => {
  const { channel, skip, hold, kept } = routeOf({ channels: ['sms', 'email'], reach, rows });
  return { channel, skip, hold, ...(kept && { kept }) };
};
const BOTH: Reach = { sms: 'ok', email: 'ok' };
const refused = (reason: PlanOutcome['reason']): PlanOutcome => aRow('1d', { status: 'skipped', reason });

describe('routeOf', () => {
  it.each<[string, Reach, Partial<Route>]>([
    ['takes the first channel that is open', BOTH, { channel: 'sms', skip: null, hold: null }],
    ['passes over one that is opted out', { sms: 'suppressed', email: 'ok' }, { channel: 'email', skip: null, hold: null }],
    [
      'passes over one whose registration is under way',
      { sms: 'registration_pending', email: 'ok' },
      { channel: 'email', skip: null, hold: null },
    ],
    [
      'gives the reason of the first address when none is open',
      { sms: 'suppressed', email: 'no_consent' },
      { channel: 'sms', skip: 'suppressed', hold: null },
    ],
    ['gives the reason of the only address', { email: 'no_consent' }, { channel: 'email', skip: 'no_consent', hold: null }],
    ['says that there is no address', {}, { channel: 'sms', skip: 'no_address', hold: null }],
    [
      'holds while the only open channel waits for its registration',
      { sms: 'registration_pending' },
      { channel: 'sms', skip: null, hold: 'registration_pending' },
    ],
    [
      'holds rather than skips',
      { email: 'no_consent', sms: 'registration_pending' },
      { channel: 'sms', skip: null, hold: 'registration_pending' },
    ],
  ])('%s', (_, reach, expected) => {
    expect(route(reach)).toEqual(expected);
  });

  it.each(['sending', 'sent', 'delivered', 'unknown'] as const)('plans nothing beside a text that is %s', (status) => {
    const row = aRow('1d', { status });
    expect(route({ email: 'ok' }, [row])).toEqual({ channel: 'sms', skip: null, hold: null, kept: row });
  });

  it.each(['suppressed', 'no_consent', 'too_late', 'overtaken', 'quiet_no_room'] as const)(
    'plans nothing beside one skipped at its turn as %s',
    (reason) => {
      expect(route(BOTH, [refused(reason)])).toMatchObject({ channel: 'sms', skip: reason });
    },
  );

  it.each([aRow('1d', { status: 'failed' }), refused('channel_unusable'), refused('registration_pending')])(
    'falls back to e-mail from %j',
    (row) => {
      expect(route(BOTH, [row])).toEqual({ channel: 'email', skip: null, hold: null });
    },
  );

  it('falls back to e-mail when the vendor says that the registration is under way, and holds where there is none', () => {
    const held = aRow('1d', { status: 'held', reason: 'registration_pending', settled: false });
    expect(route(BOTH, [held])).toEqual({ channel: 'email', skip: null, hold: null });
    expect(route(BOTH, [{ ...held, status: 'skipped' }])).toEqual({ channel: 'email', skip: null, hold: null });
    expect(route({ sms: 'ok' }, [held])).toEqual({ channel: 'sms', skip: null, hold: 'registration_pending' });
  });

  it('stays with the last failure when no channel is left', () => {
    const rows = [aRow('1d', { status: 'failed' }), aRow('1d', { channel: 'email', status: 'failed' })];
    expect(route(BOTH, rows)).toEqual({ channel: 'email', skip: null, hold: null, kept: rows[1] });
  });

  it('plans anew what an earlier plan only foresaw or dropped', () => {
    expect(route(BOTH, [{ ...refused('suppressed'), settled: false }])).toMatchObject({ channel: 'sms', skip: null });
    for (const reason of ['rule_off', 'not_needed', 'superseded', 'cancelled'] as const) expect(isSettled(refused(reason))).toBe(false);
  });
});

describe('the preferred channel of a person', () => {
  const order = channelOrder(['sms', 'email'], 'whatsapp');

  it('comes before the business’s own order', () => {
    expect(order).toEqual(['whatsapp', 'sms', 'email']);
    expect(channelOrder(['sms', 'email'], 'email')).toEqual(['email', 'sms']);
    expect(channelOrder(['sms', 'email'], null)).toEqual(['sms', 'email']);
    expect(only(aVisit({ contact: { reach: { ...BOTH, whatsapp: 'ok' }, preferred: 'whatsapp' } }), '1d')).toMatchObject({
      channel: 'whatsapp',
      fallback: null,
    });
  });

  it('is passed over where it is closed, and the message says so', () => {
    const closed = routeOf({ channels: order, reach: { ...BOTH, whatsapp: 'no_consent' }, rows: [] });
    expect(closed).toMatchObject({ channel: 'sms', fallback: { from: 'whatsapp', reason: 'no_consent' } });
    expect(routeOf({ channels: order, reach: BOTH, rows: [] })).toMatchObject({ channel: 'sms', fallback: null });
  });

  it('is followed by text and e-mail, each only after a definite refusal of the one before (R41)', () => {
    const reach = { ...BOTH, whatsapp: 'ok' as const };
    const noTemplate = aRow('1d', { channel: 'whatsapp', status: 'skipped', reason: 'whatsapp_no_template' });
    expect(routeOf({ channels: order, reach, rows: [noTemplate] })).toMatchObject({
      channel: 'sms',
      fallback: { from: 'whatsapp', reason: 'whatsapp_no_template' },
    });
    const landline = aRow('1d', { status: 'failed', reason: 'channel_unusable' });
    expect(routeOf({ channels: order, reach, rows: [noTemplate, landline] })).toMatchObject({
      channel: 'email',
      fallback: { from: 'sms', reason: 'channel_unusable' },
    });
    for (const status of ['sending', 'sent', 'unknown', 'delivered'] as const) {
      const underWay = aRow('1d', { channel: 'whatsapp', status, settled: status !== 'sending' });
      expect(routeOf({ channels: order, reach, rows: [underWay] })).toMatchObject({ channel: 'whatsapp', kept: underWay });
    }
  });
});

describe('a fallback in the plan', () => {
  it('mails the 1d reminder at once when its text failed, and once only', () => {
    const now = '2027-06-14T18:05:00.000Z';
    const failed = aRow('1d', { status: 'failed' });
    expect(only(aVisit({ now, outcomes: [failed] }), '1d')).toMatchObject({
      channel: 'email',
      sendAt: '2027-06-14T18:00:00.000Z',
      skip: null,
    });
    const mailed = [failed, aRow('1d', { channel: 'email' })];
    expect(planned(aVisit({ now, outcomes: mailed })).filter(({ rule }) => rule === '1d')).toMatchObject([{ channel: 'email' }]);
  });

  it('mails nothing that is of no use any more', () => {
    const facts = aVisit({ now: '2027-06-15T14:00:00.000Z', outcomes: [aRow('1d', { status: 'failed' })] });
    expect(only(facts, '1d')).toMatchObject({ channel: 'email', skip: 'too_late' });
  });

  it('keeps a row of an older version out of it', () => {
    const appointment = { scheduleVersion: 2, scheduleChangedAt: '2027-06-03T16:00:00.000Z' };
    expect(only(aVisit({ appointment, outcomes: [aRow('1d')] }), '1d')).toMatchObject({ channel: 'sms', scheduleVersion: 2, skip: null });
  });
});
