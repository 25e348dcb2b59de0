import { v7 as newId } from 'uuid';
import { findPermissionFacts } from '../../db/permission-facts';
import { withBusiness } from '../../db/tenancy';
import { CALLS_PER_DAY, CALLS_PER_MIN, CONTACT_CAP } from '../../domain/gate';
import { DAY_MS, plusMs } from '../../domain/time';
import { attemptsOf } from '../support/attempts';
import { aConsent, plannedTexts } from '../support/marketing';
import type { Salon } from '../support/salon';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('twilio'));

// A Tuesday, 12:00 in New York.
const NOON = '2027-03-02T17:00:00.000Z';

const factsOf = (salon: Salon, now: string) =>
  withBusiness(world.db, salon.id, (tx) => findPermissionFacts(tx, { contactId: salon.contactId, now, dncSince: null }));

describe('The cap of a person', () => {
  it('lets exactly three of forty marketing texts go that are asked for at the same time, and the others wait until the first is a day old', async () => {
    const salon = await world.aSalon({ now: NOON });
    await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOON });
    const ids = await plannedTexts(world.db, salon, { at: NOON, count: 40 });
    const { send, row, accepted } = attemptsOf(world, salon);
    const outcomes = await Promise.all(ids.map((id) => send(id)));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(CONTACT_CAP);
    expect(outcomes.filter((outcome) => outcome === 'deferred contact_cap')).toHaveLength(40 - CONTACT_CAP);
    expect(accepted()).toHaveLength(CONTACT_CAP);

    const first = await row(ids[outcomes.indexOf('sent')]!);
    const waiting = await row(ids[outcomes.indexOf('deferred contact_cap')]!);
    const waitsMs = Date.parse(waiting.sendAt) - Date.parse(NOON);
    expect(waitsMs).toBeGreaterThan(DAY_MS - 60_000);
    expect(waitsMs).toBeLessThan(DAY_MS + 60_000);
    expect(first.decision).toMatchObject({ answer: 'send', facts: { messageClass: 'marketing', contactCap: { limit: 3 } } });
    expect(waiting.decision).toMatchObject({ answer: 'defer', reason: 'contact_cap', facts: { contactCap: { used: 3, limit: 3 } } });
  });

  it('counts notices and never holds one back', async () => {
    const salon = await world.aSalon({ now: NOON });
    await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOON });
    const { send } = attemptsOf(world, salon);
    const notices = await plannedTexts(world.db, salon, { at: NOON, messageClass: 'notice', count: 5 });
    for (const id of notices) expect(await send(id)).toBe('sent');
    const [advert = ''] = await plannedTexts(world.db, salon, { at: NOON });
    expect(await send(advert)).toBe('deferred contact_cap');
    expect((await factsOf(salon, NOON)).contactCap).toMatchObject({ used: 5, limit: 3 });
  });

  it('never counts an answer to the person', async () => {
    const salon = await world.aSalon({ now: NOON });
    const { send } = attemptsOf(world, salon);
    for (const id of await plannedTexts(world.db, salon, { at: NOON, messageClass: 'reply', count: 4 }))
      expect(await send(id)).toBe('sent');
    expect((await factsOf(salon, NOON)).contactCap.used).toBe(0);
  });

  it('gives the place back when the vendor surely refused', async () => {
    const salon = await world.aSalon({ now: NOON });
    await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOON });
    const { send } = attemptsOf(world, salon);
    const [refused = '', limited = '', ...others] = await plannedTexts(world.db, salon, { at: NOON, count: 6 });
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21408', match: salon.contactPhone, times: 1 });
    expect(await send(refused)).toBe('failed international_blocked');
    world.sandbox.faults.put('twilio', { mode: 'rate_limit', match: salon.contactPhone, times: 1 });
    expect(await send(limited)).toBe('again');
    expect((await factsOf(salon, NOON)).contactCap.used).toBe(0);
    const outcomes = [];
    for (const id of others) outcomes.push(await send(id));
    expect(outcomes).toEqual(['sent', 'sent', 'sent', 'deferred contact_cap']);
  });

  it('is free again the moment it said', async () => {
    const salon = await world.aSalon({ now: NOON });
    await aConsent(world.db, salon, { channel: 'sms', purpose: 'marketing', at: NOON });
    const { send } = attemptsOf(world, salon);
    for (const id of await plannedTexts(world.db, salon, { at: NOON, count: 3 })) expect(await send(id)).toBe('sent');
    const { used, freesAt } = (await factsOf(salon, plusMs(NOON, 60_000))).contactCap;
    expect(used).toBe(3);
    expect((await factsOf(salon, plusMs(freesAt!, -1))).contactCap.used).toBe(3);
    expect((await factsOf(salon, freesAt!)).contactCap.used).toBeLessThan(3);
  });
});

describe('The caps of calls', () => {
  const callable = async (): Promise<Salon> => {
    const salon = await world.aSalon({ now: NOON });
    await aConsent(world.db, salon, { channel: 'voice', purpose: 'ai_voice', at: NOON });
    return salon;
  };
  const ask = (salon: Salon, reservationId = newId()) =>
    world.activities.askCall({
      businessId: salon.id,
      contactId: salon.contactId,
      reservationId,
      notAfter: plusMs(NOON, DAY_MS),
      now: new Date().toISOString(),
    });
  const auditsOf = (salon: Salon) =>
    withBusiness(world.db, salon.id, (tx) =>
      tx('auditLogs').whereLike('action', 'outbound_call_blocked%').select<{ action: string }[]>('action'),
    );

  it('let exactly five of a hundred begin that are asked for at the same time, and note every other one', async () => {
    const salon = await callable();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(salon)));
    expect(answers.filter(({ kind }) => kind === 'call')).toHaveLength(CALLS_PER_MIN);
    expect(answers.filter((answer) => answer.kind === 'no' && answer.reason === 'velocity_per_min')).toHaveLength(100 - CALLS_PER_MIN);
    const audits = await auditsOf(salon);
    expect(audits).toHaveLength(100 - CALLS_PER_MIN);
    expect(new Set(audits.map(({ action }) => action))).toEqual(new Set(['outbound_call_blocked(velocity_per_min)']));
    const events = await withBusiness(world.db, salon.id, (tx) =>
      tx('eventsLedger').where({ type: 'outbound_call_blocked' }).select('payload'),
    );
    expect(events[0]).toEqual({ payload: { reason: 'velocity_per_min' } });
  });

  it('give a place back, and keep one for a call that is asked for twice', async () => {
    const salon = await callable();
    const first = newId();
    expect([await ask(salon, first), await ask(salon, first)]).toEqual([{ kind: 'call' }, { kind: 'call' }]);
    for (let i = 1; i < CALLS_PER_MIN; i++) expect(await ask(salon)).toEqual({ kind: 'call' });
    expect(await ask(salon)).toEqual({ kind: 'no', reason: 'velocity_per_min' });
    await world.activities.releaseCall({ businessId: salon.id, reservationId: first, now: NOON });
    expect(await ask(salon)).toEqual({ kind: 'call' });
  });

  it('hold for a day as well', async () => {
    const salon = await callable();
    const { setClock } = attemptsOf(world, salon);
    for (let minute = 0; minute < CALLS_PER_DAY / CALLS_PER_MIN; minute++) {
      await setClock(plusMs(NOON, minute * 61_000));
      for (let i = 0; i < CALLS_PER_MIN; i++) expect(await ask(salon)).toEqual({ kind: 'call' });
    }
    await setClock(plusMs(NOON, 3_600_000));
    expect(await ask(salon)).toEqual({ kind: 'no', reason: 'velocity_daily' });
  });

  it('come after consent: agreeing to texts is no leave to call', async () => {
    const salon = await world.aSalon({ now: NOON });
    expect(await ask(salon)).toEqual({ kind: 'no', reason: 'no_consent' });
    expect((await auditsOf(salon)).map(({ action }) => action)).toEqual(['outbound_call_blocked(no_consent)']);
  });

  it('do not stand in the way of another business', async () => {
    const [busy, idle] = [await callable(), await callable()];
    for (let i = 0; i < CALLS_PER_MIN; i++) await ask(busy);
    expect(await ask(busy)).toEqual({ kind: 'no', reason: 'velocity_per_min' });
    expect(await ask(idle)).toEqual({ kind: 'call' });
  });
});

describe('A business that set nothing', () => {
  it('has the caps of the rules', async () => {
    const { contactCap, callsPerMin, callsPerDay } = await factsOf(await world.aSalon({ now: NOON }), NOON);
    expect([contactCap.limit, callsPerMin.limit, callsPerDay.limit]).toEqual([CONTACT_CAP, CALLS_PER_MIN, CALLS_PER_DAY]);
  });
});
