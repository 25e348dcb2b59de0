import { aBusiness, aLocation, anApiKey, anAppointment, aResource, aService, aStaffMember, inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

const NOBODY = '01900000-0000-7000-8000-000000000000';
const PAST = '2027-02-01T15:00:00.000Z';
const week = [
  { weekday: 1, from: '09:00', to: '12:00' },
  { weekday: 1, from: '13:00', to: '24:00' },
];

describe('Locations', () => {
  it("take the business's zone, and hours of several stretches a day up to midnight", async () => {
    const made = await api.post<{ id: string }>('/locations', {
      name: 'Downtown',
      address: '2 Broad St',
      phone: '212 555 0100',
      hours: week,
    });
    expect(made).toMatchObject({
      status: 201,
      body: { zone: 'America/New_York', phone: '+12125550100', hours: week, version: 1, active: true },
    });
    expect((await api.get(`/locations/${made.body.id}`)).body).toEqual(made.body);
  });

  it('replace the whole week, or leave it', async () => {
    const { id } = await aLocation(api.database.db, businessId, { hours: week });
    expect((await api.patch(`/locations/${id}`, { name: 'Renamed' })).body).toMatchObject({ hours: week });
    expect((await api.patch(`/locations/${id}`, { hours: [] })).body).toMatchObject({ name: 'Renamed', hours: [] });
  });

  it('give the visits ahead a new schedule when they get a new zone (R5)', async () => {
    const member = await aStaffMember(api.database.db, businessId);
    const visit = await anAppointment(api.database.db, businessId, { staffId: member.id });
    const past = await anAppointment(api.database.db, businessId, { staffId: member.id, startsAt: PAST });
    await api.patch(`/locations/${member.locationId}`, { zone: 'America/Denver' });
    const rows = await inBusiness(api.database.db, businessId, (tx) =>
      tx('appointments').orderBy('startsAt', 'desc').select<Record<string, unknown>[]>('*'),
    );
    expect(rows).toMatchObject([
      { id: visit.id, zone: 'America/Denver', scheduleVersion: 2, startsAt: visit.startsAt, scheduleChangedBy: 'staff' },
      { id: past.id, zone: 'America/New_York', scheduleVersion: 1 },
    ]);
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 1 }]);
  });

  it('cannot go while somebody works there or a visit lies ahead, and go then', async () => {
    const { id, locationId } = await aStaffMember(api.database.db, businessId);
    expect(await api.delete(`/locations/${locationId}`)).toMatchObject({ status: 409, body: { code: 'in_use' } });
    await anAppointment(api.database.db, businessId, { staffId: id });
    expect(await api.delete(`/locations/${locationId}`)).toMatchObject({ status: 409, body: { code: 'has_future_appointments' } });
    const empty = await aLocation(api.database.db, businessId);
    expect((await api.delete(`/locations/${empty.id}`)).status).toBe(204);
    expect((await api.get(`/locations/${empty.id}`)).status).toBe(404);
  });
});

describe('Staff', () => {
  it('are made as the contract says, at the only location there is', async () => {
    const location = await aLocation(api.database.db, businessId);
    const asked = { name: 'Dana', email: 'DANA@example.com', phone: '+12125550111', permission_level: 'staff', hours: week };
    const made = await api.post('/staff', asked);
    expect(made).toMatchObject({
      status: 201,
      body: {
        location_id: location.id,
        email: 'dana@example.com',
        phone: '+12125550111',
        hours: week,
        bookable: true,
        do_not_disturb: null,
      },
    });
  });

  it('need a location named when there is a choice, and one of this business', async () => {
    await aLocation(api.database.db, businessId);
    await aLocation(api.database.db, businessId);
    const asked = { name: 'Dana', permission_level: 'staff', hours: [] };
    expect((await api.post('/staff', asked)).body).toMatchObject({ code: 'invalid', errors: [{ path: 'location_id' }] });
    const elsewhere = await aLocation(api.database.db, (await aBusiness(api.database.db)).id);
    for (const location_id of [elsewhere.id, NOBODY]) expect((await api.post('/staff', { ...asked, location_id })).status).toBe(404);
  });

  it('are not lifted above, nor touched by, somebody below them', async () => {
    const owner = await aStaffMember(api.database.db, businessId, { permissionLevel: 'owner' });
    const member = await aStaffMember(api.database.db, businessId);
    const key = await anApiKey(api.database.db, businessId, 'admin');
    expect((await api.patch(`/staff/${member.id}`, { permission_level: 'owner' }, { key })).status).toBe(403);
    expect((await api.patch(`/staff/${owner.id}`, { name: 'Ousted' }, { key })).status).toBe(403);
    expect((await api.delete(`/staff/${owner.id}`, { key })).status).toBe(403);
    expect((await api.patch(`/staff/${member.id}`, { permission_level: 'admin' }, { key })).status).toBe(200);
  });

  it('keep do-not-disturb hours of their own, over midnight too, and lose them', async () => {
    const { id } = await aStaffMember(api.database.db, businessId);
    const dnd = { from: '20:00', to: '06:30' };
    expect((await api.patch(`/staff/${id}`, { do_not_disturb: dnd })).body).toMatchObject({ do_not_disturb: dnd });
    expect((await api.patch(`/staff/${id}`, { do_not_disturb: null, phone: null })).body).toMatchObject({
      do_not_disturb: null,
      phone: null,
    });
  });

  it('stay while a visit lies ahead; with past ones only they are kept, inactive and off the list', async () => {
    const busy = await aStaffMember(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { staffId: busy.id });
    expect(await api.delete(`/staff/${busy.id}`)).toMatchObject({ status: 409, body: { code: 'has_future_appointments' } });
    const former = await aStaffMember(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { staffId: former.id, startsAt: PAST });
    expect((await api.delete(`/staff/${former.id}`)).status).toBe(204);
    expect((await api.get(`/staff/${former.id}`)).body).toMatchObject({ active: false });
    const listed = async (query: string) => (await api.get<{ data: { id: string }[] }>(`/staff${query}`)).body.data.map(({ id }) => id);
    expect(await listed('')).not.toContain(former.id);
    expect(await listed('?include_inactive=true')).toContain(former.id);
    expect((await api.patch(`/staff/${former.id}`, { active: true })).body).toMatchObject({ active: true });
  });

  it('may go once a hold on them has run out', async () => {
    const { id } = await aStaffMember(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { staffId: id, status: 'held', holdExpiresAt: '2027-03-01T13:59:00.000Z' });
    expect((await api.delete(`/staff/${id}`)).status).toBe(204);
  });
});

describe('Resources', () => {
  it('are made, renamed, listed and removed', async () => {
    await aLocation(api.database.db, businessId);
    const made = await api.post<{ id: string }>('/resources', { name: 'Chair 1', kind: 'chair' });
    expect(made).toMatchObject({ status: 201, body: { kind: 'chair', active: true } });
    expect((await api.patch(`/resources/${made.body.id}`, { name: 'X-ray', kind: null })).body).toMatchObject({
      name: 'X-ray',
      kind: null,
      version: 2,
    });
    expect((await api.get('/resources')).body).toMatchObject({ data: [{ id: made.body.id }], next_cursor: null });
    expect((await api.delete(`/resources/${made.body.id}`)).status).toBe(204);
    expect((await api.get('/resources')).body).toMatchObject({ data: [] });
  });

  it('stay while a visit ahead uses them', async () => {
    const chair = await aResource(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { resourceIds: [chair.id] });
    expect((await api.delete(`/resources/${chair.id}`)).body).toMatchObject({ code: 'has_future_appointments' });
  });
});

describe('Services', () => {
  it('are made as the contract says, and say who gives them and what they need', async () => {
    const [member, chair] = [await aStaffMember(api.database.db, businessId), await aResource(api.database.db, businessId)];
    const asked = {
      name: 'Colour',
      duration_min: 90,
      buffer_after_min: 15,
      price_cents: 12_000,
      staff_ids: [member.id],
      resource_ids: [chair.id],
    };
    const made = await api.post<{ id: string }>('/services', asked);
    expect(made).toMatchObject({ status: 201, body: { ...asked, buffer_before_min: 0 } });
    expect((await api.patch(`/services/${made.body.id}`, { staff_ids: [] })).body).toMatchObject({
      staff_ids: [],
      resource_ids: [chair.id],
    });
  });

  it('take nobody of another business, and nothing of theirs, and say no more than that', async () => {
    const other = await aBusiness(api.database.db);
    const [theirs, chair] = [await aStaffMember(api.database.db, other.id), await aResource(api.database.db, other.id)];
    const service = await aService(api.database.db, businessId);
    const linked = { staff_ids: [theirs.id] };
    expect(await api.patch(`/services/${service.id}`, linked)).toMatchObject({ status: 404, body: { code: 'unknown_reference' } });
    expect((await api.patch(`/services/${service.id}`, { resource_ids: [chair.id] })).status).toBe(404);
    expect((await api.get(`/services/${service.id}`)).body).toMatchObject({ staff_ids: service.staffIds });
  });

  it('stay while visits lie ahead, are kept after past ones, and go if nobody ever booked them', async () => {
    const [booked, former, fresh] = [
      await aService(api.database.db, businessId),
      await aService(api.database.db, businessId),
      await aService(api.database.db, businessId),
    ];
    await anAppointment(api.database.db, businessId, { serviceId: booked.id, staffId: booked.staffIds[0]! });
    await anAppointment(api.database.db, businessId, { serviceId: former.id, staffId: former.staffIds[0]!, startsAt: PAST });
    expect((await api.delete(`/services/${booked.id}`)).status).toBe(409);
    expect((await api.delete(`/services/${former.id}`)).status).toBe(204);
    expect((await api.get(`/services/${former.id}`)).body).toMatchObject({ active: false, staff_ids: former.staffIds });
    expect((await api.delete(`/services/${fresh.id}`)).status).toBe(204);
    expect((await api.get(`/services/${fresh.id}`)).status).toBe(404);
  });
});
