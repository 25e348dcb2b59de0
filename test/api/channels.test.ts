import { aBusiness, anApiKey } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  const { id } = await aBusiness(api.database.db);
  api.useKey(await anApiKey(api.database.db, id));
});

describe('Channels', () => {
  it('are texts by Twilio and no WhatsApp until a business says otherwise', async () => {
    expect((await api.get('/channels')).body).toMatchObject({
      data: [
        { channel: 'sms', vendor: 'twilio', sender: null, version: 0, updated_at: null },
        { channel: 'whatsapp', vendor: 'off', sender: null, version: 0 },
      ],
    });
  });

  it('take vendor and sender, and keep a version for whoever edits at the same time', async () => {
    const put = (body: unknown, headers = {}) => api.put('/channels/whatsapp', body, { headers });
    expect(await put({ vendor: 'twilio', sender: '+12125550109' })).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await put({ vendor: 'meta', sender: '106540352242922' }, { 'If-Match': '"1"' })).toMatchObject({
      body: { vendor: 'meta', version: 2 },
    });
    expect(await put({ vendor: 'off' }, { 'If-Match': '"1"' })).toMatchObject({ status: 412 });
    expect(await put({ vendor: 'off', sender: 'whatever' })).toMatchObject({ body: { vendor: 'off', sender: null } });
  });

  it.each([
    ['sms', { vendor: 'meta', sender: '106540352242922' }, 'vendor'],
    ['sms', { vendor: 'twilio', sender: 'MG12' }, 'sender'],
    ['whatsapp', { vendor: 'twilio', sender: '106540352242922' }, 'sender'],
    ['whatsapp', { vendor: 'meta', sender: '+12125550109' }, 'sender'],
    ['whatsapp', { vendor: 'meta' }, 'sender'],
  ])('%s refuses %j', async (channel, body, path) => {
    const refused = await api.put<{ errors: { path: string }[] }>(`/channels/${channel}`, body);
    expect([refused.status, refused.body.errors[0]?.path]).toEqual([422, path]);
  });

  it('give one WhatsApp sender to one business: messages find their business by it', async () => {
    const sender = '106540352242955';
    expect(await api.put('/channels/whatsapp', { vendor: 'meta', sender })).toMatchObject({ status: 200 });
    const other = await aBusiness(api.database.db);
    const key = await anApiKey(api.database.db, other.id);
    expect(await api.put('/channels/whatsapp', { vendor: 'meta', sender }, { key })).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    });
  });
});

describe('WhatsApp templates', () => {
  const reminder = {
    ...{ vendor: 'meta', rule: '1d', locale: 'es', external_id: 'recordatorio_1d', language: 'es_MX', category: 'utility' },
    ...{ wording: 'Hola {{1}}, su cita es el {{2}}.', variables: ['contactName', 'when'] },
  };

  it('are named for a rule and language, wait for their review, and can be corrected and forgotten', async () => {
    const made = await api.post<{ id: string }>('/whatsapp-templates', reminder);
    expect(made).toMatchObject({ status: 201, body: { status: 'pending', language: 'es_MX', version: 1 } });
    expect(await api.post('/whatsapp-templates', reminder)).toMatchObject({ status: 409 });
    const path = `/whatsapp-templates/${made.body.id}`;
    expect(await api.patch(path, { status: 'rejected', rejected_reason: 'promotional' })).toMatchObject({
      body: { status: 'rejected', version: 2 },
    });
    expect((await api.get('/whatsapp-templates')).body).toMatchObject({ data: [{ rejected_reason: 'promotional' }] });
    expect(await api.delete(path)).toMatchObject({ status: 204 });
    expect(await api.delete(path)).toMatchObject({ status: 404 });
  });

  it('must use each of their variables, also after a change', async () => {
    expect(await api.post('/whatsapp-templates', { ...reminder, variables: ['when'] })).toMatchObject({ status: 422 });
    const made = await api.post<{ id: string }>('/whatsapp-templates', reminder);
    expect(await api.patch(`/whatsapp-templates/${made.body.id}`, { wording: 'Hola {{1}}.' })).toMatchObject({ status: 422 });
  });
});

describe("A contact's preferred channel", () => {
  it('is kept, shown, changed and taken back', async () => {
    const made = await api.post<{ id: string }>('/contacts', { name: 'Ana', phone: '+12125550123', preferred_channel: 'whatsapp' });
    expect(made).toMatchObject({ status: 201, body: { preferred_channel: 'whatsapp' } });
    const path = `/contacts/${made.body.id}`;
    expect(await api.patch(path, { preferred_channel: 'email' })).toMatchObject({ body: { preferred_channel: 'email' } });
    expect(await api.patch(path, { preferred_channel: null })).toMatchObject({ body: { preferred_channel: null } });
    expect(await api.patch(path, { preferred_channel: 'fax' })).toMatchObject({ status: 422 });
  });
});
