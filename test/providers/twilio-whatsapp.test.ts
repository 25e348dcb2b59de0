import twilio from 'twilio';
import { parseTwilioWebhook } from '../../providers/twilio/callback';
import { KNOWN_CODES, refusalOf } from '../../providers/twilio/codes';
import { verifyTwilio } from '../../providers/twilio/signature';
import { createTwilioWhatsApp } from '../../providers/twilio/twilio';
import type { SendWhatsApp } from '../../providers/whatsapp/port';
import type { Received, Receiver, RunningSandbox } from '../sandbox/running';
import { ACCOUNT, aReceiver, aSandbox, listen } from '../sandbox/running';
import { conformance } from './conformance';

const TO = '+12125550142';
const FROM = '+12125550100';
const BODY = 'Your visit is on Sunday, March 14 at 10:00 AM EDT.';
const HX = `HX${'a'.repeat(32)}`;
const VALID: SendWhatsApp = { to: TO, from: FROM, content: { kind: 'text', body: BODY }, messageId: 'm1', validityMs: 3_600_000 };
const writes = (stand: RunningSandbox) =>
  stand.ask('POST', '/sandbox/inbound', { channel: 'whatsapp', from: TO, to: FROM, body: '¿Está abierto?' });

conformance({
  name: 'twilio',
  brings: 'WhatsApp',
  to: TO,
  secrets: [ACCOUNT.authToken, ACCOUNT.accountSid],
  prepare: writes,
  connect: (to) => {
    const whatsapp = createTwilioWhatsApp({ ...ACCOUNT, ...to });
    return {
      send: (messageId, cancel) => whatsapp.send({ ...VALID, messageId }, cancel),
      find: (markedAt, knownVendorIds) => whatsapp.find({ to: TO, body: BODY, isTemplate: false, markedAt, knownVendorIds }),
    };
  },
  refusals: [
    ['21211', 'channel_unusable'],
    ['21655', 'operator'],
  ],
  lateRefusals: [
    ...KNOWN_CODES.filter((code) => code >= 63_000).map((code) => [String(code), refusalOf(code)] as const),
    ['63999', 'operator'],
  ],
  canFind: true,
  verify: ({ url, headers, body }: Received) =>
    verifyTwilio({ signature: headers['x-twilio-signature'] as string, url, body: body.toString('utf8'), authTokens: [ACCOUNT.authToken] }),
  parse: (webhook) => [parseTwilioWebhook({ url: webhook.path, body: webhook.body.toString('utf8') })],
});

describe('WhatsApp at Twilio', () => {
  let api: Receiver;
  let stand: RunningSandbox;
  beforeAll(async () => {
    api = await aReceiver();
    stand = await aSandbox({ apiUrl: api.url });
  });
  afterAll(async () => {
    await stand.close();
    await api.close();
  });
  const whatsapp = () => createTwilioWhatsApp({ ...ACCOUNT, baseUrl: stand.url, publicUrl: api.url });
  const endOf = async (messageId: string) => {
    const events = (hooks: Received[]) =>
      hooks
        .map(({ path, body }) => parseTwilioWebhook({ url: path, body: body.toString('utf8') }))
        .filter((event) => event.kind === 'status');
    const isEnd = (hook: Received) => events([hook]).some((event) => event.messageId === messageId && event.status !== 'sent');
    return events(await api.until(1, isEnd)).find((event) => event.messageId === messageId && event.status !== 'sent');
  };

  it('hands on who wrote, without Twilio’s mark on the numbers, and answers no STOP for us', async () => {
    await stand.ask('POST', '/sandbox/inbound', { channel: 'whatsapp', from: TO, to: FROM, body: 'STOP' });
    const [hook] = await api.until(1, ({ path }) => path === '/webhooks/twilio/inbound');
    expect(parseTwilioWebhook({ url: hook!.path, body: hook!.body.toString('utf8') })).toMatchObject({
      ...{ kind: 'inbound', channel: 'whatsapp', from: TO, phone: TO, to: FROM, body: 'STOP', answeredByVendor: null },
    });
    expect(await stand.log('?kind=auto_reply')).toEqual([]);
  });

  it('brings free text within 24 hours of what the person wrote, and not to somebody who never wrote', async () => {
    await writes(stand);
    await whatsapp().send({ ...VALID, messageId: 'm-open' });
    expect(await endOf('m-open')).toMatchObject({ status: 'delivered' });
    await whatsapp().send({ ...VALID, to: '+12125550143', messageId: 'm-closed' });
    expect(await endOf('m-closed')).toMatchObject({ status: 'failed', refusal: 'window_closed', vendorCode: '63016' });
  });

  it('brings an approved template at any time, and none that WhatsApp has paused', async () => {
    await stand.ask('PUT', `/sandbox/templates/twilio/${HX}`, { wording: 'Hi {{1}}, see you on {{2}}.' });
    const content = { kind: 'template', id: HX, language: 'en', variables: { '1': 'Ana', '2': 'Sunday' } } as const;
    await whatsapp().send({ ...VALID, to: '+12125550144', content, messageId: 'm-template' });
    expect(await endOf('m-template')).toMatchObject({ status: 'delivered' });
    expect(await stand.log('?to=%2B12125550144')).toMatchObject([{ kind: 'whatsapp', body: 'Hi Ana, see you on Sunday.' }]);
    await stand.ask('PUT', `/sandbox/templates/twilio/${HX}`, { wording: 'Hi {{1}}, see you on {{2}}.', status: 'paused' });
    await whatsapp().send({ ...VALID, content, messageId: 'm-paused' });
    expect(await endOf('m-paused')).toMatchObject({ status: 'failed' });
  });

  it('is asked with marked addresses, and for a template with its variables as JSON', async () => {
    let form = new URLSearchParams();
    const vendor = await listen((request, response) => {
      request.on('data', (chunk: Buffer) => (form = new URLSearchParams(chunk.toString('utf8'))));
      request.on('end', () => response.writeHead(201).end(JSON.stringify({ sid: 'SM1', status: 'accepted' })));
    });
    const content = { kind: 'template', id: HX, language: 'en', variables: { '1': 'Ana' } } as const;
    const port = createTwilioWhatsApp({ ...ACCOUNT, baseUrl: vendor.url, publicUrl: 'https://usher.example' });
    await expect(port.send({ ...VALID, content })).resolves.toEqual({ vendorId: 'SM1', status: 'sent', rank: 0 });
    await vendor.close();
    expect(Object.fromEntries(form)).toEqual({
      ...{ To: `whatsapp:${TO}`, From: `whatsapp:${FROM}`, ContentSid: HX, ContentVariables: '{"1":"Ana"}' },
      ...{ StatusCallback: 'https://usher.example/webhooks/twilio/status?m=m1', ValidityPeriod: '3600' },
    });
  });

  it('does not take another message for a template whose text it cannot know', async () => {
    const markedAt = new Date().toISOString();
    const port = whatsapp();
    const { vendorId } = await port.send({ ...VALID, to: '+12125550145' });
    const asked = { to: '+12125550145', body: 'as we filled it in', isTemplate: true, markedAt };
    expect(await port.find({ ...asked, knownVendorIds: [] })).toEqual({ found: null, why: 'not_comparable' });
    expect(await port.find({ ...asked, knownVendorIds: [vendorId] })).toEqual({ found: null, why: 'none' });
  });

  it('is signed as the vendor’s own verifier expects it', async () => {
    const [hook] = await api.until(1, ({ path }) => path === '/webhooks/twilio/inbound');
    const form = Object.fromEntries(new URLSearchParams(hook!.body.toString('utf8')));
    expect(twilio.validateRequest(ACCOUNT.authToken, hook!.headers['x-twilio-signature'] as string, hook!.url, form)).toBe(true);
  });
});
