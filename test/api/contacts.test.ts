import { suppressChannel } from '../../db/opt-outs';
import { aBusiness, aContact, anApiKey, anAppointment, inBusiness, testHasher } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db, { locale: 'es' })).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

const consent = { channel: 'sms', purpose: 'service', statement: 'Yes, text me about my visits.', source: 'booking form' };

describe('Contacts', () => {
  it("are made as the contract says: number in E.164, e-mail in lower case, the business's language", async () => {
    const asked = { name: ' Ana López ', phone: '(212) 555-0123', email: 'Ana@Example.COM', postal_code: '10001', consents: [consent] };
    const made = await api.post('/contacts', asked);
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'Ana López',
        phone: '+12125550123',
        email: 'ana@example.com',
        locale: 'es',
        zone: null,
        postal_code: '10001',
        source: 'api',
      },
    });
    expect(made.body['channels']).toEqual([
      { channel: 'sms', service: true, marketing: false, opted_out: false, unusable: false },
      { channel: 'email', service: false, marketing: false, opted_out: false, unusable: false },
    ]);
  });

  it('may share a number: a mother books for her child', async () => {
    const shared = { phone: '+12125550144' };
    const made = [await api.post('/contacts', { name: 'Mother', ...shared }), await api.post('/contacts', { name: 'Child', ...shared })];
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    const found = await api.get<{ data: { name: string }[] }>('/contacts?phone=212-555-0144');
    expect(found.body.data.map(({ name }) => name)).toEqual(['Child', 'Mother']);
  });

  it('are found by e-mail in any case, and by nothing of another business', async () => {
    await aContact(api.database.db, businessId, { email: 'ana@example.com' });
    await aContact(api.database.db, (await aBusiness(api.database.db)).id, { email: 'ana@example.com', name: 'Theirs' });
    expect((await api.get<{ data: { name: string }[] }>('/contacts?email=ANA@example.com')).body.data).toMatchObject([
      { name: 'Ana López' },
    ]);
  });

  it.each([
    ['a new number', { phone: '+13125550199' }],
    ['a number less', { phone: null }],
    ['an e-mail', { email: 'ana@example.com' }],
    ['a language', { locale: 'es' }],
    ['a zone', { zone: 'America/Denver' }],
    ['a postal code', { postal_code: '80202' }],
  ])('plan their visits ahead again with %s, before any fan-out', async (_what, change) => {
    const contact = await aContact(api.database.db, businessId);
    const visit = await anAppointment(api.database.db, businessId, { contactId: contact.id });
    expect((await api.patch(`/contacts/${contact.id}`, change)).status).toBe(200);
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 0 }]);
  });

  it('ring nobody for a new name', async () => {
    const contact = await aContact(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { contactId: contact.id });
    await api.patch(`/contacts/${contact.id}`, { name: 'Ana Díaz', phone: '+12125550123' });
    expect(await waitingRings(api.database.db, businessId)).toEqual([]);
  });

  it('cannot be erased while a visit lies ahead', async () => {
    const { contactId } = await anAppointment(api.database.db, businessId);
    expect((await api.delete(`/contacts/${contactId}`)).body).toMatchObject({ code: 'has_future_appointments' });
  });

  it('are erased with all that tells who they were, and their opt-out keeps holding', async () => {
    const contact = await aContact(api.database.db, businessId, { email: 'gone@example.com' });
    await anAppointment(api.database.db, businessId, { contactId: contact.id, startsAt: '2027-02-01T15:00:00.000Z' });
    await inBusiness(api.database.db, businessId, (tx) =>
      suppressChannel(tx, { channel: 'sms', addressHash: contact.phoneHash!, source: 'keyword', now: MONDAY }),
    );
    expect((await api.delete(`/contacts/${contact.id}`)).status).toBe(204);
    expect((await api.get(`/contacts/${contact.id}`)).body).toMatchObject({ name: '', phone: null, email: null, channels: [] });
    const again = await api.post('/contacts', { name: 'Same number', phone: contact.phoneE164, consents: [consent] });
    expect(again.body).toMatchObject({ channels: [{ channel: 'sms', service: true, opted_out: true }] });
  });

  it('that nothing refers to are gone without a trace', async () => {
    const contact = await aContact(api.database.db, businessId, { consents: [] });
    expect((await api.delete(`/contacts/${contact.id}`)).status).toBe(204);
    expect((await api.get(`/contacts/${contact.id}`)).status).toBe(404);
  });
});

describe('Consents', () => {
  it('are a log that only grows: who said what, from where, and the newest holds', async () => {
    const contact = await aContact(api.database.db, businessId, { consents: [] });
    const path = `/contacts/${contact.id}/consents`;
    await api.post(path, consent, { headers: { 'User-Agent': 'Front desk 1.0' } });
    api.setNow('2027-03-02T14:00:00.000Z');
    const log = await api.post<{ data: { granted: boolean }[] }>(path, { ...consent, granted: false, statement: 'Stop, please.' });
    api.setNow(MONDAY);
    expect(log.body.data.map(({ granted }) => granted)).toEqual([false, true]);
    expect((await api.get(path)).body).toEqual(log.body);
    expect((await api.get(`/contacts/${contact.id}`)).body).toMatchObject({ channels: [{ channel: 'sms', service: false }] });
    const proofs = await inBusiness(api.database.db, businessId, (tx) =>
      tx('consents').orderBy('recordedAt').select<Record<string, unknown>[]>('*'),
    );
    expect(proofs[0]).toMatchObject({
      ip: expect.stringContaining('127.0.0.1'),
      userAgent: 'Front desk 1.0',
      recordedBy: expect.stringMatching(/^api_key:/),
      addressHash: testHasher.address(businessId, contact.phoneE164!),
    });
  });

  it('cannot be changed or deleted, not even by the application', async () => {
    await aContact(api.database.db, businessId);
    await expect(inBusiness(api.database.db, businessId, (tx) => tx('consents').update({ granted: false }))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(inBusiness(api.database.db, businessId, (tx) => tx('consents').delete())).rejects.toMatchObject({ code: '42501' });
  });

  it('need an address to consent for, and calls by an artificial voice the voice channel (R25)', async () => {
    const contact = await aContact(api.database.db, businessId, { phone: null, email: 'a@example.com' });
    const record = (word: object) => api.post(`/contacts/${contact.id}/consents`, { ...consent, ...word });
    expect((await record({})).body).toMatchObject({ errors: [{ path: 'channel' }] });
    expect((await record({ channel: 'email', purpose: 'ai_voice' })).status).toBe(422);
    expect((await record({ channel: 'email' })).status).toBe(201);
    expect((await record({ granted: false })).status).toBe(201);
    const none = await api.post('/contacts', { name: 'No number', consents: [consent] });
    expect(none.body).toMatchObject({ errors: [{ path: 'consents.0.channel' }] });
  });

  it('plan the visits ahead again', async () => {
    const contact = await aContact(api.database.db, businessId);
    const visit = await anAppointment(api.database.db, businessId, { contactId: contact.id });
    await api.post(`/contacts/${contact.id}/consents`, { ...consent, granted: false });
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 0 }]);
  });

  it('wait for a send under way, so that none starts after a withdrawal was answered (R34)', async () => {
    const contact = await aContact(api.database.db, businessId);
    const withdrawal = await inBusiness(api.database.db, businessId, async (tx) => {
      await tx('contactChannels').where({ addressHash: contact.phoneHash! }).forShare().select('channel');
      const asked = api.post(`/contacts/${contact.id}/consents`, { ...consent, granted: false });
      await expect(Promise.race([asked, tx.raw('select pg_sleep(0.3)').then(() => 'still waits')])).resolves.toBe('still waits');
      return { asked }; // in an object: a promise would be awaited before the commit
    });
    expect((await withdrawal.asked).status).toBe(201);
  });
});
