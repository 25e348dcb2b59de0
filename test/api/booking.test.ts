import { aBusiness, aContact, anApiKey, aResource, aService, aStaffMember, inBusiness } from '../factories';
import { MONDAY, startApi, type Reply, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
afterEach(() => api.setNow(MONDAY));

type Visit = {
  id: string;
  status: string;
  start_ts: string;
  end_ts: string;
  staff_id: string;
  resource_ids: string[];
  schedule_version?: number;
};
type Refused = { code: string; error: string; alternatives: { start_ts: string; staff_id: string }[] };
type Shop = { businessId: string; contactId: string; staffIds: string[]; serviceId: string; chairId: string };

// Tuesday, 10:00 in New York.
const TEN = '2027-03-16T14:00:00.000Z';
const ELEVEN = '2027-03-16T15:00:00.000Z';

/** A business with some staff who give one hour-long service, each of them on one chair if asked. */
async function aShop({ staff = 1, chair = false, bufferAfterMin = 0 } = {}): Promise<Shop> {
  const { db } = api.database;
  const { id: businessId } = await aBusiness(db);
  api.useKey(await anApiKey(db, businessId));
  const first = await aStaffMember(db, businessId);
  const staffIds = [first.id];
  for (let i = 1; i < staff; i += 1) staffIds.push((await aStaffMember(db, businessId, { locationId: first.locationId })).id);
  const { id: chairId } = await aResource(db, businessId, { locationId: first.locationId });
  const { id: serviceId } = await aService(db, businessId, { staffIds, resourceIds: chair ? [chairId] : [], bufferAfterMin });
  return { businessId, staffIds, serviceId, chairId, contactId: (await aContact(db, businessId)).id };
}

const asked = ({ contactId, serviceId }: Shop, startTs = TEN) => ({ contact_id: contactId, service_id: serviceId, start_ts: startTs });
const book = (shop: Shop, startTs = TEN, more: object = {}): Promise<Reply<Visit & Refused>> =>
  api.post<Visit & Refused>('/appointments', { ...asked(shop, startTs), ...more });
const hold = (shop: Shop, startTs = TEN): Promise<Reply<Visit & { hold_expires_at: string }>> => api.post('/holds', asked(shop, startTs));
const move = (id: string, startTs: string, more: object = {}): Promise<Reply<Visit & Refused>> =>
  api.post<Visit & Refused>(`/appointments/${id}/reschedule`, { start_ts: startTs, ...more });
const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const statuses = (replies: Reply[]): Record<string, number> =>
  replies.reduce<Record<string, number>>((counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});

/** Live visits of the business that share staff or a resource with another at the same time: always none. */
async function overlaps({ businessId }: Shop): Promise<number> {
  return inBusiness(api.database.db, businessId, async (tx) => {
    const { rows } = await tx.raw<{ rows: { count: number }[] }>(
      `select (select count(*) from appointments a join appointments b on a.staff_id = b.staff_id and a.id < b.id and a.busy && b.busy where a.live and b.live)
            + (select count(*) from appointment_resources a join appointment_resources b
                 on a.resource_id = b.resource_id and a.appointment_id < b.appointment_id and a.busy && b.busy where a.live and b.live) as count`,
    );
    return Number(rows[0]?.count);
  });
}

async function deadlocks(): Promise<number> {
  const { rows } = await api.database
    .poolOf('owner', 1)
    .raw<{ rows: { deadlocks: string }[] }>('select deadlocks from pg_stat_database where datname = current_database()');
  return Number(rows[0]?.deadlocks);
}

describe('POST /appointments', () => {
  it('books the hour asked for and offers it to nobody else', async () => {
    const shop = await aShop();
    const booked = await book(shop);
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', start_ts: TEN, end_ts: ELEVEN, staff_id: shop.staffIds[0] } });
    const { body } = await api.get<{ slots: { start_ts: string }[] }>(
      `/slots?service_id=${shop.serviceId}&from=2027-03-16T13:00:00Z&to=2027-03-16T16:00:00Z`,
    );
    expect(body.slots.map((slot) => slot.start_ts).slice(0, 3)).toEqual(['2027-03-16T13:00:00.000Z', ELEVEN, '2027-03-16T15:15:00.000Z']);
  });

  it('answers 409 with the next free slots when the time is taken', async () => {
    const shop = await aShop();
    await book(shop);
    const { status, body } = await book(shop, '2027-03-16T14:30:00.000Z');
    expect([status, body.code, body.error]).toEqual([409, 'conflict', 'conflict']);
    expect(body.alternatives.map((slot) => slot.start_ts)).toEqual([
      '2027-03-16T15:00:00.000Z',
      '2027-03-16T15:15:00.000Z',
      '2027-03-16T15:30:00.000Z',
      '2027-03-16T15:45:00.000Z',
      '2027-03-16T16:00:00.000Z',
    ]);
  });

  it('answers 409 with the next free slots when the room is taken, though somebody is free', async () => {
    const shop = await aShop({ staff: 2, chair: true });
    expect((await book(shop)).body.resource_ids).toEqual([shop.chairId]);
    const { status, body } = await book(shop);
    expect(status).toBe(409);
    expect(body.alternatives[0]?.start_ts).toBe(ELEVEN);
  });

  it('keeps the buffer after a visit free', async () => {
    const shop = await aShop({ bufferAfterMin: 15 });
    await book(shop);
    expect((await book(shop, ELEVEN)).status).toBe(409);
    expect((await book(shop, '2027-03-16T15:15:00.000Z')).status).toBe(201);
  });

  it('gives a visit to whoever has fewest that day, or to the one who is asked for', async () => {
    const shop = await aShop({ staff: 2 });
    const first = await book(shop, TEN);
    const second = await book(shop, ELEVEN);
    expect(new Set([first.body.staff_id, second.body.staff_id]).size).toBe(2);
    const asked = await book(shop, '2027-03-16T17:00:00.000Z', { staff_id: first.body.staff_id });
    expect(asked.body.staff_id).toBe(first.body.staff_id);
  });

  it('gives one slot to one of twenty who ask for it at once, each other at once a 409, without a deadlock', async () => {
    const shop = await aShop();
    const before = await deadlocks();
    const replies = await Promise.all(times(20).map(() => book(shop)));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 19 });
    expect(await overlaps(shop)).toBe(0);
    expect((await deadlocks()) - before).toBe(0);
  });

  it('gives the one chair of three members of staff to one of twenty who ask for it at once', async () => {
    const shop = await aShop({ staff: 3, chair: true });
    const before = await deadlocks();
    const replies = await Promise.all(times(20).map(() => book(shop)));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 19 });
    expect(await overlaps(shop)).toBe(0);
    expect((await deadlocks()) - before).toBe(0);
  });

  it('books every free hour of three members of staff, whoever asks at once', async () => {
    const shop = await aShop({ staff: 3 });
    const replies = await Promise.all(times(12).map((i) => book(shop, i % 2 === 0 ? TEN : '2027-03-16T14:30:00.000Z')));
    expect(statuses(replies)).toEqual({ 201: 3, 409: 9 });
    expect(await overlaps(shop)).toBe(0);
  });

  it.each([
    ['yesterday', '2027-02-26T15:00:00.000Z', 'appointment.in_the_past'],
    ['02:30 of the night that has none', '2027-03-14T02:30:00', 'local_time_missing'],
    ['01:30 of the night that has two, without saying which', '2027-11-07T01:30:00', 'local_time_twice'],
  ])('refuses %s', async (_, startTs, code) => {
    const shop = await aShop();
    expect(await book(shop, startTs)).toMatchObject({ status: 422, body: { code } });
  });

  it('refuses an end that is not the length of the service', async () => {
    const shop = await aShop();
    expect(await book(shop, TEN, { end_ts: TEN })).toMatchObject({ status: 422 });
    expect(await book(shop, TEN, { end_ts: '2027-03-16T14:30:00Z' })).toMatchObject({ status: 422 });
    expect(await book(shop, TEN, { end_ts: ELEVEN })).toMatchObject({ status: 201 });
  });

  it('answers 404 for a member of staff, a service or a contact of nobody, and no alternatives', async () => {
    const shop = await aShop();
    const nobody = '01900000-0000-7000-8000-000000000000';
    const { body: visit } = await book(shop);
    const wishes = [
      book(shop, ELEVEN, { staff_id: nobody }),
      book(shop, ELEVEN, { service_id: nobody }),
      book(shop, ELEVEN, { contact_id: nobody }),
      api.post('/holds', { ...asked(shop, ELEVEN), staff_id: nobody }),
      move(visit.id, ELEVEN, { staff_id: nobody }),
      api.patch(`/appointments/${visit.id}`, { staff_id: nobody }),
      api.get(`/slots?service_id=${shop.serviceId}&from=${TEN}&to=${ELEVEN}&staff_id=${nobody}`),
    ];
    for (const refused of await Promise.all(wishes))
      expect(refused).toMatchObject({ status: 404, body: { code: 'unknown_reference', what: expect.any(String) } });
  });

  it('takes epoch seconds and answers ISO', async () => {
    const shop = await aShop();
    const reply = await api.post<Visit>('/appointments', { ...asked(shop), start_ts: Date.parse(TEN) / 1000 });
    expect(reply.body.start_ts).toBe(TEN);
  });
});

describe('a hold', () => {
  it('keeps its slot for ten minutes, and becomes the visit', async () => {
    const shop = await aShop();
    const held = await hold(shop);
    expect(held).toMatchObject({ status: 201, body: { status: 'held', hold_expires_at: '2027-03-01T14:10:00.000Z' } });
    expect((await book(shop)).status).toBe(409);
    expect(await api.post('/appointments', { hold_id: held.body.id })).toMatchObject({
      status: 201,
      body: { id: held.body.id, status: 'booked' },
    });
  });

  it('takes note, reference and source with its booking, and refuses what it has settled already', async () => {
    const shop = await aShop();
    const { body: held } = await hold(shop);
    for (const [field, value] of Object.entries({
      start_ts: ELEVEN,
      end_ts: ELEVEN,
      service_id: shop.serviceId,
      staff_id: shop.staffIds[0],
    }))
      expect(await api.post('/appointments', { hold_id: held.id, [field]: value })).toMatchObject({
        status: 422,
        body: { errors: [{ path: field }] },
      });
    const about = { note: 'by the window', external_ref: 'order 7', source: 'website' };
    expect(await api.post('/appointments', { hold_id: held.id, ...about })).toMatchObject({ status: 201, body: { id: held.id, ...about } });
  });

  it('that has run out frees its slot for the next booking and can be booked no more', async () => {
    const shop = await aShop();
    const held = await hold(shop);
    api.setNow('2027-03-01T14:10:00.000Z');
    expect(await api.post('/appointments', { hold_id: held.body.id })).toMatchObject({ status: 410, body: { code: 'hold_expired' } });
    expect((await book(shop)).status).toBe(201);
    expect(await api.get(`/appointments/${held.body.id}`)).toMatchObject({ body: { status: 'expired' } });
  });

  it('is won by one of ten who hold or book at once', async () => {
    const shop = await aShop();
    const replies = await Promise.all(times(10).map<Promise<Reply>>((i) => (i % 2 === 0 ? hold(shop) : book(shop))));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 9 });
  });
});

describe('POST /appointments/:id/reschedule', () => {
  it('moves a visit and frees its old time', async () => {
    const shop = await aShop();
    const { body: visit } = await book(shop);
    expect(await move(visit.id, ELEVEN)).toMatchObject({ status: 200, body: { start_ts: ELEVEN } });
    expect((await book(shop, TEN)).status).toBe(201);
  });

  it('leaves a visit where it was when the new time is taken', async () => {
    const shop = await aShop({ chair: true });
    const { body: visit } = await book(shop);
    await book(shop, ELEVEN);
    const { status, body } = await move(visit.id, ELEVEN);
    expect([status, body.code, body.alternatives.length]).toEqual([409, 'conflict', 5]);
    expect(await api.get(`/appointments/${visit.id}`)).toMatchObject({
      body: { start_ts: TEN, resource_ids: [shop.chairId], status: 'booked' },
    });
  });

  it('lets two visits change places only one after the other, and never loses one', async () => {
    const shop = await aShop();
    const [first, second] = [await book(shop, TEN), await book(shop, ELEVEN)];
    const replies = await Promise.all([move(first.body.id, ELEVEN), move(second.body.id, TEN)]);
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await overlaps(shop)).toBe(0);
  });

  it('keeps a confirmed visit confirmed with other staff, and asks anew at another time', async () => {
    const shop = await aShop({ staff: 2 });
    const { body: visit } = await book(shop);
    await api.post(`/appointments/${visit.id}/confirm`);
    const other = shop.staffIds.find((id) => id !== visit.staff_id);
    expect(await move(visit.id, TEN, { staff_id: other })).toMatchObject({ body: { status: 'confirmed', staff_id: other } });
    expect(await move(visit.id, ELEVEN)).toMatchObject({ body: { status: 'booked' } });
  });
});

describe('the steps of a visit', () => {
  const step = (id: string, name: string): Promise<Reply<Visit & Refused>> => api.post<Visit & Refused>(`/appointments/${id}/${name}`);

  it('go from booked over confirmed and arrived to completed, each safe to repeat', async () => {
    const { body: visit } = await book(await aShop());
    expect((await step(visit.id, 'confirm')).body.status).toBe('confirmed');
    expect((await step(visit.id, 'confirm')).body.status).toBe('confirmed');
    api.setNow('2027-03-16T14:05:00.000Z');
    for (const [name, status] of [
      ['arrive', 'arrived'],
      ['complete', 'completed'],
      ['complete', 'completed'],
    ] as const)
      expect(await step(visit.id, name)).toMatchObject({ status: 200, body: { status } });
  });

  it('can be taken back for ten minutes when nobody came after all', async () => {
    const { body: visit } = await book(await aShop());
    api.setNow('2027-03-16T15:00:00.000Z');
    await step(visit.id, 'no-show');
    api.setNow('2027-03-16T15:09:59.000Z');
    expect((await step(visit.id, 'undo')).body.status).toBe('booked');
    await step(visit.id, 'no-show');
    api.setNow('2027-03-16T15:20:00.000Z');
    expect(await step(visit.id, 'undo')).toMatchObject({ status: 409, body: { code: 'appointment.undo_too_late' } });
  });

  it('note an arrival on the day of the visit only, and take it back for ten minutes', async () => {
    const { body: visit } = await book(await aShop());
    await step(visit.id, 'confirm');
    expect(await step(visit.id, 'arrive')).toMatchObject({ status: 409, body: { code: 'appointment.not_today' } });
    api.setNow('2027-03-16T13:30:00.000Z');
    expect((await step(visit.id, 'arrive')).body.status).toBe('arrived');
    expect((await step(visit.id, 'undo')).body.status).toBe('confirmed');
    await step(visit.id, 'arrive');
    api.setNow('2027-03-16T13:40:00.000Z');
    expect(await step(visit.id, 'undo')).toMatchObject({ status: 409, body: { code: 'appointment.undo_too_late' } });
  });

  it.each(['contact', 'staff', undefined])('note whose wish they are: %s', async (by) => {
    const shop = await aShop();
    const said = by === undefined ? {} : { by };
    const visit = (await book(shop, TEN, said)).body.id;
    await move(visit, ELEVEN, said);
    await api.post(`/appointments/${visit}/cancel`, said);
    const { body: kept } = await api.post<Visit>('/holds', { ...asked(shop), ...said });
    await api.post('/appointments', { hold_id: kept.id });
    const { body: plain } = await hold(shop, '2027-03-16T17:00:00.000Z');
    await api.post('/appointments', { hold_id: plain.id, ...said });
    await inBusiness(api.database.db, shop.businessId, async (tx) => {
      const row = async (id: string) => (await tx('appointments').where({ id }).select<Record<string, string>[]>('*'))[0];
      const usual = by ?? 'api';
      expect(await row(visit)).toMatchObject({ bookedBy: usual, scheduleChangedBy: usual, cancelledBy: by ?? 'staff' });
      expect(await row(kept.id)).toMatchObject({ bookedBy: usual });
      expect(await row(plain.id)).toMatchObject({ bookedBy: usual });
    });
  });

  it('cannot complete a visit that has not begun, nor bring back a cancelled one whose time is taken', async () => {
    const shop = await aShop();
    const { body: visit } = await book(shop);
    expect(await step(visit.id, 'complete')).toMatchObject({ status: 409, body: { code: 'appointment.not_started' } });
    await step(visit.id, 'cancel');
    expect((await book(shop)).status).toBe(201);
    expect((await step(visit.id, 'confirm')).status).toBe(409);
  });
});
