import { createHmac } from 'node:crypto';
import { KNOWN_META_CODES, metaRefusalOf } from '../../providers/meta/codes';
import { parseMetaWebhook } from '../../providers/meta/events';
import { createMetaWhatsApp } from '../../providers/meta/meta';
import { metaChallenge, verifyMeta } from '../../providers/meta/signature';
import type { SendWhatsApp } from '../../providers/whatsapp/port';
import type { Received, Receiver, RunningSandbox } from '../sandbox/running';
import { ACCOUNT, aReceiver, aSandbox, listen } from '../sandbox/running';
import { conformance } from './conformance';

const TO = '+12125550142';
const NUMBER_ID = '106540352242922';
const USER = 'US.13491208655302741918';
const VALID: SendWhatsApp = {
  ...{ to: TO, from: NUMBER_ID, messageId: 'm1', validityMs: 3_600_000 },
  content: { kind: 'text', body: 'Your visit is on Sunday, March 14 at 10:00 AM EDT.' },
};
const META = { accessToken: ACCOUNT.meta.accessToken, apiVersion: 'v24.0' };
const LATE = [131026, 131047, 131049, 131050, 130472];
const named = (codes: readonly number[]) => codes.map((code) => [String(code), metaRefusalOf(code)] as const);
const eventsOf = ({ body }: Received) => parseMetaWebhook(body.toString('utf8'))!.map(({ event }) => event);
const writes = (stand: RunningSandbox, from = TO, body = 'Are you open?') =>
  stand.ask('POST', '/sandbox/inbound', { channel: 'whatsapp', from, to: NUMBER_ID, body });

conformance({
  name: 'meta',
  to: TO,
  secrets: [ACCOUNT.meta.accessToken],
  prepare: (stand) => writes(stand),
  connect: ({ baseUrl, timeouts }) => {
    const whatsapp = createMetaWhatsApp({ ...META, baseUrl, timeouts });
    return {
      send: (messageId, cancel) => whatsapp.send({ ...VALID, messageId }, cancel),
      find: (markedAt, knownVendorIds) => whatsapp.find({ to: TO, body: '', isTemplate: false, markedAt, knownVendorIds }),
    };
  },
  // 130429 is the limit's own test.
  refusals: [
    ...named(KNOWN_META_CODES.filter((code) => !LATE.includes(code) && code !== 130429)),
    ['190', 'account_refused'],
    ['132000', 'operator'],
    ['131031', 'operator'],
  ],
  lateRefusals: named(LATE),
  canFind: false,
  verify: ({ headers, body }) =>
    verifyMeta({ signature: headers['x-hub-signature-256'] as string, body, appSecrets: ['an older secret', ACCOUNT.meta.appSecret] }),
  parse: eventsOf,
});

describe('what Meta is asked', () => {
  /** Path and JSON of one message, as it leaves us. */
  async function posted(message: SendWhatsApp): Promise<{ path: string; body: Record<string, unknown> }> {
    let [path, text] = ['', ''];
    const vendor = await listen((request, response) => {
      path = request.url ?? '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => response.writeHead(200).end(JSON.stringify({ messages: [{ id: 'wamid.1' }] })));
    });
    await createMetaWhatsApp({ ...META, baseUrl: vendor.url }).send(message);
    await vendor.close();
    return { path, body: JSON.parse(text) as Record<string, unknown> };
  }

  it('names our message, so that every status brings its id back', async () => {
    const { path, body } = await posted(VALID);
    expect(path).toBe(`/v24.0/${NUMBER_ID}/messages`);
    expect(body).toMatchObject({ to: '12125550142', type: 'text', biz_opaque_callback_data: 'm1' });
  });

  it('addresses somebody without a number by WhatsApp’s own id', async () => {
    const { body } = await posted({ ...VALID, to: USER });
    expect(body).toMatchObject({ recipient: USER });
    expect(body).not.toHaveProperty('to');
  });

  it('fills a template in the order of its numbers, beyond nine too', async () => {
    const variables = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [String(i + 1), `v${String(i + 1)}`]));
    const { body } = await posted({ ...VALID, content: { kind: 'template', id: 'reminder_1d', language: 'es_MX', variables } });
    const texts = Array.from({ length: 11 }, (_, i) => ({ type: 'text', text: `v${String(i + 1)}` }));
    expect(body).toMatchObject({
      type: 'template',
      template: { name: 'reminder_1d', language: { code: 'es_MX' }, components: [{ type: 'body', parameters: texts }] },
    });
  });
});

describe('Meta and its stand-in', () => {
  let api: Receiver;
  let stand: RunningSandbox;
  beforeAll(async () => {
    api = await aReceiver();
    stand = await aSandbox({ apiUrl: api.url, delays: { meta: { sentMs: [5, 5], deliveredMs: [5, 5], batchMs: 40, retryMs: [5] } } });
  });
  afterAll(async () => {
    await stand.close();
    await api.close();
  });
  const whatsapp = () => createMetaWhatsApp({ ...META, baseUrl: stand.url });
  const about = (messageId: string) => (hook: Received) =>
    eventsOf(hook).some((event) => event.kind === 'status' && event.messageId === messageId);

  it('tells of several messages in one delivery, and each event can be kept and read alone', async () => {
    await writes(stand);
    await Promise.all(['b1', 'b2', 'b3'].map((messageId) => whatsapp().send({ ...VALID, messageId })));
    const [hook] = await api.until(1, about('b1'));
    const parsed = parseMetaWebhook(hook!.body.toString('utf8'))!;
    expect(parsed.length).toBeGreaterThan(1);
    for (const { event, raw } of parsed) expect(parseMetaWebhook(JSON.stringify(raw))).toMatchObject([{ event }]);
  });

  it('writes letters beyond ASCII as escapes, and signs them as they stand there', async () => {
    await writes(stand, TO, '¿Mañana a las 5? 🌞');
    const [hook] = await api.until(1, ({ body }) => body.toString('utf8').includes('Ma\\u00f1ana'));
    expect(hook!.body.toString('utf8')).toContain('\\ud83c\\udf1e');
    expect(eventsOf(hook!)).toMatchObject([{ kind: 'inbound', body: '¿Mañana a las 5? 🌞', phone: TO, from: TO, to: NUMBER_ID }]);
    const signature = hook!.headers['x-hub-signature-256'] as string;
    expect(signature).toBe(`sha256=${createHmac('sha256', ACCOUNT.meta.appSecret).update(hook!.body).digest('hex')}`);
    const spelledOut = Buffer.from(JSON.stringify(JSON.parse(hook!.body.toString('utf8'))), 'utf8');
    expect(verifyMeta({ signature, body: spelledOut, appSecrets: [ACCOUNT.meta.appSecret] })).toBe(false);
  });

  it('hands on a person who shows no number by WhatsApp’s own id', async () => {
    await writes(stand, USER, 'Hello');
    const [hook] = await api.until(1, ({ body }) => body.toString('utf8').includes(USER));
    expect(eventsOf(hook!)).toMatchObject([{ kind: 'inbound', from: USER, phone: null, identity: { id: USER, previousId: null } }]);
  });

  it('takes no free text for somebody who never wrote, and says so by a status', async () => {
    await whatsapp().send({ ...VALID, to: '+12125550143', messageId: 'w-closed' });
    const [hook] = await api.until(1, about('w-closed'));
    expect(eventsOf(hook!)).toMatchObject([{ status: 'failed', refusal: 'window_closed', vendorCode: '131047' }]);
  });

  it('takes a template once its review is through', async () => {
    const content = { kind: 'template', id: 'reminder_1d', language: 'en', variables: { '1': 'Ana' } } as const;
    const put = (status: string) => stand.ask('PUT', '/sandbox/templates/meta/reminder_1d', { wording: 'Hi {{1}}!', status });
    await put('pending');
    await expect(whatsapp().send({ ...VALID, to: '+12125550144', content })).rejects.toMatchObject({ vendorCode: '132001' });
    await put('approved');
    await whatsapp().send({ ...VALID, to: '+12125550144', content });
    expect(await stand.log('?to=%2B12125550144')).toMatchObject([{ kind: 'whatsapp', vendor: 'meta', body: 'Hi Ana!' }]);
  });
});

describe('reading Meta’s webhooks', () => {
  const delivery = (value: Record<string, unknown>) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [{ field: 'messages', value: { metadata: { phone_number_id: NUMBER_ID }, ...value } }] }],
    });
  const status = (fields: Record<string, unknown>) => parseMetaWebhook(delivery({ statuses: [{ id: 'wamid.1', ...fields }] }))![0]!.event;
  const said = (message: Record<string, unknown>, contact: Record<string, unknown> = {}) =>
    parseMetaWebhook(delivery({ contacts: [contact], messages: [{ id: 'wamid.2', from: '12125550142', ...message }] }))![0]!.event;

  it.each([
    ['sent', 'sent', 3],
    ['delivered', 'delivered', 4],
    ['read', 'delivered', 5],
    ['failed', 'failed', 4],
  ])('counts %s as %s, rank %d', (word, ours, rank) => {
    expect(status({ status: word })).toMatchObject({ kind: 'status', eventId: `wamid.1:${word}`, status: ours, rank });
  });

  it('leaves alone what says nothing of a message', () => {
    expect(status({ status: 'warned' })).toEqual({ kind: 'ignored', eventId: 'wamid.1:warned' });
    expect(said({ type: 'reaction', reaction: { emoji: '👍' } })).toMatchObject({ kind: 'ignored' });
    expect(parseMetaWebhook(delivery({ statuses: ['what?'] }))).toMatchObject([{ event: { kind: 'ignored' } }]);
    expect(parseMetaWebhook('{"object":"page"}')).toBeNull();
    expect(parseMetaWebhook('no json')).toBeNull();
  });

  it.each([
    [{ type: 'button', button: { text: 'C' } }, 'C'],
    [{ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: '1', title: 'Yes' } } }, 'Yes'],
    [{ type: 'image', image: { id: '9', caption: 'my hair' } }, 'my hair'],
    [{ type: 'audio', audio: { id: '9' } }, '[audio]'],
  ])('reads %j as the person meant it', (message, body) => expect(said(message)).toMatchObject({ kind: 'inbound', body }));

  it('names who somebody was until they changed their phone', () => {
    const event = said({ type: 'text', text: { body: 'Hi' }, from_user_id: USER }, { user_id: USER, previous_user_id: 'US.1' });
    expect(event).toMatchObject({ identity: { id: USER, previousId: 'US.1' } });
  });
});

describe('Meta’s signature and question', () => {
  const body = Buffer.from('{"a":"\\u00f1"}');
  const signature = `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`;

  it('holds for either of two live secrets and for no other', () => {
    expect(verifyMeta({ signature, body, appSecrets: ['newer', 'secret'] })).toBe(true);
    expect(verifyMeta({ signature, body, appSecrets: ['newer'] })).toBe(false);
    expect(verifyMeta({ signature, body, appSecrets: [] })).toBe(false);
    expect(verifyMeta({ signature: undefined, body, appSecrets: ['secret'] })).toBe(false);
    expect(verifyMeta({ signature, body: Buffer.from('{"a":"ñ"}'), appSecrets: ['secret'] })).toBe(false);
  });

  it('gives the challenge to whoever knows the token', () => {
    const asked = (token: string, mode = 'subscribe') =>
      new URLSearchParams({ 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': '1158201444' });
    expect(metaChallenge(asked('token'), 'token')).toBe('1158201444');
    expect(metaChallenge(asked('other'), 'token')).toBeNull();
    expect(metaChallenge(asked('token', 'unsubscribe'), 'token')).toBeNull();
    expect(metaChallenge(asked(''), null)).toBeNull();
  });
});
