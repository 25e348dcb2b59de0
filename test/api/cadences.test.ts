import type { CadenceWithSteps } from '../../db/cadences';
import { aBusiness, aContact, anApiKey, anAppointment, aService, aStaffMember, inBusiness } from '../factories';
import { MONDAY, OPERATOR_KEY, startApi, type TestApi } from '../support/api';
import { anEnrolment, enrolmentsOf, someCadences, type State } from '../support/cadences';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

type Setting = { businessId: string; contactId: string; cadences: Record<string, CadenceWithSteps> };

async function aSetting(): Promise<Setting> {
  const { db } = api.database;
  const { id: businessId } = await aBusiness(db);
  api.useKey(await anApiKey(db, businessId));
  const { id: contactId } = await aContact(db, businessId, { marketing: ['sms'] });
  return { businessId, contactId, cadences: await someCadences(db, businessId) };
}

const named = ({ contactId, cadences }: Setting, key = 'never_answered') => ({ contact_id: contactId, cadence_id: cadences[key]!.id });
const begin = (setting: Setting, key?: string) => api.post<State>('/cadences/start', named(setting, key));
const enrolments = ({ businessId, contactId }: Setting) => enrolmentsOf(api.database.db, businessId, contactId);
const rings = async ({ businessId }: Setting) =>
  (await waitingRings(api.database.db, businessId)).filter(({ workflowId }) => workflowId.startsWith('cadence/'));

describe('GET /cadences', () => {
  it('shows what a business begins with, in the caller’s language, the most important first', async () => {
    const made = await api.post<{ id: string; api_key: string }>(
      '/businesses',
      { name: 'New', owner: { name: 'O' } },
      { key: OPERATOR_KEY },
    );
    const key = made.body.api_key;
    const shown = await api.get<{ data: { name: string; enabled: boolean }[] }>('/cadences', { key });
    expect(shown.body.data.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['Never Answered', true],
      ['No-show recovery', true],
      ['Winback', false],
    ]);
    const spanish = await api.get<{ data: { name: string }[] }>('/cadences', { key, headers: { 'Accept-Language': 'es' } });
    expect(spanish.body.data.map(({ name }) => name)).toEqual(['Sin respuesta', 'Recuperar ausencias', 'Reencuentro']);
  });
});

describe('POST /cadences/start', () => {
  it('puts a person in, rings the process and says they did not answer', async () => {
    const setting = await aSetting();
    const { status, body } = await begin(setting);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...named(setting),
      status: 'active',
      ended_reason: null,
      step: 1,
      next_action_at: MONDAY,
      last_status: null,
    });
    expect(await rings(setting)).toEqual([{ workflowId: `cadence/${body.id}`, version: 1, lane: 0 }]);
    expect((await api.get(`/leads/${setting.contactId}/status`)).body).toMatchObject({ bucket: 'no_answer' });
  });

  it('answers the enrolment that runs when it is asked again, also at the same moment', async () => {
    const setting = await aSetting();
    const answers = await Promise.all([1, 2, 3, 4].map(() => begin(setting)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await enrolments(setting)).toEqual(['never_answered active 1']);
  });

  it('lets a more important one take over, and refuses one that is less, or off', async () => {
    const setting = await aSetting();
    await begin(setting, 'no_show_recovery');
    expect(await begin(setting)).toMatchObject({ status: 200, body: { status: 'active' } });
    expect(await enrolments(setting)).toEqual(['no_show_recovery superseded 1', 'never_answered active 1']);
    expect(await begin(setting, 'no_show_recovery')).toMatchObject({ status: 409, body: { code: 'cadence.outranked' } });
    expect(await begin(setting, 'winback')).toMatchObject({ status: 409, body: { code: 'cadence.off' } });
    expect(await enrolments(setting)).toHaveLength(2);
  });

  it('of two at the same moment leaves the more important one running, whoever was first', async () => {
    const setting = await aSetting();
    await Promise.all([begin(setting), begin(setting, 'no_show_recovery')]);
    expect((await enrolments(setting)).filter((line) => line.includes('active'))).toEqual(['never_answered active 1']);
  });

  it.each([
    ['a contact of nobody', { contact_id: '00000000-0000-7000-8000-000000000000' }, 404],
    ['a cadence of nobody', { cadence_id: '00000000-0000-7000-8000-000000000000' }, 404],
    ['no id', { contact_id: 'me' }, 422],
    ['a field that is none', { step: 2 }, 422],
  ])('refuses %s', async (_, more, status) => {
    const setting = await aSetting();
    expect((await api.post('/cadences/start', { ...named(setting), ...more })).status).toBe(status);
    expect(await enrolments(setting)).toEqual([]);
  });

  it('hides another business’s contact and cadence', async () => {
    const [theirs, mine] = [await aSetting(), await aSetting()];
    expect((await api.post('/cadences/start', { ...named(mine), contact_id: theirs.contactId })).status).toBe(404);
    expect((await api.post('/cadences/start', { ...named(mine), cadence_id: theirs.cadences['winback']!.id })).status).toBe(404);
    expect(await enrolments(theirs)).toEqual([]);
  });
});

describe('POST /cadences/stop', () => {
  it('takes a person out, rings the process, and answers the same when asked again', async () => {
    const setting = await aSetting();
    const { body: started } = await begin(setting);
    const stopped = await api.post<State>('/cadences/stop', named(setting));
    expect(stopped).toMatchObject({
      status: 200,
      body: { id: started.id, status: 'ended', ended_reason: 'stopped', next_action_at: null },
    });
    expect(await rings(setting)).toMatchObject([{ version: 2 }]);
    expect((await api.post('/cadences/stop', named(setting))).body).toEqual(stopped.body);
    expect((await begin(setting)).body.id).not.toBe(started.id);
  });

  it('leaves another cadence of the person alone', async () => {
    const setting = await aSetting();
    await begin(setting, 'no_show_recovery');
    expect(await api.post('/cadences/stop', named(setting))).toMatchObject({ status: 404, body: { code: 'cadence.not_enrolled' } });
    expect(await enrolments(setting)).toEqual(['no_show_recovery active 1']);
  });
});

describe('PATCH /cadences/:id', () => {
  it('changes it, raises the version, and rings everybody in it behind single changes', async () => {
    const setting = await aSetting();
    const { id, version } = setting.cadences['winback']!;
    await anEnrolment(api.database.db, setting.businessId, { contactId: setting.contactId, cadenceId: id });
    const steps = [{ wait_min: 10, template_id: 'cadence_winback_2', channels: ['email', 'sms'] }];
    const edited = await api.patch(
      `/cadences/${id}`,
      { enabled: true, winback_weeks: 20, priority: 15, steps },
      { headers: { 'If-Match': `"${version}"` } },
    );
    expect(edited).toMatchObject({
      status: 200,
      body: {
        enabled: true,
        winback_weeks: 20,
        priority: 15,
        steps: [{ position: 1, ...steps[0] }],
        version: version + 1,
        replanned_contacts: 1,
      },
    });
    expect(edited.headers.get('etag')).toBe(`"${version + 1}"`);
    expect(await rings(setting)).toMatchObject([{ version: 2, lane: 1 }]);
    expect(await api.patch(`/cadences/${id}`, { enabled: false }, { headers: { 'If-Match': `"${version}"` } })).toMatchObject({
      status: 412,
    });
  });

  it.each([
    ['weeks of one that is no winback', 'never_answered', { winback_weeks: 4 }, 'winback_weeks'],
    ['a priority beyond the scale', 'winback', { priority: 101 }, 'priority'],
    ['no step at all', 'winback', { steps: [] }, 'steps'],
    [
      'a template that is not there',
      'winback',
      { steps: [{ wait_min: 0, template_id: 'own-none', channels: ['sms'] }] },
      'steps.0.template_id',
    ],
    ['a template of a visit', 'winback', { steps: [{ wait_min: 0, template_id: '1d', channels: ['sms'] }] }, 'steps.0.template_id'],
    [
      'a channel twice',
      'winback',
      { steps: [{ wait_min: 0, template_id: 'cadence_winback_1', channels: ['sms', 'sms'] }] },
      'steps.0.channels',
    ],
    [
      'a wait into the past',
      'winback',
      { steps: [{ wait_min: -1, template_id: 'cadence_winback_1', channels: ['sms'] }] },
      'steps.0.wait_min',
    ],
  ])('refuses %s', async (_, key, asked, path) => {
    const setting = await aSetting();
    const { id } = setting.cadences[key]!;
    expect(await api.patch(`/cadences/${id}`, asked)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  it('is for admins; anybody who may read sees them, and staff start and stop', async () => {
    const setting = await aSetting();
    const { db } = api.database;
    const [staff, viewer] = [await anApiKey(db, setting.businessId, 'staff'), await anApiKey(db, setting.businessId, 'viewer')];
    expect((await api.patch(`/cadences/${setting.cadences['winback']!.id}`, { enabled: true }, { key: staff })).status).toBe(403);
    expect((await api.post('/cadences/start', named(setting), { key: viewer })).status).toBe(403);
    expect((await api.post('/cadences/start', named(setting), { key: staff })).status).toBe(200);
    expect((await api.get('/cadences/queue', { key: viewer })).status).toBe(200);
  });
});

type Line = { contact_id: string; step: number; bucket: string | null; next_action_at: string; last_status: string | null };

describe('GET /cadences/queue', () => {
  it('lists who is in a cadence by when something happens next, page by page, and nobody whose has ended', async () => {
    const setting = await aSetting();
    const { db } = api.database;
    const { id: cadenceId } = setting.cadences['never_answered']!;
    const people: string[] = [];
    for (const minute of [3, 1, 2]) {
      const { id: contactId } = await aContact(db, setting.businessId);
      await anEnrolment(db, setting.businessId, { contactId, cadenceId, now: `2027-03-01T10:0${minute}:00.000Z` });
      people[minute] = contactId;
    }
    await begin(setting);
    await api.post('/cadences/stop', named(setting));
    const { body: all } = await api.get<Line[]>('/cadences/queue');
    expect(all.map(({ contact_id }) => contact_id)).toEqual(people.slice(1));
    expect(all[0]).toEqual({
      ...{ contact_id: people[1], cadence_id: cadenceId, step: 1, bucket: null },
      ...{ next_action_at: '2027-03-01T10:01:00.000Z', last_status: null },
    });
    const { body: first } = await api.get<Line[]>('/cadences/queue?limit=2');
    const last = first.at(-1)!;
    const next = `/cadences/queue?limit=2&after_at=${last.next_action_at}&after_contact_id=${last.contact_id}`;
    expect((await api.get<Line[]>(next)).body).toEqual(all.slice(2));
    expect(await api.get('/cadences/queue?after_at=2027-03-01T10:00:00Z')).toMatchObject({ status: 422 });
  });

  it('is narrowed to a cadence and a bucket', async () => {
    const setting = await aSetting();
    await begin(setting);
    const count = async (query: string) => (await api.get<Line[]>(`/cadences/queue?${query}`)).body.length;
    expect(await count('bucket=no_answer')).toBe(1);
    expect(await count('bucket=lost')).toBe(0);
    expect(await count(`cadence_id=${setting.cadences['winback']!.id}`)).toBe(0);
    expect((await api.get('/cadences/queue?bucket=sold')).status).toBe(422);
  });
});

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
