import type { MessageRow } from '../../db/messages';
import { withBusiness } from '../../db/tenancy';
import { newSid } from '../support/deliveries';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const FRIDAY = '2027-03-05T17:00:00.000Z';

const textsTo = (salon: Salon, kind = 'sms'): string[] =>
  world.sandbox.log.entries({ to: salon.contactPhone, kind }).map(({ body }) => body);
const rows = (salon: Salon, rule: string): Promise<MessageRow[]> =>
  withBusiness(world.db, salon.id, (tx) => tx('messages').where({ rule }).select<MessageRow[]>('*'));
/** Pushes the salon's clock until everything that its carrier is to be told has been told. */
const told = (salon: Salon, count: number): Promise<void> =>
  eventually(async () => {
    await world.clock.push(salon.id, { byS: 6 });
    const done = await withBusiness(world.db, salon.id, (tx) =>
      tx('carrierConsents').whereNotNull('toldAt').select<{ refusedCode: string | null }[]>('*'),
    );
    expect(done).toHaveLength(count);
  });
/** What Twilio answers to a text of ours to the salon's contact. */
async function twilioTakes(salon: Salon): Promise<number> {
  return world.activityDeps.sms
    .send({ to: salon.contactPhone, from: salon.number, body: 'x', messageId: newSid(), validityMs: 60_000 })
    .then(() => 201)
    .catch((error: unknown) => Number((error as { vendorCode?: string }).vendorCode));
}

describe('an opt-out in their own words', () => {
  it.each([
    ['en', 'Please stop texting me', /opted out|no more/i],
    ['es', 'ya no me escriban por favor', /no .*mensajes/i],
  ] as const)(
    '(%s) ends all texts, is confirmed once, and then told to Twilio, which blocks the number',
    async (locale, words, confirmation) => {
      const salon = await world.aSalon({ now: NOW, consents: ['sms'], locale });
      const visit = await aVisit(world, salon, { startsAt: FRIDAY });
      await eventually(() => expect(textsTo(salon)).toHaveLength(1));
      await world.text(salon, words);
      await eventually(() => expect(textsTo(salon)).toHaveLength(2));
      expect(textsTo(salon)[1]).toMatch(confirmation);
      await told(salon, 1);
      expect(await visit.story()).toEqual(expect.arrayContaining(['1d skipped suppressed', '2h skipped suppressed']));
      expect(await twilioTakes(salon)).toBe(21610);
      await world.text(salon, `${words}!!`);
      await world.clock.push(salon.id, { byS: 30 });
      expect(textsTo(salon)).toHaveLength(2);
    },
  );

  it('and a return in their own words: Twilio is told first, then we say so', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await eventually(() => expect(textsTo(salon)).toHaveLength(1));
    await world.text(salon, 'take me off your list');
    await told(salon, 1);
    await world.text(salon, 'You can text me again');
    await told(salon, 2);
    await eventually(() => expect(textsTo(salon)).toHaveLength(3));
    expect(await visit.story()).toEqual(expect.arrayContaining(['1d planned 03-04 17:00']));
    expect(await rows(salon, 'opt_in_ack')).toMatchObject([{ status: expect.stringMatching(/sent|delivered/) }]);
  });

  it('is not told to Twilio when Twilio acted by itself', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'STOP');
    await world.clock.push(salon.id, { byS: 30 });
    expect(await withBusiness(world.db, salon.id, (tx) => tx('carrierConsents').select('*'))).toEqual([]);
    expect(textsTo(salon)).toEqual([]);
    expect(textsTo(salon, 'auto_reply')).toHaveLength(1);
  });

  it('of somebody whom nobody knows holds, and is told to Twilio', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'Stop texting this number', '+13125550143');
    await told(salon, 1);
    expect(world.sandbox.log.entries({ to: '+13125550143', kind: 'sms' })).toEqual([]);
  });

  it('that Twilio will not hear of is noted with its code, and holds here all the same', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '20001', match: 'opt-out' });
    await world.text(salon, 'stop texting me');
    await told(salon, 1);
    world.sandbox.faults.clear('twilio');
    const [row] = await withBusiness(world.db, salon.id, (tx) => tx('carrierConsents').select<{ refusedCode: string | null }[]>('*'));
    expect(row).toMatchObject({ refusedCode: '20001' });
    expect(await visit.story()).toContain('1d skipped suppressed');
  });

  it('is not read into words about a bus stop', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await eventually(() => expect(textsTo(salon)).toHaveLength(1));
    await world.text(salon, "I'm at the bus stop, be there in 5");
    await eventually(() => expect(textsTo(salon)).toHaveLength(2));
    expect(await visit.story()).toEqual(expect.arrayContaining(['1d planned 03-04 17:00']));
    expect(await rows(salon, 'handoff')).toHaveLength(1);
  });
});
