import { findProcess } from '../../db/processes';
import {
  aBusiness,
  aContact,
  anApiKey,
  anAppointment,
  aService,
  aStaffMember,
  aWaitlistEntry,
  aWaitlistOffer,
  inBusiness,
} from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

type Setting = { businessId: string; staffId: string; serviceId: string; contactId: string };

async function aSetting(): Promise<Setting> {
  const { db } = api.database;
  const { id: businessId } = await aBusiness(db);
  api.useKey(await anApiKey(db, businessId));
  const { id: staffId } = await aStaffMember(db, businessId);
  const { id: serviceId } = await aService(db, businessId, { staffIds: [staffId] });
  const { id: contactId } = await aContact(db, businessId, { marketing: ['sms'] });
  return { businessId, staffId, serviceId, contactId };
}

const slotsOf = ({ businessId }: Setting): Promise<{ cause: string; status: string; startsAt: string; staffId: string | null }[]> =>
  inBusiness(api.database.db, businessId, (tx) => tx('freedSlots').orderBy('id').select('cause', 'status', 'startsAt', 'staffId'));
const storyRings = async ({ businessId }: Setting): Promise<number[]> =>
  (await waitingRings(api.database.db, businessId))
    .filter(({ workflowId }) => workflowId.startsWith('waitlist-offer/'))
    .map(({ version }) => version);

/** A Thursday, 10:00 in New York. */
const THURSDAY = '2027-03-18T14:00:00.000Z';

describe('POST /waitlist-entries', () => {
  it('puts a person on the list with all that they wish', async () => {
    const { contactId, serviceId, staffId } = await aSetting();
    const wish = {
      contact_id: contactId,
      service_id: serviceId,
      staff_id: staffId,
      weekdays: [2, 4],
      windows: [{ from: '09:00', to: '12:00' }],
      earliest_date: '2027-03-02',
      latest_date: '2027-04-30',
      preference: 'soonest',
    };
    const { status, body } = await api.post('/waitlist-entries', wish);
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...wish, status: 'active', removed_reason: null, ignored_count: 0, last_asked_at: null });
    expect((await api.get(`/waitlist-entries/${String(body['id'])}`)).body).toEqual(body);
  });

  it.each([
    ['a ninth weekday', { weekdays: [9] }, 'weekdays.0'],
    ['a weekday twice', { weekdays: [1, 1] }, 'weekdays'],
    ['a window that ends before it begins', { windows: [{ from: '12:00', to: '09:00' }] }, 'windows'],
    ['a date that does not exist', { earliest_date: '2027-02-30' }, 'earliest_date'],
    ['a last day before the first', { earliest_date: '2027-03-10', latest_date: '2027-03-09' }, 'latest_date'],
    ['a preference that is none', { preference: 'soon' }, 'preference'],
  ])('refuses %s', async (_, more, path) => {
    const { contactId, serviceId } = await aSetting();
    const asked = { contact_id: contactId, service_id: serviceId, preference: 'anytime', ...more };
    expect(await api.post('/waitlist-entries', asked)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  it('wakes slots of the service that are being offered: somebody new may want them', async () => {
    const setting = await aSetting();
    const time = { service_id: setting.serviceId, start_ts: THURSDAY, end_ts: '2027-03-18T15:00:00Z' };
    await api.post('/notify-list/trigger-cancellation', time);
    await api.post('/waitlist-entries', { contact_id: setting.contactId, service_id: setting.serviceId, preference: 'anytime' });
    expect(await storyRings(setting)).toEqual([2]);
  });
});

describe('GET /waitlist-entries', () => {
  it('shows who waits, filtered, and calls an entry expired once its last day is over where the business is', async () => {
    const setting = await aSetting();
    const { db } = api.database;
    const { businessId, contactId, serviceId } = setting;
    const old = await aWaitlistEntry(db, businessId, { contactId, serviceId, latestOn: '2027-03-01' });
    const open = await aWaitlistEntry(db, businessId, { contactId, serviceId, preference: 'soonest' });
    const ids = async (query: string): Promise<string[]> =>
      (await api.get<{ data: { id: string }[] }>(`/waitlist-entries?${query}`)).body.data.map(({ id }) => id);
    expect(await ids(`service_id=${serviceId}`)).toEqual([old.id, open.id]);
    expect(await ids('preference=soonest')).toEqual([open.id]);
    api.setNow('2027-03-02T04:30:00.000Z'); // still the 1st in New York
    expect(await ids('status=expired')).toEqual([]);
    api.setNow('2027-03-02T05:00:00.000Z');
    expect(await ids('status=expired')).toEqual([old.id]);
    expect(await ids('status=active')).toEqual([open.id]);
    expect((await api.get(`/waitlist-entries/${old.id}`)).body).toMatchObject({ status: 'expired' });
    expect(await ids('limit=1')).toEqual([old.id]);
  });
});

describe('PATCH and DELETE /waitlist-entries/:id', () => {
  it('change the wish, and end it with its open offer withdrawn', async () => {
    const setting = await aSetting();
    const { entryId, offerId } = await aWaitlistOffer(api.database.db, setting.businessId, setting);
    const edited = await api.patch(`/waitlist-entries/${entryId}`, {
      windows: [{ from: '16:00', to: '20:00' }],
      latest_date: '2027-03-31',
    });
    expect(edited).toMatchObject({
      status: 200,
      body: { windows: [{ from: '16:00', to: '20:00' }], latest_date: '2027-03-31', version: 2 },
    });
    expect((await api.delete(`/waitlist-entries/${entryId}`)).status).toBe(204);
    expect((await api.get(`/waitlist-entries/${entryId}`)).body).toMatchObject({ status: 'removed', removed_reason: 'staff' });
    expect((await api.get(`/waitlist-offers/${offerId}`)).body).toMatchObject({ status: 'withdrawn' });
    expect((await api.delete(`/waitlist-entries/${entryId}`)).status).toBe(204);
    expect(await api.patch(`/waitlist-entries/${entryId}`, { weekdays: [1] })).toMatchObject({
      status: 409,
      body: { code: 'waitlist.entry_closed' },
    });
  });
});

describe('erasing a contact', () => {
  it('takes them off the list, withdraws their offer and leaves no trace of one who was never asked', async () => {
    const setting = await aSetting();
    const { db } = api.database;
    const { offerId, entryId } = await aWaitlistOffer(db, setting.businessId, setting);
    const never = await aWaitlistEntry(db, setting.businessId, setting);
    expect((await api.delete(`/contacts/${setting.contactId}`)).status).toBe(204);
    expect((await api.get(`/waitlist-offers/${offerId}`)).body).toMatchObject({ status: 'withdrawn' });
    expect((await api.get(`/waitlist-entries/${entryId}`)).body).toMatchObject({ status: 'removed', removed_reason: 'contact' });
    expect((await api.get(`/waitlist-entries/${never.id}`)).status).toBe(404);
  });
});

describe('a time that becomes free', () => {
  const waits = ({ contactId, serviceId }: Setting) =>
    api.post('/waitlist-entries', { contact_id: contactId, service_id: serviceId, preference: 'anytime' });
  const visitOf = ({ businessId, staffId, serviceId }: Setting, startsAt = THURSDAY) =>
    anAppointment(api.database.db, businessId, { staffId, serviceId, startsAt });

  it('by a cancellation is offered, with its doorbell in the same transaction', async () => {
    const setting = await aSetting();
    await waits(setting);
    const { id } = await visitOf(setting);
    await api.post(`/appointments/${id}/cancel`);
    expect(await slotsOf(setting)).toEqual([{ cause: 'cancelled', status: 'open', startsAt: THURSDAY, staffId: setting.staffId }]);
    expect(await storyRings(setting)).toEqual([1]);
    await api.post(`/appointments/${id}/cancel`);
    expect(await slotsOf(setting)).toHaveLength(1);
  });

  it('by a move is offered, at the time the visit left', async () => {
    const setting = await aSetting();
    await waits(setting);
    const { id } = await visitOf(setting);
    await api.post(`/appointments/${id}/reschedule`, { start_ts: '2027-03-19T14:00:00Z' });
    expect(await slotsOf(setting)).toMatchObject([{ cause: 'moved', startsAt: THURSDAY }]);
  });

  it('is no news when nobody waits for the service, or when it is less than an hour away', async () => {
    const setting = await aSetting();
    const { id } = await visitOf(setting);
    await api.post(`/appointments/${id}/cancel`);
    await waits(setting);
    const soon = await visitOf(setting, '2027-03-01T14:59:59.000Z');
    await api.post(`/appointments/${soon.id}/cancel`);
    expect(await slotsOf(setting)).toEqual([]);
  });

  it('by time off that is taken back is offered, one visit after the other, and not where somebody is booked', async () => {
    const setting = await aSetting();
    await waits(setting);
    const off = { staff_id: setting.staffId, start_ts: '2027-03-18T09:00', end_ts: '2027-03-18T12:30' };
    const { body } = await api.post<{ id: string }>('/availability', off);
    await visitOf(setting, '2027-03-18T14:00:00.000Z'); // 10:00, booked before
    expect((await api.delete(`/availability/${body.id}`)).status).toBe(204);
    expect((await slotsOf(setting)).map(({ cause, startsAt }) => `${cause} ${startsAt}`).sort()).toEqual([
      'time_off 2027-03-18T13:00:00.000Z',
      'time_off 2027-03-18T15:00:00.000Z',
    ]);
    expect(await storyRings(setting)).toEqual([1, 1]);
  });

  it('is looked at again, at once, when somebody books it, or something near it, meanwhile', async () => {
    const setting = await aSetting();
    await waits(setting);
    const { id } = await visitOf(setting);
    await api.post(`/appointments/${id}/cancel`);
    const { contactId: contact_id, serviceId: service_id } = setting;
    expect((await api.post('/appointments', { contact_id, service_id, start_ts: THURSDAY })).status).toBe(201);
    expect(await storyRings(setting)).toEqual([2]);
    expect((await api.post('/appointments', { contact_id, service_id, start_ts: '2027-03-25T14:00:00Z' })).status).toBe(201);
    expect(await storyRings(setting)).toEqual([2]);
  });
});

describe('POST /notify-list/trigger-cancellation', () => {
  const trigger = (body: unknown) =>
    api.post<{ code: string; freed_slot: { id: string; status: string }; offers: unknown[] }>('/notify-list/trigger-cancellation', body);

  it('offers the time of a cancelled visit, once for the same time', async () => {
    const setting = await aSetting();
    const { id } = await anAppointment(api.database.db, setting.businessId, { ...setting, startsAt: THURSDAY });
    expect(await trigger({ appointment_id: id })).toMatchObject({ status: 409, body: { code: 'waitlist.slot_not_free' } });
    await api.post(`/appointments/${id}/cancel`);
    const first = await trigger({ appointment_id: id });
    expect(first).toMatchObject({
      status: 202,
      body: { freed_slot: { status: 'open', staff_id: setting.staffId, start_ts: THURSDAY }, offers: [] },
    });
    expect((await trigger({ appointment_id: id })).body.freed_slot.id).toBe(first.body.freed_slot.id);
    expect(await slotsOf(setting)).toHaveLength(1);
  });

  it('offers a time by service, for whoever is free then', async () => {
    const { serviceId } = await aSetting();
    const body = { service_id: serviceId, start_ts: THURSDAY, end_ts: '2027-03-18T15:00:00Z' };
    expect(await trigger(body)).toMatchObject({ status: 202, body: { freed_slot: { cause: 'asked', staff_id: null } } });
  });

  it.each([
    ['nothing', {}, 422, 'invalid'],
    ['no end', { start_ts: THURSDAY }, 422, 'invalid'],
    ['an end too early for the service', { start_ts: THURSDAY, end_ts: '2027-03-18T14:30:00Z' }, 422, 'invalid'],
    ['a time within the hour', { start_ts: '2027-03-01T14:30:00Z', end_ts: '2027-03-01T15:30:00Z' }, 422, 'waitlist.too_close'],
    ['a time at night', { start_ts: '2027-03-18T04:00:00Z', end_ts: '2027-03-18T05:00:00Z' }, 409, 'waitlist.slot_not_free'],
  ])('refuses %s', async (...[, time, status, code]) => {
    const { serviceId } = await aSetting();
    const refused = await trigger(Object.keys(time).length === 0 ? {} : { service_id: serviceId, ...time });
    expect(refused).toMatchObject({ status, body: { code } });
  });
});

describe('answering an offer', () => {
  it('books the visit, takes the person off the list and wakes the slot', async () => {
    const setting = await aSetting();
    const { offerId, entryId, freedSlotId } = await aWaitlistOffer(api.database.db, setting.businessId, setting);
    const accepted = await api.post<{ appointment_id: string }>(`/waitlist-offers/${offerId}/accept`);
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted', explanation: 'Taken: the visit is booked.' } });
    expect((await api.get(`/appointments/${accepted.body.appointment_id}`)).body).toMatchObject({
      ...{ status: 'booked', source: 'waitlist', start_ts: THURSDAY, contact_id: setting.contactId, staff_id: setting.staffId },
    });
    expect((await api.get(`/waitlist-entries/${entryId}`)).body).toMatchObject({ status: 'booked' });
    expect(await slotsOf(setting)).toMatchObject([{ status: 'filled' }]);
    const again = await api.post(`/waitlist-offers/${offerId}/accept`);
    expect(again.body).toMatchObject({ status: 'accepted', appointment_id: accepted.body.appointment_id });
    expect(await inBusiness(api.database.db, setting.businessId, (tx) => findProcess(tx, `waitlist-offer/${freedSlotId}`))).toMatchObject({
      kind: 'waitlistOffer',
    });
  });

  it('is lost when somebody has booked the time a moment before', async () => {
    const setting = await aSetting();
    const { offerId } = await aWaitlistOffer(api.database.db, setting.businessId, setting);
    await anAppointment(api.database.db, setting.businessId, { ...setting, startsAt: THURSDAY });
    expect(await api.post(`/waitlist-offers/${offerId}/accept`)).toMatchObject({
      status: 200,
      body: { status: 'lost', appointment_id: null },
    });
    expect(await api.post(`/waitlist-offers/${offerId}/accept`)).toMatchObject({ status: 409, body: { code: 'waitlist.offer_ended' } });
  });

  it('is refused after it was declined, and a decline may be repeated', async () => {
    const setting = await aSetting();
    const { offerId } = await aWaitlistOffer(api.database.db, setting.businessId, setting);
    const decline = () => api.post(`/waitlist-offers/${offerId}/decline`);
    for (const answer of [await decline(), await decline()]) expect(answer).toMatchObject({ status: 200, body: { status: 'declined' } });
    expect((await api.post(`/waitlist-offers/${offerId}/accept`)).status).toBe(409);
  });

  it('gives the time to one of twenty who take it at once', async () => {
    const setting = await aSetting();
    const { db } = api.database;
    const { businessId, serviceId } = setting;
    const first = await aWaitlistOffer(db, businessId, { serviceId });
    const offers = [first.offerId];
    for (let i = 1; i < 20; i += 1)
      offers.push((await aWaitlistOffer(db, businessId, { serviceId, freedSlotId: first.freedSlotId })).offerId);
    const answers = await Promise.all(offers.map((id) => api.post<{ status: string }>(`/waitlist-offers/${id}/accept`)));
    expect(answers.map(({ status }) => status)).toEqual(offers.map(() => 200));
    expect(answers.filter(({ body }) => body.status === 'accepted')).toHaveLength(1);
    expect(answers.filter(({ body }) => body.status === 'lost')).toHaveLength(19);
    const booked = await api.get<{ data: { start_ts: string }[] }>('/appointments?limit=50');
    expect(booked.body.data.map(({ start_ts }) => start_ts)).toEqual([THURSDAY]);
  });
});
