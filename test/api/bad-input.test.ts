import { request } from 'node:http';
import { aBusiness, aLocation, anApiKey } from '../factories';
import { ROUTES } from '../../api/routes';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startApi();
  const { id } = await aBusiness(api.database.db);
  await aLocation(api.database.db, id);
  key = await anApiKey(api.database.db, id);
  api.useKey(key);
});
afterAll(() => api.close());

const staff = { name: 'Dana', permission_level: 'staff', hours: [] };
const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

type Row = [what: string, path: string, body: unknown, status: number, field: string | null];
const ROWS: Row[] = [
  ['a body that is no JSON', '/contacts', '{"name": "Ana"', 400, null],
  ['a body of nothing but brackets', '/contacts', nested, 422, null],
  ['a list for an object', '/contacts', [], 422, null],
  ['null for an object', '/contacts', 'null', 422, null],
  ['a missing name', '/contacts', {}, 422, 'name'],
  ['a number for a name', '/contacts', { name: 7 }, 422, 'name'],
  ['a name of spaces', '/contacts', { name: '   ' }, 422, 'name'],
  ['a name of a thousand letters', '/contacts', { name: 'x'.repeat(1_000) }, 422, 'name'],
  ['a NUL byte in a name', '/contacts', { name: 'A\0na' }, 422, 'name'],
  ['a field that does not exist', '/contacts', { name: 'Ana', phon: '+12125550123' }, 422, 'phon'],
  [
    'a field inside that does not exist',
    '/staff',
    { ...staff, hours: [{ weekday: 1, from: '09:00', to: '17:00', lunch: true }] },
    422,
    'hours.0.lunch',
  ],
  ['a prototype as a field', '/contacts', '{"name":"Ana","__proto__":{"admin":true}}', 422, '__proto__'],
  ['letters for a number', '/contacts', { name: 'Ana', phone: 'call me' }, 422, 'phone'],
  ['a number that cannot be', '/contacts', { name: 'Ana', phone: '+1 555' }, 422, 'phone'],
  ['a number with an extension', '/contacts', { name: 'Ana', phone: '+1 212 555 0123 ext 9' }, 422, 'phone'],
  ['an e-mail without a domain', '/contacts', { name: 'Ana', email: 'ana@' }, 422, 'email'],
  ['a zone that does not exist', '/contacts', { name: 'Ana', zone: 'America/Gotham' }, 422, 'zone'],
  ['an offset for a zone', '/locations', { name: 'North', zone: '+02:00' }, 422, 'zone'],
  ['a language we do not speak', '/contacts', { name: 'Ana', locale: 'fr' }, 422, 'locale'],
  ['an eighth weekday', '/staff', { ...staff, hours: [{ weekday: 8, from: '09:00', to: '17:00' }] }, 422, 'hours.0.weekday'],
  ['25 o’clock', '/staff', { ...staff, hours: [{ weekday: 1, from: '09:00', to: '25:00' }] }, 422, 'hours.0.to'],
  ['hours that end before they begin', '/staff', { ...staff, hours: [{ weekday: 1, from: '17:00', to: '09:00' }] }, 422, 'hours'],
  [
    'hours that overlap',
    '/staff',
    {
      ...staff,
      hours: [
        { weekday: 1, from: '09:00', to: '13:00' },
        { weekday: 1, from: '12:00', to: '17:00' },
      ],
    },
    422,
    'hours',
  ],
  ['a visit of no minutes', '/services', { name: 'Cut', duration_min: 0, price_cents: 1, staff_ids: [] }, 422, 'duration_min'],
  ['half a cent', '/services', { name: 'Cut', duration_min: 30, price_cents: 0.5, staff_ids: [] }, 422, 'price_cents'],
  ['an id that is none', '/services', { name: 'Cut', duration_min: 30, price_cents: 1, staff_ids: ['dana'] }, 422, 'staff_ids.0'],
  [
    'an id of nobody',
    '/services',
    { name: 'Cut', duration_min: 30, price_cents: 1, staff_ids: ['01900000-0000-7000-8000-000000000000'] },
    404,
    null,
  ],
];
const CASES = ROWS.map(([what, path, body, status, field]) => ({ what, path, body, status, field }));

describe('Bad input', () => {
  it.each(CASES)('is answered without harm: $what', async ({ path, body, status, field }) => {
    const refused = await api.post<{ code: string; errors?: { path: string }[] }>(path, body);
    expect(refused.status).toBe(status);
    if (field !== null) expect(refused.body.errors?.map((error) => error.path)).toContain(field);
  });

  it('takes no instant that does not exist or lies beyond reason', async () => {
    for (const at of ['2027-02-30T10:00:00Z', '2027-13-01T10:00:00Z', 'tomorrow', '2027-03-14', '1e99', '99999999999', '-5'])
      expect((await api.get(`/messages?from=${encodeURIComponent(at)}`)).body).toMatchObject({
        code: 'invalid',
        errors: [{ path: 'from' }],
      });
  });

  it('takes epoch seconds and any offset for an instant', async () => {
    for (const at of ['1804942800', '2027-03-14T10:00:00-04:00', '2027-03-14T14:00Z', '2027-03-14T14:00:00.123456+00:00'])
      expect((await api.get(`/messages?from=${encodeURIComponent(at)}`)).status).toBe(200);
  });

  it('refuses a query field that does not exist, and one given twice', async () => {
    expect((await api.get('/contacts?limt=5')).body).toMatchObject({ errors: [{ path: 'limt' }] });
    expect((await api.get('/contacts?limit=5&limit=6')).status).toBe(422);
    expect((await api.get('/contacts?cursor=%00')).status).toBe(422);
  });

  it('answers 404 to an id that is none, wherever one stands in a path', async () => {
    const paths = ROUTES.filter(({ method, path, role }) => method === 'get' && path.includes(':id') && role !== 'public').map(
      ({ path }) => path,
    );
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect((await api.get(path.replace(':id', "1'%20or%20'1"))).status).toBe(404);
  });

  it('answers 415 to what is not JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expect((await api.post('/contacts', '{"name":"Ana"}', { headers: { 'Content-Type': type } })).status).toBe(415);
    expect((await api.post('/contacts', '{"name":"Ana"}', { headers: { 'Content-Encoding': 'gzip' } })).status).toBe(415);
    expect((await api.post('/contacts/import', { attestation: 'x' })).status).toBe(415);
  });

  it('answers 413 to more than a megabyte', async () => {
    expect((await api.post('/contacts', { name: 'x'.repeat(1_100_000) })).body).toMatchObject({ code: 'too_large' });
  });

  it('answers 400 to bytes that are no UTF-8', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
      const sent = request(`${api.url}/api/v1/contacts`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
    });
    expect(status).toBe(400);
  });

  it('reports every wrong field at once', async () => {
    const refused = await api.post<{ errors: { path: string }[] }>('/contacts', { name: '', email: 'x', zone: 'y', more: 1 });
    expect(refused.body.errors.map(({ path }) => path).sort()).toEqual(['email', 'more', 'name', 'zone']);
  });
});
