import type { Received, Receiver, RunningSandbox } from './running';
import { ACCOUNT, aReceiver, aSandbox } from './running';
import { expectPublished } from './published';

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

type Said = { status: number; body: Record<string, unknown> };

async function ask(path: string, init: RequestInit): Promise<Said> {
  const answer = await fetch(stand.url + path, init);
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

const formOf = ({ body }: Received): Record<string, string> => Object.fromEntries(new URLSearchParams(body.toString('utf8')));

describe('the stand-in of Twilio, by what Twilio publishes', () => {
  const BASIC = { authorization: `Basic ${Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64')}` };
  const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages`;
  const TEXT = { To: '+12125550142', From: '+12125550100', Body: 'Your visit is tomorrow.' };
  const WHATSAPP = { ...TEXT, To: `whatsapp:${TEXT.To}`, From: `whatsapp:${TEXT.From}` };
  const send = (form: Record<string, string>, headers: Record<string, string> = BASIC): Promise<Said> =>
    ask(`${MESSAGES}.json`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ StatusCallback: `${api.url}/webhooks/twilio/status?m=m1`, ...form }),
    });
  const callbacks = async (sid: unknown, last: string): Promise<Record<string, string>[]> => {
    const isOf = (hook: Received): boolean => formOf(hook)['MessageSid'] === sid;
    await api.until(1, (hook) => isOf(hook) && formOf(hook)['MessageStatus'] === last);
    return api.received.filter(isOf).map(formOf);
  };

  it('answers, shows and lists a text', async () => {
    const sent = await send(TEXT);
    expect(sent.status).toBe(201);
    expectPublished('twilio/message', sent.body);
    await callbacks(sent.body['sid'], 'delivered');
    expectPublished('twilio/message', (await ask(`${MESSAGES}/${String(sent.body['sid'])}.json`, { headers: BASIC })).body);
    await send({ ...TEXT, Body: 'á'.repeat(80) });
    const page = await ask(`${MESSAGES}.json?To=${encodeURIComponent(TEXT.To)}&PageSize=1`, { headers: BASIC });
    expectPublished('twilio/page', page.body);
    expect(page.body['next_page_uri']).toContain('Page=1');
  });

  it('accepts a text of a Messaging Service before it has chosen a sender or counted segments', async () => {
    const service = `MG${'1'.repeat(32)}`;
    const { body } = await send({ To: TEXT.To, Body: 'á'.repeat(80), MessagingServiceSid: service });
    expectPublished('twilio/message', body);
    expect(body).toMatchObject({ status: 'accepted', from: null, num_segments: '0', messaging_service_sid: service });
    const told = await callbacks(body['sid'], 'delivered');
    for (const form of told) expectPublished('twilio/status', form);
    expect(told.at(-1)).toMatchObject({ MessagingServiceSid: service, From: expect.stringMatching(/^\+1/) });
    const { body: shown } = await ask(`${MESSAGES}/${String(body['sid'])}.json`, { headers: BASIC });
    expectPublished('twilio/message', shown);
    expect(shown).toMatchObject({ status: 'delivered', num_segments: '2', from: told.at(-1)?.['From'] });
  });

  it.each([
    ['no such number', { ...TEXT, To: '12' }],
    ['a sender of nobody', { ...TEXT, From: '+1' }],
    ['no words', { ...TEXT, Body: '' }],
    ['too many words', { ...TEXT, Body: 'a'.repeat(1_601) }],
    ['a landline', { ...TEXT, To: '+15005550009' }],
    ['two channels', { ...TEXT, To: WHATSAPP.To }],
    ['a template that is none', { ...WHATSAPP, ContentSid: 'HX1' }],
    ['an address of nothing', { ...TEXT, StatusCallback: 'nowhere' }],
  ])('refuses %s', async (_, form) => {
    const { status, body } = await send(form);
    expect(status).toBe(400);
    expectPublished('twilio/error', body);
  });

  it('refuses a wrong token, what is not there, too much at once and what breaks', async () => {
    const said = [await send(TEXT, { authorization: 'Basic bm9ib2R5' }), await ask(`${MESSAGES}/SM1.json`, { headers: BASIC })];
    for (const mode of ['rate_limit', 'error']) {
      await stand.fault('twilio', { mode, times: 1 });
      said.push(await send(TEXT));
    }
    for (const { body } of said) expectPublished('twilio/error', body);
    expect(said.map(({ status }) => status)).toEqual([401, 404, 429, 500]);
  });

  it('tells of every end of a text and of a WhatsApp message', async () => {
    const ends = async (form: Record<string, string>, last: string): Promise<void> => {
      const told = await callbacks((await send(form)).body['sid'], last);
      expect(told.length).toBeGreaterThan(0);
      for (const one of told) expectPublished('twilio/status', one);
    };
    await ends(TEXT, 'delivered');
    await stand.fault('twilio', { mode: 'refuse', code: '30003', times: 1 });
    await ends(TEXT, 'undelivered');
    await stand.fault('twilio', { mode: 'refuse', code: '30034', times: 1 });
    await ends(TEXT, 'failed');
    await ends(WHATSAPP, 'failed'); // nobody wrote in the last 24 hours
  });

  it.each(['sms', 'whatsapp'])('hands on what a person writes by %s', async (channel) => {
    for (const body of ['¿Está abierto?', 'STOP', 'HELP', 'START'])
      await stand.ask('POST', '/sandbox/inbound', { channel, from: TEXT.To, to: TEXT.From, body });
    const hooks = await api.until(4, ({ path }) => path === '/webhooks/twilio/inbound');
    for (const hook of hooks) expectPublished('twilio/inbound', formOf(hook));
  });

  it('answers a list of consents', async () => {
    const item = { contact_id: TEXT.To, correlation_id: '0'.repeat(32), sender_id: TEXT.From, status: 'opt-out', source: 'offline' };
    const form = new URLSearchParams({ Items: JSON.stringify(item) });
    const { status, body } = await ask('/v1/Consents/Bulk', { method: 'POST', headers: BASIC, body: form });
    expect(status).toBe(201);
    expectPublished('twilio/consents', body);
    expect(body['items']).toHaveLength(1);
  });
});

describe('the stand-in of SendGrid, by what SendGrid publishes', () => {
  const MAIL = {
    personalizations: [{ to: [{ email: 'maria@example.com' }] }],
    ...{ from: { email: 'desk@usher.example' }, subject: 'Your visit', content: [{ type: 'text/plain', value: 'See you' }] },
    custom_args: { m: 'm1' },
  };
  const send = (mail: unknown, key = ACCOUNT.sendgridKey): Promise<Said> =>
    ask('/v3/mail/send', { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify(mail) });
  const eventsOf = (hooks: Received[]) => hooks.flatMap(({ body }) => JSON.parse(body.toString('utf8')) as Record<string, unknown>[]);

  it('refuses in the form of its errors', async () => {
    const said = [await send({ ...MAIL, subject: '' }), await send({ ...MAIL, from: { email: 'nobody' } }), await send(null)];
    said.push(await send(MAIL, 'SG.somebody-else'));
    for (const fault of [{ code: '403' }, { code: '413' }]) {
      await stand.fault('sendgrid', { mode: 'refuse', ...fault, times: 1 });
      said.push(await send(MAIL));
    }
    for (const mode of ['rate_limit', 'error']) {
      await stand.fault('sendgrid', { mode, times: 1 });
      said.push(await send(MAIL));
    }
    for (const { body } of said) expectPublished('sendgrid/error', body);
    expect(said.map(({ status }) => status)).toEqual([400, 400, 400, 401, 403, 413, 429, 500]);
  });

  it.each([
    ['delivered', null],
    ['bounce', 'bounce'],
    ['bounce', 'blocked'],
    ['dropped', 'dropped'],
  ])('tells of each step to %s (%s)', async (last, code) => {
    if (code !== null) await stand.fault('sendgrid', { mode: 'refuse', code, times: 1 });
    expect(await send(MAIL)).toMatchObject({ status: 202 });
    await api.until(1, (hook) => eventsOf([hook]).some(({ event }) => event === last));
    const told = eventsOf(api.received);
    expect(told.length).toBeGreaterThan(0);
    for (const event of told) expectPublished('sendgrid/event', event);
  });

  it('hands on a mail', async () => {
    const mail = { channel: 'email', from: 'ana@example.com', to: 'reply@usher.example', subject: 'Re:', body: '¿Hay aparcamiento?' };
    await stand.ask('POST', '/sandbox/inbound', mail);
    const [hook] = await api.until(1, ({ path }) => path === '/webhooks/sendgrid/inbound');
    const names = [...hook!.body.toString('utf8').matchAll(/name="([^"]+)"\r\n\r\n([^\r]*)/g)];
    expectPublished('sendgrid/inbound', Object.fromEntries(names.map(([, name, value]) => [name, value])));
  });
});

describe('the stand-in of Meta, by what Meta publishes', () => {
  const SENDER = '106540352242922';
  const TO = '+12125550142';
  const USER = 'US.13491208655302741918';
  const send = (body: object, token = ACCOUNT.meta.accessToken): Promise<Said> =>
    ask(`/v24.0/${SENDER}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ messaging_product: 'whatsapp', type: 'text', text: { body: 'See you' }, ...body }),
    });
  const writes = (from: string) => stand.ask('POST', '/sandbox/inbound', { channel: 'whatsapp', from, to: SENDER, body: '¿Está abierto?' });
  const isAbout =
    (what: string) =>
    ({ body }: Received): boolean =>
      body.toString('utf8').includes(what);

  it('takes a message for a number, and for somebody who shows none', async () => {
    for (const to of [{ to: TO.slice(1) }, { recipient: USER }]) {
      const { status, body } = await send(to);
      expect(status).toBe(200);
      expectPublished('meta/accepted', body);
    }
  });

  it('refuses in the form of its errors', async () => {
    const said = [await send({ to: 'nobody' }), await send({ to: TO.slice(1) }, 'somebody-else')];
    for (const fault of [{ mode: 'refuse', code: '131056' }, { mode: 'rate_limit' }, { mode: 'error' }]) {
      await stand.fault('meta', { ...fault, times: 1 });
      said.push(await send({ to: TO.slice(1) }));
    }
    for (const { body } of said) expectPublished('meta/error', body);
    expect(said.map(({ status }) => status)).toEqual([400, 401, 429, 429, 500]);
  });

  it('tells of what a person writes and of every end of a message', async () => {
    await writes(TO);
    await writes(USER);
    await send({ to: TO.slice(1), biz_opaque_callback_data: 'm1' });
    await api.until(1, isAbout('"delivered"'));
    await send({ to: '12125550143' }); // nobody wrote from there
    await api.until(1, isAbout('"failed"'));
    expect(api.received.length).toBeGreaterThanOrEqual(4);
    for (const { body } of api.received) expectPublished('meta/webhook', JSON.parse(body.toString('utf8')));
  });
});

it('are strict: a field that is not published, or one that is missing, is a difference', () => {
  expect(() => expectPublished('twilio/error', { code: 1, message: 'm', status: 400 })).toThrow(/more_info/);
  expect(() => expectPublished('twilio/error', { code: 1, message: 'm', more_info: 'https://x.example', status: 400, why: 1 })).toThrow(
    /additional/,
  );
  expect(() => expectPublished('meta/nothing', {})).toThrow(/nothing is published/);
});
