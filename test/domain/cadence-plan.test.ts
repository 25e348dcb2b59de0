import { LISTEN_MS, planCadence, STEP_USEFUL_MS, type CadenceFacts, type StepRow } from '../../domain/cadence-plan';
import type { Reason } from '../../domain/message';
import { DEFAULT_QUIET_HOURS } from '../../domain/quiet-hours';
import { recipientPlace } from '../../domain/recipient-place';
import { plusMs } from '../../domain/time';

/** A Tuesday, 10:00 in New York. */
const START = '2027-03-02T15:00:00.000Z';
const MIN_MS = 60_000;

const step = (position: number, waitMin: number, channels: CadenceFacts['steps'][number]['channels'] = ['sms', 'email']) => ({
  position,
  waitMin,
  templateKey: `cadence_never_answered_${position}`,
  channels,
});

const facts = (over: Partial<CadenceFacts> = {}): CadenceFacts => ({
  now: START,
  stateId: 's1',
  startedAt: START,
  cadence: { enabled: true, messageClass: 'marketing' },
  steps: [step(1, 60), step(2, 24 * 60)],
  businessStatus: 'active',
  quiet: DEFAULT_QUIET_HOURS,
  contact: {
    reach: { sms: 'ok', email: 'ok' },
    preferred: null,
    place: recipientPlace({ zone: 'America/New_York', postalCode: '10001', phone: '+12125550123' }),
  },
  hasBooked: false,
  rows: [],
  ...over,
});

const row = (over: Partial<StepRow> = {}): StepRow => ({
  id: 'm1',
  step: 1,
  rule: 'cadence_never_answered_1',
  channel: 'sms',
  recipientId: 'c1',
  scheduleVersion: 0,
  change: null,
  status: 'sent',
  reason: null,
  settled: true,
  sentAt: '2027-03-02T16:00:00.000Z',
  settledAt: '2027-03-02T16:00:00.000Z',
  ...over,
});
const reach = (sms: 'ok' | Reason, email?: 'ok' | Reason): Partial<CadenceFacts> => ({
  contact: { ...facts().contact, reach: { sms, ...(email && { email }) } },
});

describe('planCadence', () => {
  it('plans the first step its wait after the start, and nothing beyond it', () => {
    expect(planCadence(facts())).toEqual({
      passed: [],
      next: {
        kind: 'message',
        message: {
          step: 1,
          templateKey: 'cadence_never_answered_1',
          channel: 'sms',
          dueAt: '2027-03-02T16:00:00.000Z',
          sendAt: '2027-03-02T16:00:00.000Z',
          notAfter: plusMs('2027-03-02T16:00:00.000Z', STEP_USEFUL_MS),
          skip: null,
          hold: null,
          fallback: null,
        },
      },
    });
  });

  it('counts the second from when the first was sent, not from when it was due', () => {
    const { next } = planCadence(facts({ rows: [row({ sentAt: '2027-03-02T18:30:00.000Z' })] }));
    expect(next).toMatchObject({ kind: 'message', message: { step: 2, dueAt: '2027-03-03T18:30:00.000Z' } });
  });

  it('moves a step that is due at night to the morning of its person', () => {
    const { next } = planCadence(facts({ steps: [step(1, 12 * 60)] })); // 22:00 in New York
    expect(next).toMatchObject({ kind: 'message', message: { dueAt: '2027-03-03T03:00:00.000Z' } });
    const { sendAt } = (next as { message: { sendAt: string } }).message;
    expect(sendAt >= '2027-03-03T13:00:00.000Z' && sendAt < '2027-03-03T13:10:00.000Z').toBe(true);
  });

  it('takes the channel that the person likes best, where it is open', () => {
    const contact = { ...facts().contact, preferred: 'email' as const };
    expect(planCadence(facts({ contact })).next).toMatchObject({ message: { channel: 'email' } });
    expect(planCadence(facts({ contact: { ...contact, reach: { sms: 'ok', email: 'no_consent' } } })).next).toMatchObject({
      message: { channel: 'sms' },
    });
  });

  it.each([
    ['somebody booked since', { hasBooked: true }, 'booked'],
    ['it was switched off', { cadence: { enabled: false, messageClass: 'marketing' } }, 'stopped'],
    ['its steps were all taken away', { steps: [] }, 'finished'],
    ['the person had opted out', reach('suppressed'), 'opted_out'],
    ['the number is on the do-not-call list', reach('dnc'), 'opted_out'],
  ] as [string, Partial<CadenceFacts>, string][])('ends when %s', (_, over, reason) => {
    expect(planCadence(facts(over)).next).toEqual({ kind: 'end', reason });
  });

  it('goes by e-mail for somebody who ended texts alone', () => {
    expect(planCadence(facts(reach('suppressed', 'ok'))).next).toMatchObject({
      message: { channel: 'email', skip: null, fallback: { from: 'sms', reason: 'suppressed' } },
    });
  });

  it('says ahead of its time that a step cannot go, and why, and goes on when its time has come', () => {
    const before = planCadence(facts(reach('no_consent')));
    expect(before).toMatchObject({ passed: [], next: { kind: 'message', message: { step: 1, skip: 'no_consent' } } });
    const now = '2027-03-02T16:00:00.000Z';
    expect(planCadence(facts({ ...reach('no_consent'), now }))).toMatchObject({
      passed: [{ step: 1, skip: 'no_consent' }],
      next: { kind: 'message', message: { step: 2, skip: 'no_consent', dueAt: '2027-03-03T16:00:00.000Z' } },
    });
  });

  it('skips what an outage has kept beyond its use, and does not catch up all at once', () => {
    const now = plusMs(START, STEP_USEFUL_MS + 61 * MIN_MS);
    expect(planCadence(facts({ now }))).toMatchObject({
      passed: [{ step: 1, skip: 'too_late' }],
      next: { kind: 'message', message: { step: 2, skip: null, dueAt: plusMs(now, 24 * 60 * MIN_MS) } },
    });
  });

  it('skips every step of a business that was canceled', () => {
    expect(planCadence(facts({ businessStatus: 'canceled' })).next).toMatchObject({ message: { skip: 'business_inactive' } });
  });

  it.each([
    ['the business is paused', { businessStatus: 'paused' }, 'business_inactive'],
    ['the number is being registered', reach('registration_pending'), 'registration_pending'],
  ] as [string, Partial<CadenceFacts>, string][])('holds a step while %s', (_, over, hold) => {
    expect(planCadence(facts(over)).next).toMatchObject({ message: { step: 1, hold, skip: null } });
  });

  it('has somebody find out first what became of a message that nobody knows of', () => {
    const rows = [row({ status: 'sending', settled: false, settledAt: null, sentAt: null })];
    expect(planCadence(facts({ rows, hasBooked: true })).next).toMatchObject({ kind: 'unclear', row: { id: 'm1' } });
  });

  it('never guesses that an unknown message did not go: the step is over', () => {
    const rows = [row({ status: 'unknown', sentAt: null })];
    expect(planCadence(facts({ rows })).next).toMatchObject({ message: { step: 2, dueAt: '2027-03-03T16:00:00.000Z' } });
  });

  it('tries the next channel of a step whose text was refused, and goes on when that is refused too', () => {
    const failed = row({ status: 'failed', reason: 'channel_unusable' });
    expect(planCadence(facts({ rows: [failed] })).next).toMatchObject({
      message: { step: 1, channel: 'email', fallback: { from: 'sms', reason: 'channel_unusable' } },
    });
    const both = [failed, row({ id: 'm2', channel: 'email', status: 'failed', settledAt: '2027-03-02T17:00:00.000Z', sentAt: null })];
    expect(planCadence(facts({ rows: both })).next).toMatchObject({ message: { step: 2, dueAt: '2027-03-03T17:00:00.000Z' } });
  });

  it('takes a message dropped by an edit for one that has not been decided', () => {
    const rows = [row({ status: 'skipped', reason: 'not_needed', settled: false, settledAt: null, sentAt: null })];
    expect(planCadence(facts({ rows })).next).toMatchObject({ message: { step: 1 } });
  });

  it('listens for a day after the last step, and then is finished', () => {
    const sentAt = '2027-03-03T16:00:00.000Z';
    const rows = [row(), row({ id: 'm2', step: 2, sentAt, settledAt: sentAt })];
    const until = plusMs(sentAt, LISTEN_MS);
    expect(planCadence(facts({ rows, now: sentAt })).next).toEqual({ kind: 'listen', step: 2, until });
    expect(planCadence(facts({ rows, now: until })).next).toEqual({ kind: 'end', reason: 'finished' });
  });

  it('is finished at once when its last step was not sent', () => {
    const rows = [row(), row({ id: 'm2', step: 2, status: 'skipped', reason: 'no_consent', sentAt: null })];
    expect(planCadence(facts({ rows })).next).toEqual({ kind: 'end', reason: 'finished' });
  });

  it('is finished when the steps that were left are taken away after the first was sent long ago', () => {
    const now = plusMs(START, 3 * 24 * 60 * MIN_MS);
    expect(planCadence(facts({ rows: [row()], steps: [step(1, 60)], now })).next).toEqual({ kind: 'end', reason: 'finished' });
  });
});
