import { aBusiness, aContact, anApiKey, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  api.setNow(MONDAY);
  businessId = (await aBusiness(api.database.db)).id;
  await inBusiness(api.database.db, businessId, (tx) => tx('businesses').update({ postalAddress: '1 Main Street, New York' }));
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

type Row = { class: string; answer: string; reason: string | null; goes_at: string | null; explanation: string };
type Shown = { as_of: string; channels: { channel: string; has_address: boolean; classes: Row[] }[] };

const ask = async (contactId: string, language = 'en') =>
  (await api.get<Shown>(`/contacts/${contactId}/permissions`, { headers: { 'Accept-Language': language } })).body;
const of = (shown: Shown, channel: string, messageClass: string): Row | undefined =>
  shown.channels.find((row) => row.channel === channel)?.classes.find((row) => row.class === messageClass);
const brief = (shown: Shown): string[] =>
  shown.channels.flatMap(({ channel, classes }) =>
    classes.map((row) => `${channel} ${row.class}: ${row.answer}${row.reason === null ? '' : ` ${row.reason}`}`),
  );

const consent = (contactId: string, channel: string, purpose: string) =>
  api.post(`/contacts/${contactId}/consents`, { channel, purpose, statement: 'Yes, in writing.', source: 'form' });

describe("A person's permissions", () => {
  it('say for every channel and class whether it may go right now', async () => {
    const contact = await aContact(api.database.db, businessId, { email: 'ana@example.com' });
    await consent(contact.id, 'voice', 'ai_voice');
    expect(brief(await ask(contact.id))).toEqual([
      'sms notice: send',
      'sms reminder: send',
      'sms review: send',
      'sms marketing: skip no_consent',
      'whatsapp notice: skip no_consent',
      'whatsapp reminder: skip no_consent',
      'whatsapp review: skip no_consent',
      'whatsapp marketing: skip no_consent',
      'email notice: skip no_consent',
      'email reminder: skip no_consent',
      'email review: skip no_consent',
      'email marketing: skip no_consent',
      'voice call: send',
    ]);
  });

  it('say until when something waits, in the reader’s language', async () => {
    const contact = await aContact(api.database.db, businessId);
    api.setNow('2027-03-02T04:00:00.000Z'); // 23:00 in New York
    const night = await ask(contact.id);
    expect(of(night, 'sms', 'reminder')).toMatchObject({
      answer: 'defer',
      reason: 'quiet_hours',
      goes_at: expect.stringMatching(/^2027-03-02T13:0/),
    });
    expect(of(night, 'sms', 'reminder')?.explanation).toMatch(
      /^Waiting until Tue, Mar 2, 8:0\d AM \(America\/New York\), because it is quiet hours for the contact\.$/,
    );
    expect(of(await ask(contact.id, 'es'), 'sms', 'reminder')?.explanation).toMatch(/^En espera hasta el .*horario de silencio/);
  });

  it('name a missing address before anything else', async () => {
    const contact = await aContact(api.database.db, businessId, { phone: null, email: 'ana@example.com', consents: ['email'] });
    const shown = await ask(contact.id);
    expect(shown.channels.map(({ channel, has_address: has }) => `${channel} ${String(has)}`)).toEqual([
      'sms false',
      'whatsapp false',
      'email true',
      'voice false',
    ]);
    expect(of(shown, 'sms', 'reminder')).toMatchObject({ answer: 'skip', reason: 'no_address', goes_at: null });
    expect(of(shown, 'email', 'reminder')).toMatchObject({ answer: 'send' });
  });

  it('change with an opt-out that was spoken at the desk, and with nothing that staff can do after it', async () => {
    const contact = await aContact(api.database.db, businessId, { email: 'ana@example.com', consents: ['sms', 'email'] });
    await consent(contact.id, 'email', 'marketing');
    await consent(contact.id, 'voice', 'ai_voice');
    const noted = await api.post(`/contacts/${contact.id}/opt-outs`, { channel: 'sms', statement: 'Said at the desk: no more texts.' });
    expect(noted).toMatchObject({
      status: 201,
      body: {
        data: [{ channel: 'sms', scope: 'automated', source: 'spoken', statement: 'Said at the desk: no more texts.', lifted_at: null }],
      },
    });
    await consent(contact.id, 'sms', 'service');
    const shown = await ask(contact.id);
    expect(of(shown, 'sms', 'reminder')).toMatchObject({ reason: 'suppressed' });
    expect(of(shown, 'voice', 'call')).toMatchObject({ reason: 'suppressed' });
    expect(of(shown, 'email', 'marketing')).toMatchObject({ answer: 'send' });

    await api.post(`/contacts/${contact.id}/opt-outs`, {
      channel: 'email',
      scope: 'marketing',
      source: 'staff',
      statement: 'No offers by mail.',
    });
    const after = await ask(contact.id);
    expect(of(after, 'email', 'marketing')).toMatchObject({ reason: 'suppressed' });
    expect(of(after, 'email', 'reminder')).toMatchObject({ answer: 'send' });
  });

  it('need an address to opt out of', async () => {
    const contact = await aContact(api.database.db, businessId);
    expect((await api.post(`/contacts/${contact.id}/opt-outs`, { channel: 'email', statement: 'no' })).body).toMatchObject({
      errors: [{ path: 'channel' }],
    });
  });
});

describe('The consent log', () => {
  it('shows where and how each word was given, and goes out as a file for whoever asks for the proof', async () => {
    const contact = await aContact(api.database.db, businessId, { consents: [] });
    const path = `/contacts/${contact.id}/consents`;
    await api.post(
      path,
      { channel: 'sms', purpose: 'marketing', statement: '=Yes, "offers" by text', source: 'booking form' },
      { headers: { 'User-Agent': 'Front desk 1.0' } },
    );
    expect((await api.get<{ data: object[] }>(path)).body.data[0]).toMatchObject({
      statement: '=Yes, "offers" by text',
      ip: expect.stringContaining('127.0.0.1'),
      user_agent: 'Front desk 1.0',
      recorded_by: expect.stringMatching(/^api_key:/),
      recorded_at: MONDAY,
    });
    const file = await api.get<string>(`${path}/export`);
    expect(file.body.split('\n')[0]).toBe('recorded_at,channel,purpose,granted,statement,source,method,recorded_by,ip,user_agent');
    expect(file.body).toContain(`${MONDAY},sms,marketing,granted,"'=Yes, ""offers"" by text",booking form,api,`);
  });
});

describe('An import', () => {
  const upload = (attestation?: string) => {
    const form = new FormData();
    if (attestation !== undefined) form.set('attestation', attestation);
    form.set('file', new Blob(['name,phone,email\nAna,+12125550123,ana@example.com\nBo,+12125550124,\n']), 'people.csv');
    return api.post('/contacts/import', form);
  };
  const idOf = async (phone: string) => (await api.get<{ data: { id: string }[] }>(`/contacts?phone=${phone}`)).body.data[0]!.id;

  it('gives messages about visits to the people the business vouches for, nothing more, and keeps the words (R25)', async () => {
    await upload('They agreed at the desk to messages about their visits.');
    const shown = await ask(await idOf('2125550123'));
    expect([of(shown, 'sms', 'reminder')?.answer, of(shown, 'email', 'notice')?.answer]).toEqual(['send', 'send']);
    expect([of(shown, 'sms', 'marketing')?.reason, of(shown, 'voice', 'call')?.reason]).toEqual(['no_consent', 'no_consent']);
    const log = await api.get<{ data: object[] }>(`/contacts/${await idOf('2125550124')}/consents`);
    expect(log.body.data).toEqual([
      expect.objectContaining({
        channel: 'sms',
        purpose: 'service',
        method: 'attested',
        statement: 'They agreed at the desk to messages about their visits.',
      }),
    ]);
    const [attestation] = await inBusiness(api.database.db, businessId, (tx) => tx('attestations').select('statement', 'ip', 'recordedBy'));
    expect(attestation).toMatchObject({ ip: expect.any(String), recordedBy: expect.stringMatching(/^api_key:/) });
  });

  it('gives nothing without that', async () => {
    await upload();
    expect(of(await ask(await idOf('2125550123')), 'sms', 'reminder')).toMatchObject({ reason: 'no_consent' });
  });

  it('lifts no opt-out, however often it comes', async () => {
    await upload('They agreed.');
    const id = await idOf('2125550123');
    await api.post(`/contacts/${id}/opt-outs`, { channel: 'sms', statement: 'no more' });
    await upload('They agreed, again.');
    expect(of(await ask(id), 'sms', 'reminder')).toMatchObject({ reason: 'suppressed' });
    expect(
      (await api.get<{ data: { lifted_at: string | null }[] }>(`/contacts/${id}/opt-outs`)).body.data.map((row) => row.lifted_at),
    ).toEqual([null]);
  });
});
