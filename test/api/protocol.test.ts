import { takesIfMatch } from '../../api/openapi';
import { ROUTES } from '../../api/routes';
import { aBusiness, aLocation, anApiKey, aStaffMember, inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';
import { aFullBusiness, walk } from '../support/walk';

let api: TestApi;
let businessId: string;
beforeAll(async () => {
  api = await startApi();
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

describe('Edits', () => {
  it('carry the version as ETag and refuse one that somebody else has changed meanwhile', async () => {
    const { id } = await aLocation(api.database.db, businessId);
    const read = await api.get(`/locations/${id}`);
    const etag = read.headers.get('etag')!;
    expect(etag).toBe('"1"');
    const mine = await api.patch(`/locations/${id}`, { name: 'Mine' }, { headers: { 'If-Match': etag } });
    expect([mine.status, mine.headers.get('etag')]).toEqual([200, '"2"']);
    const late = await api.patch(`/locations/${id}`, { name: 'Late' }, { headers: { 'If-Match': etag } });
    expect(late).toMatchObject({ status: 412, body: { code: 'changed_meanwhile', what: 'location' } });
    expect((await api.get(`/locations/${id}`)).body).toMatchObject({ name: 'Mine' });
  });

  it('of whatever answers a version refuse one that is no more, steps of a visit included', async () => {
    const about = await aFullBusiness(api);
    const edits = ROUTES.filter(takesIfMatch);
    const answers = [];
    for (const route of edits) {
      const { status, body } = await walk(api, route, { about, headers: { 'If-Match': '"999"' } });
      answers.push({ route: `${route.method} ${route.path}`, status, code: body['code'] });
    }
    expect(answers).toEqual(edits.map(({ method, path }) => ({ route: `${method} ${path}`, status: 412, code: 'changed_meanwhile' })));
    expect(answers.map(({ route }) => route)).toEqual(
      expect.arrayContaining(['post /appointments/:id/cancel', 'post /appointments/:id/undo', 'patch /contacts/:id']),
    );
  });

  it('go through without If-Match, and with one that says "any"', async () => {
    const { id } = await aLocation(api.database.db, businessId);
    expect((await api.patch(`/locations/${id}`, { name: 'A' })).status).toBe(200);
    expect((await api.patch(`/locations/${id}`, { name: 'B' }, { headers: { 'If-Match': '*' } })).status).toBe(200);
    expect((await api.patch(`/locations/${id}`, { name: 'C' }, { headers: { 'If-Match': 'gibberish' } })).status).toBe(412);
  });
});

describe('Pages', () => {
  it('go through a whole list once, whatever is added meanwhile', async () => {
    const location = await aLocation(api.database.db, businessId);
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) made.push((await aStaffMember(api.database.db, businessId, { locationId: location.id })).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path = `/staff?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { data: { id: string }[]; next_cursor: string | null } = (await api.get<typeof page>(path)).body;
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(made);
  });

  it('refuse a cursor of nobody and a page of more than 200', async () => {
    expect((await api.get('/staff?cursor=bm90LWEtY3Vyc29y')).body).toMatchObject({ code: 'invalid', errors: [{ path: 'cursor' }] });
    for (const limit of ['0', '201', 'ten', '1.5']) expect((await api.get(`/staff?limit=${limit}`)).status).toBe(422);
  });
});

describe('Every answer', () => {
  it('carries a request id: the given one, or a new one for a strange one', async () => {
    const given = await api.get('/me', { headers: { 'X-Request-Id': 'from-our-proxy-1' } });
    expect(given.headers.get('x-request-id')).toBe('from-our-proxy-1');
    const strange = await api.get('/me', { headers: { 'X-Request-Id': '<script>' } });
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('forbids framing, sniffing and foreign scripts, and opens nothing to other sites', async () => {
    const { headers } = await api.get('/me', { headers: { Origin: 'https://elsewhere.example' } });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it("is a problem in the caller's language where it refuses", async () => {
    const spanish = await api.get('/me', { key: null, headers: { 'Accept-Language': 'es-MX,es;q=0.9,en;q=0.5' } });
    expect(spanish.headers.get('content-type')).toBe('application/problem+json');
    expect(spanish.body).toMatchObject({ status: 401, code: 'unauthorized', error: 'unauthorized', title: 'Se necesita iniciar sesión' });
    expect(spanish.body['type']).toBe(`${api.url}/docs#unauthorized`);
    const wrong = await api.post<{ errors: { message: string }[] }>('/contacts', {}, { headers: { 'Accept-Language': 'es' } });
    expect(wrong.body.errors[0]?.message).toMatch(/^Entrada inválida/);
  });

  it('is 404 below a path that does not exist, and 405 for a method it does not take', async () => {
    expect((await api.get('/nothing')).body).toMatchObject({ code: 'not_found' });
    expect((await api.put('/contacts', {})).status).toBe(405);
  });
});

describe('The audit log', () => {
  it('notes each write: who, what, which fields, never their values', async () => {
    const made = await api.post<{ id: string }>(
      '/contacts',
      { name: 'Private Person', phone: '+12125550188' },
      { headers: { 'X-Request-Id': 'audited-1' } },
    );
    const rows = await inBusiness(api.database.db, businessId, (tx) =>
      tx('auditLogs').where({ requestId: 'audited-1' }).select<Record<string, unknown>[]>('*'),
    );
    expect(rows).toMatchObject([
      {
        actorKind: 'api_key',
        action: 'contact.created',
        subjectKind: 'contact',
        subjectId: made.body.id,
        changes: { fields: expect.arrayContaining(['name', 'phone']) },
      },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/Private|5550188/);
  });

  it('notes nothing of a write that was refused', async () => {
    await api.post('/contacts', { name: '' }, { headers: { 'X-Request-Id': 'refused-1' } });
    const rows = await inBusiness(api.database.db, businessId, (tx) =>
      tx('auditLogs').where({ requestId: 'refused-1' }).select<unknown[]>('*'),
    );
    expect(rows).toEqual([]);
  });
});

describe('Limits', () => {
  it('turn a key away that asks too often, tell it when to return, and leave the others alone', async () => {
    const slow = await startApi({ limits: { requestsPerMin: 3, loginsPer10Min: 10 } });
    try {
      const { id } = await aBusiness(slow.database.db);
      const [hasty, calm] = [await anApiKey(slow.database.db, id), await anApiKey(slow.database.db, id)];
      for (let i = 0; i < 3; i += 1) expect((await slow.get('/me', { key: hasty })).status).toBe(200);
      const refused = await slow.get<{ retry_after_s: number }>('/me', { key: hasty });
      expect(refused).toMatchObject({ status: 429, body: { code: 'too_many' } });
      expect(refused.body.retry_after_s).toBeGreaterThan(0);
      expect(refused.headers.get('retry-after')).toBe(String(refused.body.retry_after_s));
      expect((await slow.get('/me', { key: calm })).status).toBe(200);
    } finally {
      await slow.close();
    }
  });
});
