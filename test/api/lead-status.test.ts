import { aContact, anAppointment, aService, aStaffMember, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { cadencesOver, type Setting } from '../support/cadences';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const { aSetting, named, begin, enrolments, rings } = cadencesOver(() => api);

describe('a visit', () => {
  async function aMissedVisit(setting: Setting, startsAt = '2027-03-01T12:00:00.000Z') {
    const { db } = api.database;
    const { id: staffId } = await aStaffMember(db, setting.businessId);
    const { id: serviceId } = await aService(db, setting.businessId, { staffIds: [staffId] });
    const visit = await anAppointment(db, setting.businessId, { contactId: setting.contactId, staffId, serviceId, startsAt });
    return { visit, staffId, serviceId };
  }

  it('that nobody came to starts the recovery once, and an undo stops it', async () => {
    const setting = await aSetting();
    const { visit } = await aMissedVisit(setting);
    for (let twice = 0; twice < 2; twice += 1) await api.post(`/appointments/${visit.id}/no-show`);
    expect(await enrolments(setting)).toEqual(['no_show_recovery active 1']);
    await api.post(`/appointments/${visit.id}/undo`);
    expect(await enrolments(setting)).toEqual(['no_show_recovery stopped 1']);
  });

  it('that nobody came to starts nothing while the recovery is off, or another visit lies ahead', async () => {
    const off = await aSetting();
    await api.patch(`/cadences/${off.cadences['no_show_recovery']!.id}`, { enabled: false });
    await api.post(`/appointments/${(await aMissedVisit(off)).visit.id}/no-show`);
    expect(await enrolments(off)).toEqual([]);

    const setting = await aSetting();
    const { visit, staffId, serviceId } = await aMissedVisit(setting);
    await anAppointment(api.database.db, setting.businessId, { contactId: setting.contactId, staffId, serviceId });
    await api.post(`/appointments/${visit.id}/no-show`);
    expect(await enrolments(setting)).toEqual([]);
    expect((await api.get(`/leads/${setting.contactId}/status`)).body).toMatchObject({ bucket: 'no_show' });
  });

  it('that is booked ends what its person is in; a hold does not, until it is booked', async () => {
    const setting = await aSetting();
    const { staffId, serviceId } = await aMissedVisit(setting);
    await begin(setting);
    const asked = { contact_id: setting.contactId, service_id: serviceId, staff_id: staffId, start_ts: '2027-03-17T14:00:00Z' };
    const hold = await api.post<{ id: string }>('/holds', asked);
    expect(await enrolments(setting)).toEqual(['never_answered active 1']);
    expect((await api.post('/appointments', { hold_id: hold.body.id })).status).toBe(201);
    expect(await enrolments(setting)).toEqual(['never_answered booked 1']);
  });

  it('moves its person: booked, engaged when it is off, visited', async () => {
    const setting = await aSetting();
    const { visit, staffId, serviceId } = await aMissedVisit(setting);
    const stands = async () => (await api.get(`/leads/${setting.contactId}/status`)).body['bucket'];
    const asked = { contact_id: setting.contactId, service_id: serviceId, staff_id: staffId, start_ts: '2027-03-17T14:00:00Z' };
    const booked = await api.post<{ id: string }>('/appointments', asked);
    expect(await stands()).toBe('booked');
    await api.post(`/appointments/${booked.body.id}/cancel`);
    expect(await stands()).toBe('engaged');
    await api.post(`/appointments/${visit.id}/complete`);
    expect(await stands()).toBe('visited');
  });
});

describe('an opt-out noted by staff', () => {
  it('ends the cadence and moves the person', async () => {
    const setting = await aSetting();
    await begin(setting);
    await api.post(`/contacts/${setting.contactId}/opt-outs`, { channel: 'sms', statement: 'no more' });
    expect(await enrolments(setting)).toEqual(['never_answered opted_out 1']);
    expect((await api.get(`/leads/${setting.contactId}/status`)).body).toMatchObject({ bucket: 'opted_out' });
  });
});

describe('a new consent', () => {
  it('wakes the cadence that its person is in', async () => {
    const setting = await aSetting();
    await begin(setting);
    const word = { channel: 'sms', purpose: 'service', statement: 'yes', source: 'desk' };
    await api.post(`/contacts/${setting.contactId}/consents`, word);
    expect(await rings(setting)).toMatchObject([{ version: 2 }]);
  });
});

describe('erasing a contact', () => {
  it('ends their cadence and leaves no word of where they stood', async () => {
    const setting = await aSetting();
    await begin(setting);
    await api.post(`/leads/${setting.contactId}/status`, { bucket: 'engaged', tag: 'likes mornings' });
    expect((await api.delete(`/contacts/${setting.contactId}`)).status).toBe(204);
    const left = await inBusiness(api.database.db, setting.businessId, async (tx) => [
      await tx('leadStatus').select('*'),
      await tx('cadenceStates').select('*'),
    ]);
    expect(left).toEqual([[], []]);
  });
});

describe('/leads/:id/status and GET /buckets/distribution', () => {
  it('say that nothing is known of somebody yet, then what a person said', async () => {
    const setting = await aSetting();
    const path = `/leads/${setting.contactId}/status`;
    expect((await api.get(path)).body).toEqual({ bucket: null, tag: null, next_action_at: null, version: 0, updated_at: null });
    const said = { bucket: 'lost', tag: 'moved away', next_action_at: '2027-06-01T14:00:00.000Z' };
    expect(await api.post(path, said)).toMatchObject({ status: 200, body: { ...said, version: 1 } });
    // What is left out stays, null empties.
    expect((await api.post(path, { bucket: 'lost', tag: null })).body).toMatchObject({
      tag: null,
      next_action_at: said.next_action_at,
      version: 2,
    });
    expect(await api.post(path, { bucket: 'new' }, { headers: { 'If-Match': '"1"' } })).toMatchObject({ status: 412 });
  });

  it('keep what a person said until something newer happens', async () => {
    const setting = await aSetting();
    const path = `/leads/${setting.contactId}/status`;
    await api.post(path, { bucket: 'lost' });
    api.setNow('2027-03-01T13:00:00.000Z'); // a fact from before, which arrives late
    await begin(setting);
    expect((await api.get(path)).body).toMatchObject({ bucket: 'lost' });
    await api.post('/cadences/stop', named(setting));
    api.setNow('2027-03-01T15:00:00.000Z');
    await begin(setting);
    expect((await api.get(path)).body).toMatchObject({ bucket: 'no_answer' });
  });

  it('count everybody of whom something is known, the empty buckets too', async () => {
    const setting = await aSetting();
    await api.post(`/leads/${setting.contactId}/status`, { bucket: 'engaged' });
    const { id } = await aContact(api.database.db, setting.businessId);
    await api.post(`/leads/${id}/status`, { bucket: 'engaged' });
    await aContact(api.database.db, setting.businessId);
    const { body } = await api.get<{ bucket: string; count: number }[]>('/buckets/distribution');
    expect(body.map(({ bucket, count }) => `${bucket} ${count}`)).toEqual([
      ...['new 0', 'no_answer 0', 'engaged 2', 'booked 0', 'visited 0', 'no_show 0', 'lapsed 0', 'opted_out 0', 'lost 0'],
    ]);
  });

  it.each([
    ['a bucket that is none', { bucket: 'sold' }],
    ['no bucket', {}],
    ['a tag without end', { bucket: 'new', tag: 'x'.repeat(61) }],
    ['a date that does not exist', { bucket: 'new', next_action_at: '2027-02-30T10:00:00Z' }],
  ])('refuse %s', async (_, body) => {
    const setting = await aSetting();
    expect((await api.post(`/leads/${setting.contactId}/status`, body)).status).toBe(422);
  });
});
