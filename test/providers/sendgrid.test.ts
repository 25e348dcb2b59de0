import { generateKeyPairSync, sign } from 'node:crypto';
import { parseSendGridWebhook } from '../../providers/sendgrid/events';
import type { SendEmail } from '../../providers/sendgrid/port';
import { createSendGridEmail } from '../../providers/sendgrid/sendgrid';
import { verifySendGrid } from '../../providers/sendgrid/signature';
import { DEV_SENDGRID_PUBLIC_KEY } from '../../sandbox/dev-keys';
import type { Received } from '../sandbox/running';
import { ACCOUNT, aReceiver, aSandbox, listen } from '../sandbox/running';
import { conformance } from './conformance';

const MAIL: SendEmail = {
  to: 'maria.lopez@example.com',
  from: { email: 'desk@usher.example', name: 'Willow Salon' },
  subject: 'Your visit on Sunday',
  text: 'See you on Sunday, March 14 at 10:00 AM EDT.',
  messageId: 'm1',
};
const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const spki = (pair: ReturnType<typeof keyPair>) => pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const other = keyPair();

conformance({
  name: 'sendgrid',
  to: MAIL.to,
  secrets: [ACCOUNT.sendgridKey],
  connect: ({ baseUrl, timeouts }) => {
    const email = createSendGridEmail({ apiKey: ACCOUNT.sendgridKey, baseUrl, timeouts });
    return { send: (messageId, cancel) => email.send({ ...MAIL, messageId }, cancel), find: () => email.find() };
  },
  refusals: [
    ['400', 'channel_unusable'],
    ['401', 'account_refused'],
    ['403', 'operator'],
    ['413', 'operator'],
  ],
  lateRefusals: [
    ['bounce', 'channel_unusable'],
    ['blocked', 'carrier_error'],
    ['dropped', 'channel_unusable'],
  ],
  canFind: false,
  verify: verifies,
  parse: ({ body }) => parseSendGridWebhook(body.toString('utf8'))!.map(({ event }) => event),
});

function verifies({ headers, body }: Received): boolean {
  const header = (name: string) => headers[`x-twilio-email-event-webhook-${name}`] as string;
  const publicKeys = [spki(other), DEV_SENDGRID_PUBLIC_KEY];
  return (
    verifySendGrid({ signature: header('signature'), timestamp: header('timestamp'), body, publicKeys, nowMs: Date.now() }) === 'valid'
  );
}

describe('what SendGrid is asked', () => {
  /** The JSON of one mail, as it leaves us. */
  async function posted(mail: SendEmail): Promise<Record<string, unknown>> {
    let body = '';
    const vendor = await listen((request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => response.writeHead(202, { 'x-message-id': 'x1' }).end());
    });
    await expect(createSendGridEmail({ apiKey: ACCOUNT.sendgridKey, baseUrl: vendor.url }).send(mail)).resolves.toEqual({
      vendorId: 'x1',
      status: 'sent',
      rank: 0,
    });
    await vendor.close();
    return JSON.parse(body) as Record<string, unknown>;
  }

  it('sends one plain mail with our id, and no link rewritten', async () => {
    expect(await posted(MAIL)).toEqual({
      from: { email: 'desk@usher.example', name: 'Willow Salon' },
      personalizations: [{ to: [{ email: MAIL.to }] }],
      subject: MAIL.subject,
      content: [{ type: 'text/plain', value: MAIL.text }],
      custom_args: { m: 'm1' },
      tracking_settings: { click_tracking: { enable: false, enable_text: false } },
    });
  });

  it('adds the page, the way out and the calendar entry where they are given', async () => {
    const mail = await posted({
      ...MAIL,
      html: '<p>See you</p>',
      replyTo: 'front@willow.example',
      unsubscribe: { url: 'https://usher.example/u/abc', mailto: 'unsubscribe+abc@reply.example' },
      attachments: [{ filename: 'visit.ics', type: 'text/calendar', content: 'BEGIN:VCALENDAR ñ' }],
    });
    expect(mail.content).toEqual([
      { type: 'text/plain', value: MAIL.text },
      { type: 'text/html', value: '<p>See you</p>' },
    ]);
    expect(mail.reply_to).toMatchObject({ email: 'front@willow.example' });
    expect(mail.headers).toEqual({
      'List-Unsubscribe': '<https://usher.example/u/abc>, <mailto:unsubscribe+abc@reply.example?subject=unsubscribe>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(mail.attachments).toEqual([
      {
        filename: 'visit.ics',
        type: 'text/calendar',
        disposition: 'attachment',
        content: Buffer.from('BEGIN:VCALENDAR ñ').toString('base64'),
      },
    ]);
  });

  it('is a mail that the stand-in takes, whole', async () => {
    const api = await aReceiver();
    const stand = await aSandbox({ apiUrl: api.url });
    const email = createSendGridEmail({ apiKey: ACCOUNT.sendgridKey, baseUrl: stand.url });
    const full = {
      html: '<p>See you</p>',
      unsubscribe: { url: 'https://usher.example/u/abc', mailto: 'unsubscribe+abc@reply.example' },
      replyTo: 'front@willow.example',
    };
    const { vendorId } = await email.send({ ...MAIL, ...full, attachments: [{ filename: 'a.ics', type: 'text/calendar', content: 'x' }] });
    expect(await stand.log()).toMatchObject([
      {
        kind: 'email',
        to: MAIL.to,
        from: MAIL.from.email,
        subject: MAIL.subject,
        body: MAIL.text,
        html: '<p>See you</p>',
        our_id: 'm1',
        vendor_id: vendorId,
      },
    ]);
    await stand.close();
    await api.close();
  });

  it('never posts a mail twice by following a redirect', async () => {
    const target = await listen((_request, response) => response.writeHead(202, { 'x-message-id': 'x1' }).end());
    const vendor = await listen((_request, response) => response.writeHead(307, { location: target.url }).end());
    const email = createSendGridEmail({ apiKey: ACCOUNT.sendgridKey, baseUrl: vendor.url });
    await expect(email.send(MAIL)).rejects.toMatchObject({ name: 'OutcomeUnclear' });
    await Promise.all([target.close(), vendor.close()]);
  });

  it('reads the second at which the limit opens again', async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 60);
    const vendor = await listen((_request, response) =>
      response.writeHead(429, { 'x-ratelimit-reset': reset }).end('{"errors":[{"message":"no","field":null}]}'),
    );
    const email = createSendGridEmail({ apiKey: ACCOUNT.sendgridKey, baseUrl: vendor.url });
    const error = await email.send(MAIL).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
    await vendor.close();
  });
});

describe('reading SendGrid’s events', () => {
  const about = {
    email: MAIL.to,
    timestamp: 1_513_299_569,
    sg_event_id: 'e1',
    sg_message_id: 'tTPWE0-jT9K4Yq5iS5ChLw.recvd-6b7f5f4d6-abcde-1-5F5FC76C-9.0',
    m: 'm1',
  };
  const read = (event: Record<string, unknown>) => parseSendGridWebhook(JSON.stringify([{ ...about, ...event }]))![0]!.event;

  it.each([
    ['processed', {}, 'sent', 1, null],
    ['deferred', { response: '400 try again later', attempt: '5' }, 'sent', 2, null],
    ['delivered', { response: '250 OK' }, 'delivered', 4, null],
    ['open', { useragent: 'Mozilla' }, 'delivered', 6, null],
    ['click', { url: 'https://usher.example' }, 'delivered', 6, null],
    ['bounce', { type: 'bounce', status: '5.1.1', reason: '500 unknown recipient' }, 'failed', 5, 'channel_unusable'],
    ['bounce', { type: 'blocked', status: '4.2.2', reason: '452 over quota' }, 'failed', 5, 'carrier_error'],
    ['dropped', { reason: 'Bounced Address', status: '5.0.0' }, 'failed', 4, 'channel_unusable'],
    ['dropped', { reason: 'Unsubscribed Address' }, 'failed', 4, 'suppressed'],
    ['dropped', { reason: 'Spam Reporting Address' }, 'failed', 4, 'suppressed'],
    ['dropped', { reason: 'Spam Content (if Spam Checker app is enabled)' }, 'failed', 4, 'operator'],
  ])('counts %s %j as %s, rank %d, %s', (...[event, more, status, rank, refusal]) => {
    expect(read({ event, ...more })).toMatchObject({
      kind: 'status',
      eventId: 'e1',
      vendorId: 'tTPWE0-jT9K4Yq5iS5ChLw',
      messageId: 'm1',
      status,
      rank,
      refusal,
      at: '2017-12-15T00:59:29.000Z',
    });
  });

  it.each([
    ['spamreport', 'spam_report'],
    ['unsubscribe', 'unsubscribe'],
    ['group_unsubscribe', 'unsubscribe'],
  ])('takes %s for an opt-out', (event, source) => {
    expect(read({ event })).toEqual({
      kind: 'opt_out',
      eventId: 'e1',
      vendorId: 'tTPWE0-jT9K4Yq5iS5ChLw',
      messageId: 'm1',
      email: MAIL.to,
      source,
      at: '2017-12-15T00:59:29.000Z',
    });
  });

  it('finds the vendor’s id in the older kind of message id too', () => {
    expect(read({ event: 'processed', sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0' })).toMatchObject({
      vendorId: '14c5d75ce93.dfd.64b469',
    });
  });

  it('gives each event of a delivery its own id, and passes over what it cannot read, by the same id each time', () => {
    const body = JSON.stringify([
      { ...about, event: 'processed' },
      { event: 'toString', ...about, sg_event_id: 'e2' },
      { surprise: true },
      null,
    ]);
    const events = parseSendGridWebhook(body)!;
    expect(events.map(({ event }) => event.kind)).toEqual(['status', 'ignored', 'ignored', 'ignored']);
    expect(new Set(events.map(({ event }) => event.eventId)).size).toBe(4);
    expect(parseSendGridWebhook(body)).toEqual(events);
    expect(events[2]!.raw).toEqual({ surprise: true });
  });

  it.each(['', '{"a":1}', 'not json', '\0'])('takes %j for no delivery at all', (body) => expect(parseSendGridWebhook(body)).toBeNull());
});

describe('SendGrid’s signature', () => {
  const mine = keyPair();
  const body = Buffer.from([0x5b, 0xff, 0xfe, 0x00, 0x5d]); // no text: raw bytes are signed
  const timestamp = '1600112502';
  const nowMs = 1_600_112_502_000;
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), mine.privateKey).toString('base64');
  const check = (change: Partial<Parameters<typeof verifySendGrid>[0]>) =>
    verifySendGrid({ signature, timestamp, body, publicKeys: [spki(mine)], nowMs, ...change });

  it('agrees with a delivery that the real SendGrid signed', () => {
    // The vendor's own example: sendgrid-nodejs, packages/eventwebhook/src/eventwebhook.spec.js.
    const event = {
      email: 'hello@world.com',
      event: 'dropped',
      reason: 'Bounced Address',
      sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
      sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
      'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
      timestamp: 1_600_112_492,
    };
    const delivery = {
      signature: 'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
      timestamp,
      body: Buffer.from(`${JSON.stringify([event])}\r\n`),
      publicKeys: [
        'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
      ],
      nowMs,
    };
    expect(verifySendGrid(delivery)).toBe('valid');
    expect(parseSendGridWebhook(delivery.body.toString('utf8'))![0]!.event).toMatchObject({
      vendorId: 'LRzXl_NHStOGhQ4kofSm_A',
      refusal: 'channel_unusable',
    });
  });

  it('holds for raw bytes, and for either of two live keys', () => {
    expect(check({})).toBe('valid');
    expect(check({ publicKeys: [spki(other), spki(mine)] })).toBe('valid');
    expect(check({ publicKeys: ['not a key', spki(mine)] })).toBe('valid');
  });

  it('says when it is old, for a delivery repeated for hours keeps its first time', () => {
    expect(check({ nowMs: nowMs + 300_000 })).toBe('valid');
    expect(check({ nowMs: nowMs + 300_001 })).toBe('stale');
    expect(check({ nowMs: nowMs + 24 * 3_600_000 })).toBe('stale');
  });

  it.each([
    ['another body', { body: Buffer.from('[]') }],
    ['another time', { timestamp: '1600112503' }],
    ['another key', { publicKeys: [spki(other)] }],
    ['no key', { publicKeys: [] }],
    ['no signature', { signature: undefined }],
    ['a signature cut short', { signature: signature.slice(0, 20) }],
    ['a signature that is no DER', { signature: Buffer.from('hello').toString('base64') }],
    ['a time that is none', { timestamp: 'yesterday' }],
    ['no time', { timestamp: undefined }],
  ])('does not hold for %s', (_what, change) => expect(check(change)).toBe('invalid'));

  it('does not hold for a key of another curve', () => {
    const weak = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const made = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), weak.privateKey).toString('base64');
    expect(check({ signature: made, publicKeys: [weak.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] })).toBe(
      'invalid',
    );
  });
});
