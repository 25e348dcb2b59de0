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

const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });
const contactsNamed = (name: string) =>
  inBusiness(api.database.db, businessId, async (tx) => (await tx('contacts').where({ name }).select<{ id: string }[]>('id')).length);

describe('Idempotency-Key', () => {
  it('answers a repeated request as it answered the first, and says so', async () => {
    const first = await api.post('/contacts', { name: 'Once' }, keyed('repeat-1'));
    const again = await api.post('/contacts', { name: 'Once' }, keyed('repeat-1'));
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await contactsNamed('Once')).toBe(1);
  });

  it('has one effect and one answer when twenty equal requests come at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => api.post('/contacts', { name: 'Twenty' }, keyed('at-once'))));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(all.map(({ body }) => body['id'])).size).toBe(1);
    expect(all.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await contactsNamed('Twenty')).toBe(1);
  });

  it('refuses another request under a key that was used', async () => {
    await api.post('/contacts', { name: 'Mine' }, keyed('taken'));
    const otherBody = await api.post('/contacts', { name: 'Yours' }, keyed('taken'));
    const otherPath = await api.post('/resources', { name: 'Mine' }, keyed('taken'));
    for (const refused of [otherBody, otherPath]) expect(refused).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('judges a request anew that was refused before', async () => {
    const body = { name: 'Later', consents: [{ channel: 'sms', purpose: 'service', statement: 'yes', source: 'form' }] };
    expect((await api.post('/contacts', body, keyed('refused'))).status).toBe(422);
    expect((await api.post('/contacts', { ...body, phone: '+12125550147' }, keyed('refused'))).status).toBe(201);
  });

  it('keeps a key of one business from the other', async () => {
    const other = await aBusiness(api.database.db);
    const otherKey = await anApiKey(api.database.db, other.id);
    const mine = await api.post('/contacts', { name: 'Same key' }, keyed('shared'));
    const theirs = await api.post('/contacts', { name: 'Same key' }, { ...keyed('shared'), key: otherKey });
    expect(theirs.status).toBe(201);
    expect(theirs.body['id']).not.toBe(mine.body['id']);
  });

  it('makes one business of a repeated opening, with the same first key', async () => {
    const asked = { name: 'Opened twice', owner: { name: 'Olga' } };
    const opening = { key: OPERATOR_KEY, ...keyed('open-olga') };
    const both = await Promise.all([api.post('/businesses', asked, opening), api.post('/businesses', asked, opening)]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[0].body).toEqual(both[1].body);
  });

  it('keeps answers sealed: neither names nor new keys lie open in the table', async () => {
    await api.post('/api-keys', { name: 'sealed key', permission_level: 'viewer' }, keyed('sealed'));
    const stored = await inBusiness(api.database.db, businessId, (tx) => tx.raw<{ rows: unknown[] }>('select * from idempotency_keys'));
    expect(JSON.stringify(stored.rows)).not.toMatch(/usher_key_|sealed key|Twenty/);
  });

  it('takes no key that is empty of sense or endless', async () => {
    for (const key of ['x'.repeat(201), 'with space'])
      expect((await api.post('/contacts', { name: 'Odd' }, keyed(key))).body).toMatchObject({
        code: 'invalid',
        errors: [{ path: 'Idempotency-Key' }],
      });
  });
});
