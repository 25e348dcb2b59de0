import { aContact, anApiKey } from '../factories';
import { MONDAY, OPERATOR_KEY, startApi, type TestApi } from '../support/api';
import { anEnrolment, cadencesOver, type State } from '../support/cadences';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const { aSetting, named, begin, enrolments, rings } = cadencesOver(() => api);

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
  ])('refuses %s', async (...[, key, asked, path]) => {
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

const STEP = { wait_min: 2880, template_id: 'cadence_winback_1', channels: ['sms', 'email'] };
const OWN = { key: 'own_new_colour', name: 'After a new colour', steps: [STEP] };
type Made = { id: string; version: number; key: string; name: string };

describe('A cadence of the business’s own', () => {
  it('is made with its steps, is shown as the others, and takes people when it is told to', async () => {
    const setting = await aSetting();
    const made = await api.post<Made>('/cadences', { ...OWN, priority: 25 });
    expect(made).toMatchObject({
      status: 201,
      body: { ...OWN, trigger: 'manual', priority: 25, enabled: true, winback_weeks: null, steps: [{ position: 1, ...STEP }] },
    });
    expect((await api.get<Made>(`/cadences/${made.body.id}`)).body).toEqual(made.body);
    const { body: shown } = await api.get<{ data: Made[] }>('/cadences');
    expect(shown.data.map(({ key }) => key)).toEqual(['never_answered', OWN.key, 'no_show_recovery', 'winback']);
    const started = await api.post('/cadences/start', { contact_id: setting.contactId, cadence_id: made.body.id });
    expect(started).toMatchObject({ status: 200, body: { cadence_id: made.body.id, status: 'active' } });
  });

  it('is renamed; one that every business has is not', async () => {
    const setting = await aSetting();
    const { body } = await api.post<Made>('/cadences', OWN);
    expect((await api.patch<Made>(`/cadences/${body.id}`, { name: 'Colour' })).body).toMatchObject({ name: 'Colour', version: 2 });
    const renamed = await api.patch(`/cadences/${setting.cadences['winback']!.id}`, { name: 'Colour' });
    expect(renamed).toMatchObject({ status: 422, body: { errors: [{ path: 'name' }] } });
  });

  it('that is taken away is off for everybody in it, is shown no more, and its key is free again', async () => {
    const setting = await aSetting();
    const { body } = await api.post<Made>('/cadences', OWN);
    const asked = { contact_id: setting.contactId, cadence_id: body.id };
    await api.post('/cadences/start', asked);
    expect((await api.delete(`/cadences/${body.id}`)).status).toBe(204);
    expect(await rings(setting)).toMatchObject([{ version: 2 }]);
    expect((await api.get(`/cadences/${body.id}`)).status).toBe(404);
    expect((await api.delete(`/cadences/${body.id}`)).status).toBe(404);
    expect((await api.post('/cadences/start', asked)).status).toBe(404);
    expect((await api.post<Made>('/cadences', OWN)).body.id).not.toBe(body.id);
  });

  it('cannot take away what every business has, and says what to do instead', async () => {
    const setting = await aSetting();
    const refused = await api.delete<{ code: string; detail: string }>(`/cadences/${setting.cadences['winback']!.id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'cadence.built_in', detail: expect.stringContaining('enabled: false') } });
  });

  it('has a key to itself, also at the same moment', async () => {
    await aSetting();
    const answers = await Promise.all([1, 2, 3].map(() => api.post<Made & { code: string }>('/cadences', OWN)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('cadence.key_taken');
  });

  it('that is a notice takes only words that are one, and marketing only words that say how to opt out', async () => {
    await aSetting();
    const words = { sms: { en: { body: '{{ business_name }}: keep it dry.' }, es: { body: '{{ business_name }}: no la moje.' } } };
    await api.put('/templates/own-care', { name: 'Care', message_class: 'notice', ...words });
    const steps = [{ wait_min: 60, template_id: 'own-care', channels: ['sms'] }];
    const made = await api.post<Made>('/cadences', { ...OWN, message_class: 'notice', steps });
    expect(made.status).toBe(201);
    const refused = await api.post('/cadences', { ...OWN, key: 'own_other', steps });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ message: expect.stringContaining('notice') }] } });
    const turned = { name: 'Care', message_class: 'marketing', ...words };
    expect(await api.put('/templates/own-care', turned)).toMatchObject({ status: 409, body: { code: 'template.in_cadence' } });
    expect((await api.put('/templates/own-care', { ...turned, message_class: 'notice' })).status).toBe(200);
    await api.delete(`/cadences/${made.body.id}`);
    expect(await api.put('/templates/own-care', turned)).toMatchObject({ status: 422, body: { code: 'template.mistakes' } });
  });

  it.each([
    ['a key of ours', { key: 'winback' }, 'key'],
    ['no steps', { steps: [] }, 'steps'],
    ['words for a channel that it lacks', { steps: [{ ...STEP, template_id: 'own-none' }] }, 'steps.0.template_id'],
    ['no name', { name: ' ' }, 'name'],
    ['a start of its own', { trigger: 'winback' }, 'trigger'],
  ])('is refused with %s', async (_, more, path) => {
    await aSetting();
    expect(await api.post('/cadences', { ...OWN, ...more })).toMatchObject({ status: 422, body: { errors: [{ path }] } });
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
