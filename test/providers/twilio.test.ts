import twilio from 'twilio';
import { parseTwilioWebhook } from '../../providers/twilio/callback';
import { KNOWN_CODES, refusalOf } from '../../providers/twilio/codes';
import { signTwilio, verifyTwilio } from '../../providers/twilio/signature';
import { createTwilioSms } from '../../providers/twilio/twilio';
import type { Received } from '../sandbox/running';
import { ACCOUNT, aReceiver, aSandbox, listen } from '../sandbox/running';
import { conformance } from './conformance';

const TO = '+12125550142';
const FROM = '+12125550100';
const BODY = 'Your visit is on Sunday, March 14 at 10:00 AM EDT.';
const VALID = { to: TO, from: FROM, body: BODY, messageId: 'm1', validityMs: 3_600_000 };
const [ours, carriers] = [KNOWN_CODES.filter((code) => code < 30_000), KNOWN_CODES.filter((code) => code >= 30_000 && code < 63_000)];
const named = (codes: number[]) => codes.map((code) => [String(code), refusalOf(code)] as const);

conformance({
  name: 'twilio',
  to: TO,
  secrets: [ACCOUNT.authToken, ACCOUNT.accountSid],
  connect: (to) => {
    const sms = createTwilioSms({ ...ACCOUNT, ...to });
    return {
      send: (messageId, cancel) => sms.send({ ...VALID, messageId }, cancel),
      find: (markedAt, knownVendorIds) => sms.find({ to: TO, body: BODY, isTemplate: false, markedAt, knownVendorIds }),
    };
  },
  // 20429 is the limit's own test.
  refusals: [...named(ours.filter((code) => code !== 20429)), ['21999', 'operator']],
  lateRefusals: [...named(carriers), ['30999', 'operator']],
  canFind: true,
  verify: verifies,
  parse: (webhook) => [parseTwilioWebhook({ url: webhook.path, body: webhook.body.toString('utf8') })],
});

function verifies({ url, headers, body }: Received): boolean {
  const signature = headers['x-twilio-signature'] as string;
  const own = verifyTwilio({ signature, url, body: body.toString('utf8'), authTokens: ['an older token', ACCOUNT.authToken] });
  // The vendor's own verifier must agree, for our stand-in's signatures too.
  expect(own).toBe(
    twilio.validateRequest(ACCOUNT.authToken, signature, url, Object.fromEntries(new URLSearchParams(body.toString('utf8')))),
  );
  return own;
}

describe('looking for a text whose outcome was unclear', () => {
  type Listed = { sid: string; body?: string; direction?: string; ageS?: number };

  /** Twilio with these messages to the person, newest first. */
  async function look(listed: Listed[], known: string[] = []) {
    const at = Date.parse('2027-03-13T15:00:00.000Z');
    const messages = listed.map(({ sid, body = BODY, direction = 'outbound-api', ageS = 0 }) => {
      const created = new Date(at - ageS * 1_000).toUTCString().replace('GMT', '+0000');
      return {
        sid,
        body,
        direction,
        status: 'delivered',
        to: TO,
        from: FROM,
        date_created: created,
        date_sent: null,
        date_updated: created,
      };
    });
    let asked = '';
    const vendor = await listen((request, response) => {
      asked = request.url ?? '';
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ messages, next_page_uri: null }));
    });
    const sms = createTwilioSms({ ...ACCOUNT, baseUrl: vendor.url, publicUrl: 'https://usher.example' });
    const found = await sms.find({ to: TO, body: BODY, isTemplate: false, markedAt: '2027-03-13T15:00:00.000Z', knownVendorIds: known });
    await vendor.close();
    return { found, asked };
  }

  it('adopts the one text of that wording that is not in our ledger', async () => {
    const { found } = await look([{ sid: 'SM2', body: 'another text' }, { sid: 'SM1' }, { sid: 'SM0' }], ['SM0']);
    expect(found).toEqual({ found: 'SM1', status: 'delivered', rank: 4 });
  });

  it('asks by number only, for a date would hide what is still queued', async () => {
    const { asked } = await look([]);
    expect([...new URL(asked, 'http://vendor').searchParams.keys()].sort()).toEqual(['PageSize', 'To']);
  });

  it('allows the two clocks a minute, and no more', async () => {
    expect((await look([{ sid: 'SM1', ageS: 59 }])).found).toMatchObject({ found: 'SM1' });
    expect((await look([{ sid: 'SM1', ageS: 61 }])).found).toEqual({ found: null, why: 'none' });
  });

  it('leaves out what the person wrote and what Twilio answered by itself', async () => {
    const { found } = await look([
      { sid: 'SM1', direction: 'inbound' },
      { sid: 'SM2', direction: 'outbound-reply' },
    ]);
    expect(found).toEqual({ found: null, why: 'none' });
  });

  it('does not choose between two', async () => {
    expect((await look([{ sid: 'SM1' }, { sid: 'SM2' }])).found).toEqual({ found: null, why: 'several' });
  });

  it('cannot compare where Twilio keeps no texts', async () => {
    expect((await look([{ sid: 'SM1', body: '' }])).found).toEqual({ found: null, why: 'not_comparable' });
  });
});

describe('what Twilio answers', () => {
  it('counts no segments before a Messaging Service has chosen its sender: ours stand', async () => {
    const api = await aReceiver();
    const stand = await aSandbox({ apiUrl: api.url });
    const sms = createTwilioSms({ ...ACCOUNT, baseUrl: stand.url, publicUrl: api.url });
    const sent = await sms.send({ ...VALID, body: 'a'.repeat(400), from: `MG${'1'.repeat(32)}` });
    expect(sent).toEqual({ vendorId: expect.stringMatching(/^SM/) as string, status: 'sent', rank: 0 });
    expect(await sms.send({ ...VALID, body: 'a'.repeat(400) })).toMatchObject({ segments: 3, rank: 1 });
    await stand.close();
    await api.close();
  });
});

describe('what Twilio is asked', () => {
  it.each([
    [5 * 60_000 + 999, '300'],
    [10, '1'],
    [-5_000, '1'],
    [7 * 86_400_000, '36000'],
  ])('lets a text wait %d ms in its queue as %s whole seconds', async (validityMs, seconds) => {
    let form = new URLSearchParams();
    const vendor = await listen((request, response) => {
      request.on('data', (chunk: Buffer) => (form = new URLSearchParams(chunk.toString('utf8'))));
      request.on('end', () => response.writeHead(201).end(JSON.stringify({ sid: 'SM1', status: 'queued', num_segments: '2' })));
    });
    const sms = createTwilioSms({ ...ACCOUNT, baseUrl: vendor.url, publicUrl: 'https://usher.example' });
    await expect(sms.send({ ...VALID, validityMs })).resolves.toEqual({ vendorId: 'SM1', status: 'sent', rank: 1, segments: 2 });
    await vendor.close();
    expect(Object.fromEntries(form)).toEqual({
      To: TO,
      From: FROM,
      Body: BODY,
      StatusCallback: 'https://usher.example/webhooks/twilio/status?m=m1',
      ValidityPeriod: seconds,
    });
  });

  it('rewrites the host of every address when a stand-in is named', async () => {
    const api = await aReceiver();
    const stand = await aSandbox({ apiUrl: api.url });
    const sms = createTwilioSms({ ...ACCOUNT, baseUrl: stand.url, publicUrl: api.url });
    const { vendorId } = await sms.send(VALID);
    expect(await sms.find({ to: TO, body: BODY, isTemplate: false, markedAt: new Date().toISOString(), knownVendorIds: [] })).toMatchObject(
      {
        found: vendorId,
      },
    );
    expect(stand.requests()).toBe(2);
    await stand.close();
    await api.close();
  });
});

describe('reading Twilio’s webhooks', () => {
  const parse = (fields: Record<string, string>, path = '/webhooks/twilio/status?m=m1') =>
    parseTwilioWebhook({ url: path, body: new URLSearchParams(fields).toString() });

  it.each([
    ['accepted', 'sent', 0],
    ['scheduled', 'sent', 0],
    ['queued', 'sent', 1],
    ['sending', 'sent', 2],
    ['sent', 'sent', 3],
    ['delivered', 'delivered', 4],
    ['undelivered', 'failed', 4],
    ['failed', 'failed', 4],
    ['canceled', 'failed', 4],
    ['read', 'delivered', 5],
  ])('counts %s as %s, rank %d', (MessageStatus, status, rank) => {
    expect(parse({ MessageSid: 'SM1', MessageStatus })).toMatchObject({
      eventId: `SM1:${MessageStatus}`,
      vendorId: 'SM1',
      messageId: 'm1',
      status,
      rank,
    });
  });

  it('says why a text failed, and says nothing of a code on one that arrived', () => {
    expect(parse({ MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30003' })).toMatchObject({
      refusal: 'unreachable',
      vendorCode: '30003',
    });
    expect(parse({ MessageSid: 'SM1', MessageStatus: 'delivered', ErrorCode: '30003' })).toMatchObject({ refusal: null, vendorCode: null });
    expect(parse({ MessageSid: 'SM1', MessageStatus: 'failed', ErrorCode: '<script>' })).toMatchObject({
      refusal: 'operator',
      vendorCode: null,
    });
  });

  it('hands on what a person wrote, and whether Twilio has answered it already', () => {
    const text = { MessageSid: 'SM9', SmsStatus: 'received', From: TO, To: FROM, Body: ' Stop ' };
    const ids = { vendor: 'twilio', channel: 'sms', phone: TO, identity: null };
    const inbound = { kind: 'inbound', eventId: 'SM9', vendorId: 'SM9', ...ids, from: TO, to: FROM, body: ' Stop ', media: [] };
    expect(parse({ ...text, OptOutType: 'STOP' })).toEqual({ ...inbound, answeredByVendor: 'stop' });
    expect(parse(text)).toEqual({ ...inbound, answeredByVendor: null });
    const picture = { contentType: 'image/jpeg', url: 'https://api.twilio.com/media/1' };
    expect(parse({ ...text, NumMedia: '1', MediaContentType0: picture.contentType, MediaUrl0: picture.url })).toMatchObject({
      media: [picture],
    });
  });

  it('leaves a status unknown to us, and a delivery without an id, alone', () => {
    expect(parse({ MessageSid: 'SM1', MessageStatus: 'constructor' })).toEqual({ kind: 'ignored', eventId: 'SM1:constructor' });
    expect(parse({ Hello: 'there' })).toEqual({ kind: 'ignored', eventId: null });
  });

  it('finds no message of ours when the address names none', () => {
    expect(parse({ MessageSid: 'SM1', MessageStatus: 'sent' }, '/webhooks/twilio/status')).toMatchObject({ messageId: null });
  });
});

describe('Twilio’s signature', () => {
  const url = 'https://usher.example/webhooks/twilio/inbound?m=1%202&x=é';
  const body = 'Body=%C2%BFA+qu%C3%A9+hora%3F+%2B1&From=%2B12125550142&Zero=&a=2&a=1&a=2';
  const form = new URLSearchParams(body);
  const params = { Body: '¿A qué hora? +1', From: '+12125550142', Zero: '', a: ['2', '1', '2'] };
  const signature = twilio.getExpectedTwilioSignature('token', url, params);
  const check = (change: Partial<Parameters<typeof verifyTwilio>[0]>) =>
    verifyTwilio({ signature, url, body, authTokens: ['token'], ...change });

  it('is computed as the vendor computes it, repeated and empty fields included', () => {
    expect(signTwilio('token', url, form)).toBe(signature);
    expect(check({})).toBe(true);
  });

  it('holds for either of two live tokens and for no other', () => {
    expect(check({ authTokens: ['newer', 'token'] })).toBe(true);
    expect(check({ authTokens: ['newer', 'newest'] })).toBe(false);
    expect(check({ authTokens: [] })).toBe(false);
  });

  it.each([
    ['another text', { body: body.replace('hora', 'Hora') }],
    ['another address', { url: url.replace('m=1', 'm=2') }],
    ['plain http', { url: url.replace('https', 'http') }],
    ['no signature', { signature: undefined }],
    ['a short signature', { signature: signature.slice(0, 10) }],
    ['a signature that is no base64', { signature: '¡no!'.repeat(7) }],
  ])('does not hold for %s', (_what, change) => expect(check(change)).toBe(false));

  it.each(['https://usher.example:443/w?m=1', 'https://usher.example:8443/w?m=1', 'http://usher.example/w', 'http://127.0.0.1:3000/w'])(
    'holds for %s with and without its port, as Twilio may sign either',
    (registered) => {
      for (const signed of [
        registered,
        new URL(registered).protocol + '//' + new URL(registered).hostname + registered.slice(registered.indexOf('/w')),
      ]) {
        const made = twilio.getExpectedTwilioSignature('token', signed, params);
        expect(verifyTwilio({ signature: made, url: registered, body, authTokens: ['token'] })).toBe(true);
        expect(twilio.validateRequest('token', made, registered, params)).toBe(true);
      }
    },
  );
});
