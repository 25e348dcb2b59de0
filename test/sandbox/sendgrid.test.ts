import { Client } from '@sendgrid/client';
import { MailService } from '@sendgrid/mail';
import { verify } from 'node:crypto';
import { DEV_SENDGRID_PUBLIC_KEY } from '../../sandbox/dev-keys';
import type { Received, Receiver, RunningSandbox } from './running';
import { ACCOUNT, aReceiver, aSandbox } from './running';

const MAIL = {
  personalizations: [{ to: [{ email: 'maria@example.com', name: 'María' }] }],
  from: { email: 'desk@usher.example', name: 'Willow Salon' },
  subject: 'Your visit',
  content: [
    { type: 'text/plain', value: 'See you' },
    { type: 'text/html', value: '<p>See you</p>' },
  ],
  custom_args: { m: 'm1', business_id: 'b1' },
};

let api: Receiver;
let stand: RunningSandbox;
beforeEach(async () => {
  api = await aReceiver();
  stand = await aSandbox({ apiUrl: api.url });
});
afterEach(async () => {
  await stand.close();
  await api.close();
});

async function post(body: unknown, key = ACCOUNT.sendgridKey) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${stand.url}/v3/mail/send`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    id: answer.headers.get('x-message-id'),
    text,
    errors: (text ? (JSON.parse(text) as { errors: unknown }).errors : null) as { field: string | null }[] | null,
  };
}
const events = (hooks: Received[]) => hooks.flatMap(({ body }) => JSON.parse(body.toString('utf8')) as Record<string, unknown>[]);

function signed({ headers, body }: Received): boolean {
  const header = (name: string) => String(headers[`x-twilio-email-event-webhook-${name}`]);
  const key = { key: Buffer.from(DEV_SENDGRID_PUBLIC_KEY, 'base64'), format: 'der', type: 'spki' } as const;
  return verify('sha256', Buffer.concat([Buffer.from(header('timestamp')), body]), key, Buffer.from(header('signature'), 'base64'));
}

describe('sending by the SendGrid stand-in', () => {
  it('answers 202 with nothing but an id, and logs the mail once', async () => {
    const { status, id, text } = await post(MAIL);
    expect([status, text]).toEqual([202, '']);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(await stand.log()).toEqual([
      {
        ...{ seq: 1, at: expect.any(String), vendor: 'sendgrid', kind: 'email', to: 'maria@example.com', from: 'desk@usher.example' },
        ...{ subject: 'Your visit', body: 'See you', html: '<p>See you</p>', our_id: 'm1', business_id: 'b1', vendor_id: id },
      },
    ]);
  });

  it('is driven by the vendor’s SDK', async () => {
    const client = new Client();
    client.setApiKey(ACCOUNT.sendgridKey);
    client.setDefaultRequest('baseUrl', `${stand.url}/`);
    const service = new MailService();
    service.setClient(client);
    const [answer] = await service.send({
      to: 'maria@example.com',
      from: 'desk@usher.example',
      subject: 'Hi',
      text: 'Hello',
      customArgs: { m: 'm2' },
    });
    expect(answer.statusCode).toBe(202);
    expect(await stand.log()).toMatchObject([
      { body: 'Hello', our_id: 'm2', vendor_id: (answer.headers as Record<string, string>)['x-message-id'] },
    ]);
  });

  it('gives each recipient a mail, with the subject and arguments meant for that one', async () => {
    const personalizations = [
      { to: [{ email: 'a@example.com' }, { email: 'b@example.com' }] },
      { to: [{ email: 'c@example.com' }], subject: 'For C', custom_args: { m: 'm3' } },
    ];
    await post({ ...MAIL, personalizations });
    expect((await stand.log()).map(({ to, subject, our_id }) => [to, subject, our_id])).toEqual([
      ['a@example.com', 'Your visit', 'm1'],
      ['b@example.com', 'Your visit', 'm1'],
      ['c@example.com', 'For C', 'm3'],
    ]);
  });

  it('knows its key', async () => {
    const { status, errors } = await post(MAIL, 'SG.another.key');
    expect([status, errors]).toEqual([
      401,
      [{ message: 'The provided authorization grant is invalid, expired, or revoked', field: null, help: null }],
    ]);
  });

  it.each([
    ['no JSON', '{"from', null],
    ['nobody to send to', { ...MAIL, personalizations: [] }, 'personalizations'],
    ['an empty list of recipients', { ...MAIL, personalizations: [{ to: [] }] }, 'personalizations.0.to'],
    ['an address that is none', { ...MAIL, personalizations: [{ to: [{ email: 'maria' }] }] }, 'personalizations.0.to.0.email'],
    ['a sender that is none', { ...MAIL, from: { email: 'desk' } }, 'from.email'],
    ['no sender', { ...MAIL, from: undefined }, 'from'],
    ['no subject', { ...MAIL, subject: undefined }, 'subject'],
    ['no content', { ...MAIL, content: [] }, 'content'],
    ['an empty text', { ...MAIL, content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
    ['the page before the text', { ...MAIL, content: [...MAIL.content].reverse() }, 'content'],
    ['a header that SendGrid writes', { ...MAIL, headers: { 'Reply-To': 'x@example.com' } }, 'headers.Reply-To'],
    ['a file that is not base64', { ...MAIL, attachments: [{ content: 'ñ', filename: 'a.ics' }] }, 'attachments.0.content'],
    [
      'a file type with parameters',
      { ...MAIL, attachments: [{ content: 'eA==', filename: 'a.ics', type: 'text/calendar; method=PUBLISH' }] },
      'attachments.0.type',
    ],
    ['arguments beyond all measure', { ...MAIL, custom_args: { m: 'x'.repeat(10_001) } }, 'custom_args'],
    ['an argument that is no text', { ...MAIL, custom_args: { m: 1 } }, 'custom_args.m'],
  ])('refuses %s and names the field', async (_what, mail, field) => {
    const { status, errors } = await post(mail);
    expect(status).toBe(400);
    expect(errors!.map((error) => error.field)).toEqual([field]);
    expect(Object.keys(errors![0]!).sort()).toEqual(['field', 'help', 'message']);
    expect(await stand.log()).toEqual([]);
  });
});

describe('what SendGrid’s stand-in tells us', () => {
  it('says processed and then delivered, signed, our arguments flat in each event', async () => {
    const { id } = await post(MAIL);
    const hooks = await api.until(2);
    expect(hooks.map(({ path }) => path)).toEqual(['/webhooks/sendgrid', '/webhooks/sendgrid']);
    expect(hooks.map(signed)).toEqual([true, true]);
    const told = events(hooks);
    expect(told.map(({ event }) => event)).toEqual(['processed', 'delivered']);
    for (const event of told) {
      expect(event).toMatchObject({
        email: 'maria@example.com',
        m: 'm1',
        business_id: 'b1',
        timestamp: expect.any(Number),
        sg_event_id: expect.any(String),
      });
      expect(event.sg_message_id).toMatch(new RegExp(`^${id!}\\.recvd-`));
      expect(Math.abs(Number(event.timestamp) - Date.now() / 1_000)).toBeLessThan(60);
    }
    expect(new Set(told.map((event) => event.sg_event_id)).size).toBe(2);
  });

  it.each([
    ['bounce', { event: 'bounce', type: 'bounce', status: '5.1.1' }],
    ['blocked', { event: 'bounce', type: 'blocked', status: '4.2.2' }],
    ['dropped', { event: 'dropped', reason: 'Bounced Address' }],
  ])('tells of a mail that ends as %s', async (code, last) => {
    await stand.fault('sendgrid', { mode: 'refuse', code });
    expect((await post(MAIL)).status).toBe(202);
    expect(events(await api.until(code === 'dropped' ? 1 : 2)).at(-1)).toMatchObject(last);
  });

  it('repeats a delivery until it is taken, with the same event', async () => {
    api.answerNext(503, 500);
    await post(MAIL);
    const told = events(await api.until(4)); // two events, and two that were told again
    expect(new Set(told.map((event) => event.sg_event_id)).size).toBe(2);
    expect(new Set(told.map(({ event }) => event))).toEqual(new Set(['processed', 'delivered']));
  });

  it('tells after a restart what it had not yet told, and nothing twice', async () => {
    await stand.close();
    stand = await aSandbox({ apiUrl: api.url, delays: { sendgrid: { processedMs: [0, 0], deliveredMs: [60_000, 60_000] } } });
    await post(MAIL);
    await api.until(1);
    // What was answered is written down as told: done with the first by the time the second has come and gone.
    await post({ ...MAIL, custom_args: { m: 'm2' } });
    await api.until(2);
    await stand.stop();
    stand = await aSandbox({ apiUrl: api.url, dir: stand.dir });
    const delivered = await api.until(2, ({ body }) => body.includes('"delivered"'));
    expect(
      events(delivered)
        .map(({ m }) => String(m))
        .sort(),
    ).toEqual(['m1', 'm2']);
    expect(events(api.received).filter(({ m, event }) => m === 'm1' && event === 'processed')).toHaveLength(1);
  });
});
