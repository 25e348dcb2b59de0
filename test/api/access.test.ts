import { aBusiness, anApiKey, inBusiness } from '../factories';
import { OPERATOR_KEY, startApi, type TestApi } from '../support/api';

let api: TestApi;
let businessId: string;
beforeAll(async () => {
  api = await startApi();
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

describe('API keys', () => {
  it('show their secret once, work at once, and end at once when revoked', async () => {
    const made = await api.post<{ id: string; key: string }>('/api-keys', { name: 'website', permission_level: 'staff' });
    expect(made.status).toBe(201);
    expect((await api.get('/me', { key: made.body.key })).body).toMatchObject({ business_id: businessId, role: 'staff', user: null });

    const listed = await api.get<{ data: { id: string }[] }>('/api-keys');
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
    expect(listed.body.data.map(({ id }) => id)).toContain(made.body.id);

    expect((await api.delete(`/api-keys/${made.body.id}`)).status).toBe(204);
    expect((await api.get('/me', { key: made.body.key })).status).toBe(401);
  });

  it('are stored as hashes only', async () => {
    const made = await api.post<{ key: string }>('/api-keys', { name: 'stored', permission_level: 'viewer' });
    const stored = await inBusiness(api.database.db, businessId, (tx) => tx.raw<{ rows: unknown[] }>('select * from api_keys'));
    expect(JSON.stringify(stored.rows)).not.toContain(made.body.key.slice(10));
  });

  it('cannot make a key that may do more than themselves', async () => {
    const admin = await anApiKey(api.database.db, businessId, 'admin');
    const refused = await api.post('/api-keys', { name: 'up', permission_level: 'owner' }, { key: admin });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden', needs: 'owner' } });
  });

  it('are noted as used at most once an hour', async () => {
    const key = await anApiKey(api.database.db, businessId, 'viewer');
    const usedAt = async () => {
      const rows = await inBusiness(api.database.db, businessId, (tx) =>
        tx('apiKeys').orderBy('id', 'desc').limit(1).select<{ lastUsedAt: string }[]>('lastUsedAt'),
      );
      return rows[0]!.lastUsedAt;
    };
    await api.get('/me', { key });
    const first = await usedAt();
    api.setNow('2027-03-01T14:30:00.000Z');
    await api.get('/me', { key });
    expect(await usedAt()).toBe(first);
    api.setNow('2027-03-01T15:30:00.000Z');
    await api.get('/me', { key });
    expect(await usedAt()).toBe('2027-03-01T15:30:00.000Z');
  });
});

describe('Who may do what', () => {
  it('answers 401 without a key, with a wrong one, and with one that is no key at all', async () => {
    for (const key of [null, 'usher_key_nobody-has-this-one', 'usher_session_nobody-has-this-one', 'short', 'ñ'.repeat(20)]) {
      const refused = await api.get('/me', {
        key: null,
        headers: key === null ? {} : { Authorization: `Bearer ${encodeURIComponent(key)}` },
      });
      expect(refused).toMatchObject({ status: 401, body: { code: 'unauthorized', error: 'unauthorized' } });
    }
  });

  it('lets a viewer read and not write', async () => {
    const viewer = await anApiKey(api.database.db, businessId, 'viewer');
    expect((await api.get('/locations', { key: viewer })).status).toBe(200);
    expect(await api.post('/locations', { name: 'Second' }, { key: viewer })).toMatchObject({ status: 403, body: { needs: 'admin' } });
  });

  it('judges the role before the request, so that nobody learns what is valid', async () => {
    const viewer = await anApiKey(api.database.db, businessId, 'viewer');
    expect((await api.post('/locations', { nonsense: true }, { key: viewer })).status).toBe(403);
  });

  it("lets the platform's operator into nobody's contacts", async () => {
    expect((await api.get('/contacts', { key: OPERATOR_KEY })).status).toBe(403);
    expect((await api.get('/me', { key: OPERATOR_KEY })).status).toBe(403);
  });
});

describe('Log-in', () => {
  const email = 'Rosa@Example.com';
  const password = 'correct horse battery';
  let rosaBusiness: string;
  beforeAll(async () => {
    const owner = { name: 'Rosa', email, password };
    const made = await api.post<{ id: string }>('/businesses', { name: 'Rosa Hair', owner }, { key: OPERATOR_KEY });
    rosaBusiness = made.body.id;
  });

  it('answers a session that works as bearer and as cookie', async () => {
    const session = await api.post<{ token: string }>('/sessions', { email: ' rosa@EXAMPLE.com', password }, { key: null });
    expect(session).toMatchObject({ status: 201, body: { business_id: rosaBusiness, role: 'owner' } });
    expect(session.headers.get('set-cookie')).toMatch(/^usher_session=.+; path=\/; expires=.+; samesite=lax; httponly$/);
    expect((await api.get('/me', { key: session.body.token })).body).toMatchObject({ user: { email: 'rosa@example.com' }, role: 'owner' });
    const cookie = { Cookie: `usher_session=${session.body.token}` };
    expect((await api.get('/me', { key: null, headers: cookie })).status).toBe(200);
  });

  it('takes a write with the cookie from our own pages only', async () => {
    const { body } = await api.post<{ token: string }>('/sessions', { email, password }, { key: null });
    const from = (headers: Record<string, string>) =>
      api.post('/resources', { name: 'Chair' }, { key: null, headers: { Cookie: `usher_session=${body.token}`, ...headers } });
    expect(await from({ Origin: 'https://elsewhere.example' })).toMatchObject({ status: 403, body: { code: 'cross_site' } });
    expect((await from({ 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
    expect((await from({})).status).toBe(403);
    expect((await from({ Origin: api.url })).status).toBe(201);
    expect((await from({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(201);
  });

  it('ends with log-out', async () => {
    const { body } = await api.post<{ token: string }>('/sessions', { email, password }, { key: null });
    expect((await api.delete('/sessions/current', { key: body.token })).status).toBe(204);
    expect((await api.get('/me', { key: body.token })).status).toBe(401);
  });

  it('ends by itself after two weeks', async () => {
    const before = api.now();
    const { body } = await api.post<{ token: string }>('/sessions', { email, password }, { key: null });
    api.setNow('2027-03-14T00:00:00.000Z');
    expect((await api.get('/me', { key: body.token })).status).toBe(200);
    api.setNow('2027-03-16T00:00:00.000Z');
    expect((await api.get('/me', { key: body.token })).status).toBe(401);
    api.setNow(before);
  });

  it('says the same of an unknown address and of a wrong password', async () => {
    const wrong = await api.post('/sessions', { email, password: 'wrong' }, { key: null });
    const unknown = await api.post('/sessions', { email: 'nobody@example.com', password }, { key: null });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect({ ...wrong.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });
  });

  it('turns an address away after ten attempts in ten minutes, right or wrong', async () => {
    const attempts = [];
    for (let i = 0; i < 8; i += 1) attempts.push((await api.post('/sessions', { email, password: 'guess' }, { key: null })).status);
    expect(attempts.at(-1)).toBe(429);
    const refused = await api.post<{ retry_after_s: number }>('/sessions', { email, password }, { key: null });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many' } });
    expect(refused.headers.get('retry-after')).toBe(String(refused.body.retry_after_s));
    const kept = await api.database.poolOf('owner').raw<{ rows: { key: string }[] }>('select key from rate_limits');
    expect(JSON.stringify(kept.rows)).not.toContain('127.0.0.1');
  });
});
