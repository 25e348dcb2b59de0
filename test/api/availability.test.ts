import { aBusiness, aLocation, anApiKey, anAppointment, aStaffMember } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

describe('Time off and closures', () => {
  it("read a local time on the place's own clock, and count the visits that lie within", async () => {
    const member = await aStaffMember(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { staffId: member.id, startsAt: '2027-03-16T14:00:00.000Z' });
    const off = await api.post('/availability', {
      staff_id: member.id,
      start_ts: '2027-03-16T00:00',
      end_ts: '2027-03-17T00:00',
      reason: 'dentist',
    });
    expect(off).toMatchObject({
      status: 201,
      body: { kind: 'time_off', start_ts: '2027-03-16T04:00:00.000Z', end_ts: '2027-03-17T04:00:00.000Z', affected_appointments: 1 },
    });
    const closed = await api.post('/availability', {
      location_id: member.locationId,
      start_ts: 1_805_630_400,
      end_ts: '2027-03-30T00:00:00-04:00',
    });
    expect(closed.body).toMatchObject({ kind: 'closure', start_ts: new Date(1_805_630_400_000).toISOString() });
  });

  it('refuse a local time that the clock skips, and one that it shows twice, with the two instants', async () => {
    const { id } = await aLocation(api.database.db, businessId);
    const skipped = await api.post('/availability', { location_id: id, start_ts: '2027-03-14T02:30', end_ts: '2027-03-14T12:00' });
    expect(skipped).toMatchObject({ status: 422, body: { code: 'local_time_missing', errors: [{ path: 'start_ts' }] } });
    const twice = await api.post('/availability', { location_id: id, start_ts: '2027-11-07T01:30', end_ts: '2027-11-07T12:00' });
    expect(twice.body).toMatchObject({ code: 'local_time_twice', candidates: ['2027-11-07T05:30:00.000Z', '2027-11-07T06:30:00.000Z'] });
  });

  it('end after they begin, last two years at most, and belong to one of the two', async () => {
    const member = await aStaffMember(api.database.db, businessId);
    const at = { start_ts: '2027-03-16T10:00:00Z', end_ts: '2027-03-16T12:00:00Z' };
    const wrong = [
      { ...at },
      { ...at, staff_id: member.id, location_id: member.locationId },
      { staff_id: member.id, start_ts: at.end_ts, end_ts: at.start_ts },
      { staff_id: member.id, start_ts: at.start_ts, end_ts: at.start_ts },
      { staff_id: member.id, start_ts: at.start_ts, end_ts: '2037-03-16T12:00:00Z' },
    ];
    for (const body of wrong) expect((await api.post('/availability', body)).status).toBe(422);
  });

  it('are moved and renamed, on the same clock, and stay whole', async () => {
    const member = await aStaffMember(api.database.db, businessId);
    const { body } = await api.post('/availability', { staff_id: member.id, start_ts: '2027-03-16T09:00', end_ts: '2027-03-16T12:00' });
    const path = `/availability/${String(body['id'])}`;
    expect((await api.patch(path, { end_ts: '2027-03-16T13:00', reason: 'school' })).body).toMatchObject({
      start_ts: '2027-03-16T13:00:00.000Z',
      end_ts: '2027-03-16T17:00:00.000Z',
      reason: 'school',
    });
    expect((await api.patch(path, { end_ts: '2027-03-16T08:00' })).status).toBe(422);
    expect((await api.patch(path, { reason: null })).body).toMatchObject({ reason: null, end_ts: '2027-03-16T17:00:00.000Z' });
  });

  it("cannot be laid on another business's staff", async () => {
    const theirs = await aStaffMember(api.database.db, (await aBusiness(api.database.db)).id);
    const at = { start_ts: '2027-03-16T10:00:00Z', end_ts: '2027-03-16T12:00:00Z' };
    expect((await api.post('/availability', { staff_id: theirs.id, ...at })).status).toBe(404);
  });

  it('are listed by start, in a range, page by page, and given back', async () => {
    const member = await aStaffMember(api.database.db, businessId);
    const days = ['2027-03-18', '2027-03-16', '2027-03-17'];
    for (const day of days)
      await api.post('/availability', { staff_id: member.id, start_ts: `${day}T13:00:00Z`, end_ts: `${day}T15:00:00Z` });
    type Page = { data: { id: string; start_ts: string }[]; next_cursor: string | null };
    const first = await api.get<Page>('/availability?limit=2');
    const second = await api.get<Page>(`/availability?limit=2&cursor=${first.body.next_cursor!}`);
    const starts = [...first.body.data, ...second.body.data].map(({ start_ts }) => start_ts.slice(0, 10));
    expect(starts).toEqual(['2027-03-16', '2027-03-17', '2027-03-18']);
    const inRange = await api.get<Page>(`/availability?staff_id=${member.id}&from=2027-03-17T14:00:00Z&to=2027-03-18T13:00:00Z`);
    expect(inRange.body.data.map(({ start_ts }) => start_ts.slice(0, 10))).toEqual(['2027-03-17']);
    const { id } = first.body.data[0]!;
    expect((await api.get(`/availability/${id}`)).status).toBe(200);
    expect((await api.delete(`/availability/${id}`)).status).toBe(204);
    expect((await api.delete(`/availability/${id}`)).status).toBe(404);
  });
});
