import { aBusiness, anApiKey } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => api.useKey(await anApiKey(api.database.db, (await aBusiness(api.database.db)).id)));
afterAll(() => api.close());

const both = (en: string, es = en) => ({ sms: { en: { body: en }, es: { body: es } } });
const GOOD = both('{{ business_name }}: see you on {{ when }}.', '{{ business_name }}: nos vemos el {{ when }}.');
const WINBACK = { name: 'Win back', message_class: 'marketing', ...both('{{ business_name }}: we miss you. {{ opt_out }}') };

type Template = {
  version: number;
  custom: boolean;
  words: { sms: { en: { body: string } } | null; email: { es: { subject: string } } | null };
  default_words: { sms: { es: { body: string } } } | null;
  variables: { name: string; means: string; example: string | null }[];
  texts: { locale: string; example: string; segments: number; price_micro_dollars: number }[];
  findings: { code: string; message: string }[];
};
const get = async (key: string) => (await api.get<Template>(`/templates/${key}`)).body;

describe('Templates', () => {
  it('show the default words of every rule, with what they may name, what they look like and what they cost', async () => {
    const { body } = await api.get<{ data: { key: string; custom: boolean }[] }>('/templates');
    expect(body.data.length).toBeGreaterThan(15);
    expect(body.data.every(({ custom }) => !custom)).toBe(true);
    const reminder = await get('1d');
    expect(reminder).toMatchObject({ version: 0, custom: false, findings: [] });
    expect(reminder.words.email?.es.subject).toBe('Recordatorio: su cita del {{ when }}');
    expect(reminder.variables).toContainEqual({
      name: 'contact_name',
      means: 'the contact’s first name; for staff the whole name',
      example: 'Ana',
    });
    expect(reminder.texts[0]).toMatchObject({
      locale: 'en',
      example: expect.stringContaining('Bella Salon: Hi Ana. A reminder of your visit on Tue, Mar 16 at 10:00 AM') as string,
      segments: 2,
      price_micro_dollars: 25_600,
    });
  });

  it('take a business’s own words, and keep the default for the channel that is left out', async () => {
    const { body, headers } = await api.put<Template>('/templates/1d', GOOD);
    expect(body).toMatchObject({ version: 1, custom: true, findings: [] });
    expect(headers.get('ETag')).toBe('"1"');
    const saved = await get('1d');
    expect(saved.words.sms?.en.body).toBe(GOOD.sms.en.body);
    expect(saved.words.email?.es.subject).toBe('Recordatorio: su cita del {{ when }}');
    expect(saved.default_words?.sms.es.body).toContain('Le recordamos su cita');
    expect((await get('3d')).custom).toBe(false);
  });

  it('refuse all mistakes at once, each with its place and a word about it, in the reader’s language', async () => {
    const { status, body } = await api.put<{ code: string; findings: object[]; errors: { path: string }[] }>(
      '/templates/1d',
      {
        sms: { en: { body: 'Hi {{ nobody }}. Reply CANCEL to cancel.' } },
        email: { en: { subject: '', body: '{% if %}' }, es: { subject: 'x', body: 'x' } },
      },
      { headers: { 'Accept-Language': 'es' } },
    );
    expect([status, body.code]).toEqual([422, 'template.mistakes']);
    expect(body.errors.map(({ path }) => path)).toEqual(['sms.en.body', 'sms.es.body', 'email.en.body', 'email.en.subject']);
    expect(body.findings).toContainEqual({
      ...{
        level: 'error',
        code: 'unknown_variable',
        channel: 'sms',
        locale: 'en',
        field: 'body',
        line: 1,
        column: 7,
        found: 'nobody',
        suggestion: null,
      },
      message: 'Esta plantilla no tiene esa variable.',
    });
    expect((await get('1d')).version).toBe(0);
  });

  it('save with warnings, and say them', async () => {
    const { body } = await api.put<Template>('/templates/1d', both('{{ business_name }}: ☀ {{ when }}'));
    expect(body.findings.map(({ code }) => code)).toEqual(['non_gsm_characters', 'non_gsm_characters']);
  });

  it('refuse an edit of somebody who saw an older version, also of one never saved', async () => {
    const seen = (version: number) => ({ headers: { 'If-Match': `"${String(version)}"` } });
    expect((await api.put('/templates/1d', GOOD, seen(0))).status).toBe(200);
    expect((await api.put('/templates/1d', GOOD, seen(0))).status).toBe(412);
    expect((await api.put('/templates/1d', GOOD, seen(1))).status).toBe(200);
    expect((await api.delete('/templates/1d', seen(1))).status).toBe(412);
  });

  it('go back to the default, and keep every version for undo', async () => {
    await api.put('/templates/1d', GOOD);
    await api.put('/templates/1d', both('{{ business_name }}: second {{ when }}'));
    expect((await api.delete('/templates/1d')).status).toBe(204);
    expect(await get('1d')).toMatchObject({ custom: false, version: 3 });
    const versions = await api.get<{ data: { version: number; words: object | null }[] }>('/templates/1d/versions');
    expect(versions.body.data.map(({ version, words }) => [version, words === null])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    const restored = await api.post<Template>('/templates/1d/restore', { version: 1 });
    expect(restored.body).toMatchObject({ version: 4, custom: true });
    expect(restored.body.words.sms?.en.body).toBe(GOOD.sms.en.body);
    expect((await api.post('/templates/1d/restore', { version: 9 })).status).toBe(404);
  });

  it('may be the business’s own, with a name, a class and a key that no rule will ever have', async () => {
    expect((await api.put<Template>('/templates/own-winback', WINBACK)).body).toMatchObject({
      name: 'Win back',
      message_class: 'marketing',
      version: 1,
    });
    expect((await api.put('/templates/winback', WINBACK)).status).toBe(404);
    expect((await api.put('/templates/own-winback', { ...WINBACK, message_class: undefined })).status).toBe(422);
    expect((await api.put('/templates/own-winback', { ...WINBACK, ...both('{{ business_name }}: we miss you.') })).body).toMatchObject({
      code: 'template.mistakes',
    });
    expect((await api.put('/templates/1d', { ...GOOD, name: 'x' })).status).toBe(422);
    expect((await api.delete('/templates/own-winback')).status).toBe(204);
    expect((await api.get('/templates/own-winback')).status).toBe(404);
  });

  it('leave alone what the law prescribes', async () => {
    expect((await api.put('/templates/opt_out_ack', both('{{ business_name }}: bye'))).body).toMatchObject({ code: 'template.fixed' });
  });

  it('are edited by admins only', async () => {
    const business = await aBusiness(api.database.db);
    api.useKey(await anApiKey(api.database.db, business.id, 'staff'));
    expect((await api.put('/templates/1d', GOOD)).status).toBe(403);
    expect((await api.get('/templates/1d')).status).toBe(200);
  });

  it('become one version after another when two people save the first at once', async () => {
    const saved = await Promise.all([1, 2, 3, 4].map(() => api.put<Template>('/templates/1d', GOOD)));
    expect(saved.map(({ body }) => body.version).sort()).toEqual([1, 2, 3, 4]);
  });
});
