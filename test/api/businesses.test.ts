import { aBusiness, anApiKey, anAppointment } from '../factories';
import { OPERATOR_KEY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
afterAll(() => api.close());

const operator = { key: OPERATOR_KEY };

describe('Opening a business', () => {
  it('gives it a first location, an owner, the four default reminders and a key that works', async () => {
    const hours = [{ weekday: 2, from: '10:00', to: '18:00' }];
    const asked = {
      name: 'Shear Bliss',
      zone: 'America/New_York',
      location: { hours },
      owner: { name: 'Olga', email: 'olga@example.com' },
    };
    const made = await api.post<{ id: string; api_key: string; location_id: string; owner_staff_id: string }>(
      '/businesses',
      asked,
      operator,
    );
    expect(made).toMatchObject({
      status: 201,
      body: { zone: 'America/New_York', status: 'active', quiet_hours: { from: '21:00', to: '08:00' } },
    });
    const key = made.body.api_key;
    expect((await api.get('/me', { key })).body).toMatchObject({ business_id: made.body.id, role: 'owner' });
    expect((await api.get(`/locations/${made.body.location_id}`, { key })).body).toMatchObject({
      name: 'Shear Bliss',
      hours,
      zone: 'America/New_York',
    });
    expect((await api.get(`/staff/${made.body.owner_staff_id}`, { key })).body).toMatchObject({
      permission_level: 'owner',
      bookable: false,
    });
    const rules = await api.get<{ data: { rule: string }[] }>('/reminder-rules', { key });
    expect(rules.body.data.map(({ rule }) => rule)).toEqual(['7d', '3d', '1d', '2h']);
  });

  it('puts a business without a zone into Chicago', async () => {
    expect((await api.post('/businesses', { name: 'Zoneless', owner: { name: 'Z' } }, operator)).body).toMatchObject({
      zone: 'America/Chicago',
    });
  });

  it("is the platform operator's alone", async () => {
    const { id } = await aBusiness(api.database.db);
    const key = await anApiKey(api.database.db, id);
    expect((await api.post('/businesses', { name: 'Mine too', owner: { name: 'X' } }, { key })).status).toBe(403);
  });

  it('gives a number, and a log-in, to one business only', async () => {
    const asked = { name: 'First', sms_number: '+13125550171', owner: { name: 'F', email: 'f@example.com', password: 'a long password' } };
    expect((await api.post('/businesses', asked, operator)).status).toBe(201);
    const sameNumber = await api.post('/businesses', { name: 'Second', sms_number: '(312) 555-0171', owner: { name: 'S' } }, operator);
    expect(sameNumber).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    const sameLogin = await api.post('/businesses', { name: 'Third', owner: { ...asked.owner, name: 'T' } }, operator);
    expect(sameLogin.status).toBe(409);
  });
});

describe('Businesses', () => {
  it('are one for their own key and all, by pages, for the operator', async () => {
    const own = await aBusiness(api.database.db);
    const key = await anApiKey(api.database.db, own.id);
    expect((await api.get<{ data: { id: string }[] }>('/businesses', { key })).body.data.map(({ id }) => id)).toEqual([own.id]);
    const first = await api.get<{ data: { id: string }[]; next_cursor: string }>('/businesses?limit=1', operator);
    expect(first.body.data.map(({ id }) => id)).toEqual([own.id]);
    const second = await api.get<{ data: { id: string }[] }>(`/businesses?limit=1&cursor=${first.body.next_cursor}`, operator);
    expect(second.body.data[0]?.id).not.toBe(own.id);
  });

  it("cannot be read or changed with another's key, whatever its role", async () => {
    const [mine, theirs] = [await aBusiness(api.database.db), await aBusiness(api.database.db)];
    const key = await anApiKey(api.database.db, mine.id);
    expect((await api.get(`/businesses/${theirs.id}`, { key })).status).toBe(404);
    expect((await api.patch(`/businesses/${theirs.id}`, { name: 'Taken' }, { key })).status).toBe(404);
    expect((await api.get(`/businesses/${theirs.id}`, operator)).body).toMatchObject({ name: theirs.name });
    expect((await api.get('/businesses/01900000-0000-7000-8000-000000000000', operator)).status).toBe(404);
  });

  it('may add to the quiet hours of the law, never take from them (R21)', async () => {
    const { id } = await aBusiness(api.database.db);
    const key = await anApiKey(api.database.db, id);
    const quiet = (from: string, to: string) => api.patch(`/businesses/${id}`, { quiet_hours: { from, to } }, { key });
    expect((await quiet('20:00', '09:30')).body).toMatchObject({ quiet_hours: { from: '20:00', to: '09:30' } });
    for (const [from, to] of [
      ['21:30', '08:00'],
      ['21:00', '07:59'],
      ['09:00', '20:00'],
    ] as const)
      expect(await quiet(from, to)).toMatchObject({ status: 422, body: { errors: [{ path: 'quiet_hours' }] } });
  });

  it('ring every visit ahead, behind single changes, when they pause and when they resume', async () => {
    const { id } = await aBusiness(api.database.db);
    const key = await anApiKey(api.database.db, id);
    const visit = await anAppointment(api.database.db, id, { startsAt: '2027-03-16T14:00:00.000Z' });
    await anAppointment(api.database.db, id, { startsAt: '2027-02-01T15:00:00.000Z' });
    const wakes = api.database.wakes();
    await api.patch(`/businesses/${id}`, { status: 'paused' }, { key });
    expect(await waitingRings(api.database.db, id)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 1 }]);
    await api.patch(`/businesses/${id}`, { status: 'active' }, { key });
    expect(await waitingRings(api.database.db, id)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 3, lane: 1 }]);
    expect(api.database.wakes()).toBe(wakes + 2);
  });

  it('are canceled by the operator only, ring their visits, and can still be read', async () => {
    const { id } = await aBusiness(api.database.db);
    const key = await anApiKey(api.database.db, id);
    await anAppointment(api.database.db, id);
    expect((await api.delete(`/businesses/${id}`, { key })).status).toBe(403);
    expect((await api.delete(`/businesses/${id}`, operator)).status).toBe(204);
    expect((await api.get(`/businesses/${id}`, { key })).body).toMatchObject({ status: 'canceled' });
    expect(await waitingRings(api.database.db, id)).toHaveLength(1);
  });

  it('ring nobody for a new name', async () => {
    const { id } = await aBusiness(api.database.db);
    await anAppointment(api.database.db, id);
    await api.patch(`/businesses/${id}`, { name: 'New name' }, { key: await anApiKey(api.database.db, id) });
    expect(await waitingRings(api.database.db, id)).toEqual([]);
  });
});
