import { v7 as newId } from 'uuid';
import { recordConsents } from '../../db/contacts';
import { liftSuppression, listOptOuts, suppressChannel, type NewOptOut } from '../../db/opt-outs';
import { withBusiness } from '../../db/tenancy';
import { DAY_MS, plusMs } from '../../domain/time';
import { attemptsOf } from '../support/attempts';
import { eventually } from '../support/eventually';
import { aConsent, plannedTexts } from '../support/marketing';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

// A Tuesday, 12:00 in New York, after the policy date of R33.
const NOON = '2027-03-02T17:00:00.000Z';
const BEFORE_POLICY = '2027-01-12T17:00:00.000Z';

const hashOf = (salon: Salon): string => world.activityDeps.hash.address(salon.id, salon.contactPhone);
const optOut = (salon: Salon, now: string, more: Partial<NewOptOut> = {}): Promise<boolean> =>
  withBusiness(world.db, salon.id, (tx) =>
    suppressChannel(tx, { channel: 'sms', addressHash: hashOf(salon), source: 'keyword', now, ...more }),
  );
const start = (salon: Salon, now: string): Promise<boolean> =>
  withBusiness(world.db, salon.id, (tx) => liftSuppression(tx, { channel: 'sms', addressHash: hashOf(salon), now }));
const askCall = (salon: Salon, now: string) =>
  world.activities.askCall({
    businessId: salon.id,
    contactId: salon.contactId,
    reservationId: newId(),
    notAfter: plusMs(now, DAY_MS),
    now: new Date().toISOString(),
  });
const sendText = async (salon: Salon, at: string, messageClass: 'notice' | 'marketing' = 'notice') => {
  const [id = ''] = await plannedTexts(world.db, salon, { at, messageClass });
  return attemptsOf(world, salon).send(id);
};

describe('STOP by text', () => {
  it('ends calls of an artificial voice at once, and START does not bring them back without a new consent', async () => {
    const salon = await world.aSalon({ now: BEFORE_POLICY });
    await aConsent(world.db, salon, { channel: 'voice', purpose: 'ai_voice', at: BEFORE_POLICY });
    expect(await askCall(salon, BEFORE_POLICY)).toEqual({ kind: 'call' });
    await optOut(salon, plusMs(BEFORE_POLICY, 1_000));
    expect(await askCall(salon, BEFORE_POLICY)).toEqual({ kind: 'no', reason: 'suppressed' });
    expect(await sendText(salon, BEFORE_POLICY)).toBe('skipped suppressed');

    await start(salon, plusMs(BEFORE_POLICY, 2_000));
    expect(await sendText(salon, BEFORE_POLICY)).toBe('sent');
    expect(await askCall(salon, BEFORE_POLICY)).toEqual({ kind: 'no', reason: 'no_consent' });
    await aConsent(world.db, salon, { channel: 'voice', purpose: 'ai_voice', at: plusMs(BEFORE_POLICY, 3_000) });
    expect(await askCall(salon, BEFORE_POLICY)).toEqual({ kind: 'call' });
  });

  it('takes back the written consent to marketing, which START does not give again', async () => {
    const salon = await world.aSalon({ now: NOON });
    await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOON });
    expect(await sendText(salon, NOON, 'marketing')).toBe('sent');
    await optOut(salon, plusMs(NOON, 1_000));
    await start(salon, plusMs(NOON, 2_000));
    expect(await sendText(salon, NOON)).toBe('sent');
    expect(await sendText(salon, NOON, 'marketing')).toBe('skipped no_consent');
  });

  it('by WhatsApp closes texts only from 31 January 2027 on', async () => {
    const [before, after] = [await world.aSalon({ now: BEFORE_POLICY }), await world.aSalon({ now: NOON })];
    await optOut(before, BEFORE_POLICY, { channel: 'whatsapp' });
    await optOut(after, BEFORE_POLICY, { channel: 'whatsapp' });
    expect(await sendText(before, BEFORE_POLICY)).toBe('sent');
    expect(await sendText(after, NOON)).toBe('skipped suppressed');
    await start(after, plusMs(NOON, 1_000));
    expect(await sendText(after, NOON)).toBe('sent');
    expect(await askCall(after, NOON)).toMatchObject({ kind: 'no' });
  });

  it('is said once, however often, and again after START; every proof is kept', async () => {
    const salon = await world.aSalon({ now: NOON });
    expect(await optOut(salon, NOON, { statement: 'Stop', evidence: 'message 1' })).toBe(true);
    expect(await optOut(salon, plusMs(NOON, 1_000), { statement: 'STOP!' })).toBe(false);
    expect(await start(salon, plusMs(NOON, 2_000))).toBe(true);
    expect(await start(salon, plusMs(NOON, 3_000))).toBe(false);
    expect(await optOut(salon, plusMs(NOON, 4_000), { source: 'spoken', recordedBy: 'user x' })).toBe(true);
    const rows = await withBusiness(world.db, salon.id, (tx) =>
      listOptOuts(tx, { id: salon.contactId, phoneHash: hashOf(salon), emailHash: null }),
    );
    expect(rows).toMatchObject([
      { source: 'spoken', recordedBy: 'user x', liftedAt: null },
      { source: 'keyword', statement: 'Stop', evidence: 'message 1', liftedAt: plusMs(NOON, 2_000) },
    ]);
  });

  it('of an unknown number holds for whoever comes with it later', async () => {
    const salon = await world.aSalon({ now: NOON, phone: false });
    await optOut(salon, NOON);
    const made = await world.call(salon, 'POST /contacts', {
      name: 'Late',
      phone: salon.contactPhone,
      consents: [{ channel: 'sms', purpose: 'service', statement: 'yes', source: 'desk' }],
    });
    expect(made.body).toMatchObject({ channels: [{ channel: 'sms', service: true, opted_out: true }] });
  });
});

describe('A withdrawal of consent', () => {
  it('that is being written makes a send wait, and is obeyed', async () => {
    const salon = await world.aSalon({ now: NOON, consents: ['sms'] });
    const { plan, send, accepted } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: '2027-03-04T17:00:00.000Z' }), 'confirmation');
    const sending = await withBusiness(world.db, salon.id, async (tx) => {
      await tx('contactChannels')
        .where({ addressHash: hashOf(salon) })
        .forUpdate()
        .select('channel');
      const attempt = send(messageId);
      await eventually(async () => {
        const { rows } = await world.db.pool.raw<{ rows: { count: number }[] }>(
          `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        expect(rows[0]?.count).toBe(1);
      });
      await recordConsents(tx, [
        {
          id: newId(),
          contactId: salon.contactId,
          channel: 'sms',
          purpose: 'service',
          granted: false,
          statement: 'No more.',
          source: 'test',
          method: 'api',
          addressHash: hashOf(salon),
          attestationId: null,
          recordedBy: 'test',
          ip: null,
          userAgent: null,
          recordedAt: NOON,
        },
      ]);
      return { attempt };
    });
    expect(await sending.attempt).toBe('skipped no_consent');
    expect(accepted()).toEqual([]);
  });
});
