import { bookCost, deferPrice, findSegmentPrice, findUnpriced, notePrice, sumCosts } from '../../db/prices';
import { presentMessage } from '../../api/presenters/message';
import { noteAccepted, noteReport, reopenFailed } from '../../db/sending';
import { aSentMessage, newSid } from '../support/deliveries';
import { startWorld, type World } from '../support/world';
import { withBusiness, type Tx } from '../../db/tenancy';
import { findMessage } from '../../db/messages';
import { correctPrices } from '../../activities/pricing';

const NOW = '2027-03-02T15:00:00.000Z';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

const costOf = (businessId: string, id: string) =>
  withBusiness(world.db, businessId, async (tx) => {
    const { costMicros, priceSource, segments } = await findMessage(tx, id);
    return { costMicros, priceSource, segments };
  });

describe('what a message costs', () => {
  it('is booked when the vendor takes it: 8300 for a segment and 4500 for the carriers', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { id } = await aSentMessage(world.db, salon, { now: NOW });
    expect(await costOf(salon.id, id)).toEqual({ costMicros: 12_800, priceSource: 'estimated', segments: 1 });
    await withBusiness(world.db, salon.id, (tx) => bookCost(tx, { id, now: NOW })); // a second time changes nothing
    expect(await costOf(salon.id, id)).toMatchObject({ costMicros: 12_800 });
  });

  it('is foreseen for a text that nobody has sent yet from the same table, as of its day', async () => {
    const salon = await world.aSalon({ now: NOW });
    const foreseen = (now: string) => withBusiness(world.db, salon.id, (tx) => findSegmentPrice(tx, now));
    expect(await foreseen(NOW)).toBe(12_800);
    await expect(foreseen('2026-10-31T23:00:00.000Z')).rejects.toThrow('price');
  });

  it('is four hundred micro-dollars for an e-mail', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { id } = await aSentMessage(world.db, salon, { channel: 'email', now: NOW });
    expect(await costOf(salon.id, id)).toMatchObject({ costMicros: 400, priceSource: 'estimated' });
  });

  it('is corrected by what the vendor charged, with the carriers on top', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { id, vendorId } = await aSentMessage(world.db, salon, { now: NOW });
    await withBusiness(world.db, salon.id, (tx) => notePrice(tx, { id, vendorId, priceMicros: 15_800, segments: 2, now: NOW }));
    expect(await costOf(salon.id, id)).toEqual({ costMicros: 15_800 + 2 * 4_500, priceSource: 'vendor', segments: 2 });
  });

  it('is asked for an hour later, and again while the vendor names none', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { id, vendorId } = await aSentMessage(world.db, salon, { now: new Date().toISOString() });
    const sweeper = world.database.poolOf('sweeper', 1);
    const mine = async () => (await findUnpriced(sweeper, 1_000)).filter((due) => due.id === id);
    expect(await mine()).toEqual([]);
    await withBusiness(world.db, salon.id, (tx) =>
      tx('messages')
        .where({ id })
        .update({ priceDueAt: new Date(0).toISOString() }),
    );
    expect(await mine()).toEqual([{ businessId: salon.id, id, vendorId }]);
    const answers = [null, { priceMicros: 8_300, segments: 1 }];
    const sms = { ...world.activityDeps.sms, price: async () => answers.shift() ?? null };
    await correctPrices({ ...world.activityDeps, sms });
    expect(await mine()).toEqual([]); // later
    await withBusiness(world.db, salon.id, (tx) =>
      tx('messages')
        .where({ id })
        .update({ priceDueAt: new Date(0).toISOString() }),
    );
    await correctPrices({ ...world.activityDeps, sms });
    expect(await costOf(salon.id, id)).toEqual({ costMicros: 12_800, priceSource: 'vendor', segments: 1 });
  });

  it('is that of every attempt that the vendor took, also when the last of them never left', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { id, vendorId } = await aSentMessage(world.db, salon, { now: NOW });
    const inBusiness = <T>(work: (tx: Tx) => Promise<T>) => withBusiness(world.db, salon.id, work);
    const shown = async () => presentMessage(await inBusiness((tx) => findMessage(tx, id)), { now: NOW, locale: 'en' }).costMicros;
    const spent = async () => {
      const range = { from: '2027-02-01T00:00:00.000Z', to: '2027-04-01T00:00:00.000Z' };
      const [week] = await inBusiness((tx) => sumCosts(tx, range));
      return { messages: week?.messages, segments: week?.segments, costMicros: week?.costMicros, unpriced: week?.unpriced };
    };
    const report = { vendor: 'twilio', vendorId, rank: 9, status: 'failed' as const, vendorCode: '30008' };
    await inBusiness(async (tx) => {
      await noteReport(tx, { id, ...report, now: NOW });
      await reopenFailed(tx, { id, status: 'planned', reason: null, deferredUntil: NOW, now: NOW });
    });
    expect(await spent()).toEqual({ messages: 1, segments: 1, costMicros: 12_800, unpriced: 0 });
    expect(await shown()).toBe(12_800);
    await inBusiness(async (tx) => {
      await tx('messages').where({ id }).update({ status: 'sending', attempt: 2, markedAt: NOW });
      await noteAccepted(tx, { id, attempt: 2, vendorId: newSid(), now: NOW });
    });
    expect(await spent()).toEqual({ messages: 1, segments: 2, costMicros: 25_600, unpriced: 0 });
    expect(await shown()).toBe(25_600);
  });

  it('is confirmed for an attempt that the vendor priced, also once another has left; what it says of the first is no price of the second', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { id, vendorId } = await aSentMessage(world.db, salon, { now: NOW });
    const inBusiness = <T>(work: (tx: Tx) => Promise<T>) => withBusiness(world.db, salon.id, work);
    const dueAt = async () => (await inBusiness((tx) => tx('messages').where({ id }).select<{ priceDueAt: string }[]>('priceDueAt')))[0];
    await inBusiness(async (tx) => {
      await notePrice(tx, { id, vendorId, priceMicros: 8_300, segments: 1, now: NOW });
      await noteReport(tx, { id, vendor: 'twilio', vendorId, rank: 9, status: 'failed', vendorCode: '30008', now: NOW });
      await reopenFailed(tx, { id, status: 'planned', reason: null, deferredUntil: NOW, now: NOW });
      await tx('messages').where({ id }).update({ status: 'sending', attempt: 2, markedAt: NOW });
      await noteAccepted(tx, { id, attempt: 2, vendorId: newSid(), now: NOW });
    });
    const before = await dueAt();
    await inBusiness(async (tx) => {
      await notePrice(tx, { id, vendorId, priceMicros: 99_000, segments: 9, now: NOW });
      await deferPrice(tx, { id, vendorId });
    });
    expect(await costOf(salon.id, id)).toEqual({ costMicros: 12_800, priceSource: 'estimated', segments: 1 });
    expect(await dueAt()).toEqual(before);
    const [week] = await inBusiness((tx) => sumCosts(tx, { from: '2027-02-01T00:00:00.000Z', to: '2027-04-01T00:00:00.000Z' }));
    expect(week).toMatchObject({ costMicros: 25_600, estimatedMicros: 12_800 });
  });

  it('is summed by week of the business and channel, with the part that nobody has confirmed', async () => {
    const salon = await world.aSalon({ now: NOW });
    // Sunday 23:00 and Monday 01:00 in New York: two weeks.
    await aSentMessage(world.db, salon, { now: '2027-03-01T04:00:00.000Z' });
    await aSentMessage(world.db, salon, { now: '2027-03-01T06:00:00.000Z' });
    const { id, vendorId } = await aSentMessage(world.db, salon, { now: '2027-03-01T07:00:00.000Z' });
    await withBusiness(world.db, salon.id, (tx) => notePrice(tx, { id, vendorId, priceMicros: 8_300, segments: 1, now: NOW }));
    const weeks = await withBusiness(world.db, salon.id, (tx) =>
      sumCosts(tx, { from: '2027-02-01T00:00:00.000Z', to: '2027-04-01T00:00:00.000Z' }),
    );
    const sms = { channel: 'sms', unpriced: 0 };
    expect(weeks).toEqual([
      { weekStart: '2027-03-01', ...sms, messages: 2, segments: 2, costMicros: 25_600, estimatedMicros: 12_800 },
      { weekStart: '2027-02-22', ...sms, messages: 1, segments: 1, costMicros: 12_800, estimatedMicros: 12_800 },
    ]);
  });
});
