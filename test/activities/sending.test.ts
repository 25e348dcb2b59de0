import { callVendor } from '../../activities/calling-vendor';
import { suppressChannel } from '../../db/opt-outs';
import { markSending } from '../../db/sending';
import { withBusiness } from '../../db/tenancy';
import { plusMs } from '../../domain/time';
import { attemptsOf } from '../support/attempts';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('twilio'));

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';

const waitingForLocks = async (): Promise<number> => {
  const { rows } = await world.db.pool.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows[0]?.count ?? 0;
};

const smsAddress = (salon: Salon) => ({
  channel: 'sms' as const,
  addressHash: world.activityDeps.hash.address(salon.id, salon.contactPhone),
  now: NOW,
});

describe('a message at its turn', () => {
  it('is not sent when a STOP was committed between its plan and its turn, and says so', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const { plan, send, row, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    expect(await world.text(salon, 'STOP')).toBe(200);
    await eventually(async () =>
      expect((await world.call(salon, `GET /contacts/${salon.contactId}`)).body).toMatchObject({
        channels: expect.arrayContaining([expect.objectContaining({ channel: 'sms', opted_out: true })]),
      }),
    );
    expect(await send(messageId)).toBe('skipped suppressed');
    expect(await row(messageId)).toMatchObject({ status: 'skipped', reason: 'suppressed' });
    expect(accepted()).toEqual([]);
  });

  it('waits for a STOP that is being written, and obeys it', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const { plan, send, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    const sending = await withBusiness(world.db, salon.id, async (tx) => {
      await suppressChannel(tx, { ...smsAddress(salon), source: 'keyword' });
      const attempt = send(messageId);
      await eventually(async () => expect(await waitingForLocks()).toBe(1));
      return { attempt };
    });
    expect(await sending.attempt).toBe('skipped suppressed');
    expect(accepted()).toEqual([]);
  });

  it('is dropped when the visit was cancelled or moved since it was planned', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, row, accepted } = attemptsOf(world, salon);
    const cancelled = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    const moved = await aVisit(world, salon, { startsAt: '2027-03-05T17:00:00.000Z' });
    const [ofCancelled, ofMoved] = [await plan(cancelled, 'confirmation'), await plan(moved, 'confirmation')];
    await cancelled.change('cancel');
    await moved.move('2027-03-05T19:00:00.000Z');
    expect([await send(ofCancelled), await send(ofMoved)]).toEqual(['skipped cancelled', 'skipped superseded']);
    expect(await row(ofMoved)).toMatchObject({ status: 'skipped', reason: 'superseded' });
    expect(accepted()).toEqual([]);
  });

  it('is judged by the present, not by the hour at which the attempt was scheduled', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, setClock, accepted } = attemptsOf(world, salon);
    const visit = await aVisit(world, salon, { startsAt: '2027-03-04T20:00:00.000Z' });
    const [day, hours] = [await plan(visit, '1d'), await plan(visit, '2h')];

    await setClock('2027-03-04T03:00:00.000Z'); // 22:00: the day-before reminder waits for the morning
    expect(await send(day, '2027-03-03T20:00:00.000Z')).toBe('not_due');
    await setClock('2027-03-04T19:20:00.000Z'); // 40 minutes before the visit
    expect(await send(hours, '2027-03-04T18:00:00.000Z')).toBe('skipped too_late');
    expect(await send(day, '2027-03-03T20:00:00.000Z')).toMatch(/^skipped (too_late|overtaken)$/);
    expect(accepted()).toEqual([]);
  });

  it('is not due before its time, however often it is asked for', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), '1d');
    expect([await send(messageId), await send(messageId)]).toEqual(['not_due', 'not_due']);
    expect(accepted()).toEqual([]);
  });

  it('goes out once when a hundred attempts are made at the same time', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, row, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => send(messageId)));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
    expect(accepted()).toHaveLength(1);
    expect(await row(messageId)).toMatchObject({ attempt: 1 });
    expect(await send(messageId)).toBe('settled');
  });
});

describe('a vendor that says no', () => {
  it('for now is asked again when it said, once', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, row, setClock, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    world.sandbox.faults.put('twilio', { mode: 'rate_limit', delay_ms: 120_000, match: salon.contactPhone, times: 1 });
    expect(await send(messageId)).toBe('again');
    const { deferredUntil } = await row(messageId);
    expect(Math.abs(Date.parse(deferredUntil ?? '') - Date.parse(NOW) - 120_000)).toBeLessThan(20_000);
    expect(await send(messageId)).toBe('not_due');
    expect(accepted()).toEqual([]);

    await setClock('2027-03-02T15:03:00.000Z');
    expect([await send(messageId), await send(messageId)]).toEqual(['sent', 'settled']);
    expect(accepted()).toHaveLength(1);
  });

  it("because our key is wrong keeps the message until the key is mended: it is nobody else's fault", async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, row, setClock } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '20003', match: salon.contactPhone, times: 1 });
    expect(await send(messageId)).toBe('again');
    expect(await row(messageId)).toMatchObject({ status: 'planned', vendorCode: null });
    await setClock('2027-03-02T15:10:00.000Z');
    expect(await send(messageId)).toBe('sent');
  });

  it('with a server error may have sent it, so it is looked for and not sent again', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, row } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    world.sandbox.faults.put('twilio', { mode: 'error', match: salon.contactPhone, times: 1 });
    expect(await send(messageId)).toEqual({ againInMs: expect.any(Number) });
    expect(await row(messageId)).toMatchObject({ status: 'sending' });
  });

  it('for good ends the message with our word and its code', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, send, row } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21408', match: salon.contactPhone, times: 1 });
    expect(await send(messageId)).toBe('failed international_blocked');
    expect(await row(messageId)).toMatchObject({ status: 'failed', reason: 'international_blocked', vendorCode: '21408' });
  });
});

describe('an attempt that stood still', () => {
  it('for more than two seconds after its mark does not call the vendor: another may have taken the message up', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { plan, row, send, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    const markedAt = new Date(Date.now() - 3_000).toISOString();
    const text = {
      toAddress: salon.contactPhone,
      fromAddress: salon.number,
      fromName: null,
      subject: null,
      body: 'Hello',
      html: null,
      locale: 'en',
      segments: 1,
    };
    const mark = {
      ...text,
      id: messageId,
      templateId: 'confirmation.sms.en.1',
      asksConfirmation: true,
      vendor: 'twilio',
      decision: null,
      markedAt,
      now: NOW,
    };
    const attempt = await withBusiness(world.db, salon.id, (tx) => markSending(tx, mark));
    const marked = { message: await row(messageId), attempt, markedAt };
    expect(await callVendor(world.activityDeps, { businessId: salon.id, now: NOW, ...marked })).toEqual({ outcome: 'again' });
    expect(accepted()).toEqual([]);
    // Not at once: a worker that was too busy to begin would only spin.
    expect(await send(messageId)).toBe('not_due');
    expect(await send(messageId, plusMs(NOW, 10_000))).toBe('sent');
    expect(accepted()).toHaveLength(1);
  });
});
