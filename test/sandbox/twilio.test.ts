import twilio from 'twilio';
import type { Received, Receiver, RunningSandbox } from './running';
import { ACCOUNT, aReceiver, aSandbox, listen } from './running';

const TO = '+12125550142';
const FROM = '+12125550100';
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages`;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64')}`;

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

/** The vendor's own SDK, sent here instead of to api.twilio.com. */
function sdk() {
  class Here extends twilio.RequestClient {
    override request: twilio.RequestClient['request'] = (options) =>
      super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', stand.url) });
  }
  return twilio(ACCOUNT.accountSid, ACCOUNT.authToken, { httpClient: new Here() });
}

async function post(fields: Record<string, string>, headers: Record<string, string> = { authorization: AUTHORIZATION }) {
  const answer = await fetch(`${stand.url}${MESSAGES}.json`, { method: 'POST', headers, body: new URLSearchParams(fields) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const send = (more: Record<string, string> = {}) =>
  post({ To: TO, From: FROM, Body: 'Hello', StatusCallback: `${api.url}/webhooks/twilio/status?m=m1`, ...more });
const form = ({ body }: Received) => Object.fromEntries(new URLSearchParams(body.toString('utf8')));
const signed = (hook: Received) =>
  twilio.validateRequest(ACCOUNT.authToken, String(hook.headers['x-twilio-signature']), hook.url, form(hook));
const inbound = (body: string, from = TO) => stand.ask('POST', '/sandbox/inbound', { channel: 'sms', from, to: FROM, body });

describe('sending by the Twilio stand-in', () => {
  it('answers with a message exactly like the vendor’s', async () => {
    const { status, body } = await send();
    expect(status).toBe(201);
    const uri = `${MESSAGES}/${String(body.sid)}`;
    const date = expect.stringMatching(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/) as string;
    expect(body).toEqual({
      account_sid: ACCOUNT.accountSid,
      api_version: '2010-04-01',
      body: 'Hello',
      date_created: date,
      date_sent: null,
      date_updated: date,
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: FROM,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: '1',
      price: null,
      price_unit: 'USD',
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      subresource_uris: { media: `${uri}/Media.json` },
      to: TO,
      uri: `${uri}.json`,
    });
  });

  it('logs what it accepted once, with our id', async () => {
    const { body } = await send();
    expect(await stand.log()).toEqual([
      {
        seq: 1,
        at: expect.any(String),
        vendor: 'twilio',
        kind: 'sms',
        to: TO,
        from: FROM,
        body: 'Hello',
        our_id: 'm1',
        vendor_id: body.sid,
      },
    ]);
  });

  it.each([
    ['Ñandú?', '1'],
    ['a'.repeat(160), '1'],
    ['a'.repeat(161), '2'],
    [`${'a'.repeat(159)}€`, '2'],
    ['á'.repeat(70), '1'],
    ['á'.repeat(71), '2'],
  ])('counts the segments of %j', async (Body, segments) => expect((await send({ Body })).body.num_segments).toBe(segments));

  it('is driven by the vendor’s SDK: send, show, list page by page', async () => {
    const client = sdk();
    const sids: string[] = [];
    for (const body of ['one', 'two', 'three']) sids.unshift((await client.messages.create({ to: TO, from: FROM, body })).sid);
    await client.messages.create({ to: '+12125550199', from: FROM, body: 'to another' });
    expect((await client.messages.list({ to: TO, pageSize: 2 })).map(({ sid }) => sid)).toEqual(sids);
    const shown = await client.messages(sids[0]!).fetch();
    expect(shown).toMatchObject({ body: 'three', to: TO, direction: 'outbound-api' });
    expect(shown.dateCreated).toBeInstanceOf(Date);
  });

  it.each([
    ['nobody to send to', { To: '' }, 21604],
    ['a number with a letter', { To: '+1212555O142' }, 21211],
    ['a number without a plus', { To: '2125550142' }, 21211],
    ['an area code that cannot be', { To: '+11125550142' }, 21211],
    ['no sender', { From: '' }, 21603],
    ['a sender that is no number', { From: 'Salon' }, 21212],
    ['no text', { Body: '' }, 21602],
    ['a text of 1,601 characters', { Body: 'a'.repeat(1_601) }, 21617],
    ['a callback to nowhere', { StatusCallback: 'nowhere' }, 21609],
    ['eleven hours in the queue', { ValidityPeriod: '39600' }, 21624],
    ['the magic invalid number', { To: '+15005550001' }, 21211],
    ['the magic unreachable number', { To: '+15005550002' }, 21612],
    ['the magic foreign number', { To: '+15005550003' }, 21408],
    ['the magic blocked number', { To: '+15005550004' }, 21610],
    ['the magic landline', { To: '+15005550009' }, 21614],
    ['the magic invalid sender', { From: '+15005550001' }, 21212],
    ['the magic sender that is not ours', { From: '+15005550007' }, 21606],
    ['the magic sender whose queue is full', { From: '+15005550008' }, 21611],
  ])('refuses %s', async (_what, fields, code) => {
    const { status, body } = await send(fields);
    expect(status).toBe(400);
    expect(body).toEqual({ code, message: expect.any(String), more_info: `https://www.twilio.com/docs/errors/${code}`, status: 400 });
    expect(await stand.log()).toEqual([]);
  });

  it('takes the magic good sender, and a number from abroad', async () => {
    expect((await send({ From: '+15005550006', To: '+34612345678' })).status).toBe(201);
  });

  it('knows its account and its token', async () => {
    const { status, body } = await post({ To: TO }, { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' });
    expect([status, body.code]).toEqual([401, 20003]);
    const elsewhere = await fetch(`${stand.url}${MESSAGES.replace(/0\/M/, '1/M')}.json`, { headers: { authorization: AUTHORIZATION } });
    expect(elsewhere.status).toBe(404);
    const nothing = await fetch(`${stand.url}${MESSAGES}/SM0.json`, { headers: { authorization: AUTHORIZATION } });
    expect([nothing.status, ((await nothing.json()) as { code: number }).code]).toEqual([404, 20404]);
  });

  it('knows only its own numbers when it is given a list', async () => {
    const strict = await aSandbox({ apiUrl: api.url, numbers: [FROM] });
    const ask = async (From: string) => {
      const headers = { authorization: AUTHORIZATION };
      const answer = await fetch(`${strict.url}${MESSAGES}.json`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ To: TO, From, Body: 'Hello' }),
      });
      return answer.status;
    };
    expect([await ask(FROM), await ask('+12125550101')]).toEqual([201, 400]);
    expect((await strict.ask('POST', '/sandbox/inbound', { channel: 'sms', from: TO, to: '+12125550101', body: 'hi' })).status).toBe(422);
    await strict.close();
  });
});

describe('what Twilio’s stand-in calls back', () => {
  it('says sent and then delivered, signed, never queued', async () => {
    const { body } = await send();
    const hooks = await api.until(2);
    expect(hooks.map(({ path }) => path)).toEqual(['/webhooks/twilio/status?m=m1', '/webhooks/twilio/status?m=m1']);
    expect(hooks.map(signed)).toEqual([true, true]);
    const fields = { SmsSid: body.sid, MessageSid: body.sid, AccountSid: ACCOUNT.accountSid, To: TO, From: FROM, ApiVersion: '2010-04-01' };
    expect(hooks.map(form)).toEqual([
      { ...fields, SmsStatus: 'sent', MessageStatus: 'sent' },
      { ...fields, SmsStatus: 'delivered', MessageStatus: 'delivered' },
    ]);
    expect(await sdk().messages(String(body.sid)).fetch()).toMatchObject({ status: 'delivered', dateSent: expect.any(Date) });
  });

  it('calls nobody when no address was given', async () => {
    const { sid } = await sdk().messages.create({ to: TO, from: FROM, body: 'Hello' });
    await send({ Body: 'after it' });
    await api.until(2);
    expect(api.received.map((hook) => form(hook).MessageSid)).not.toContain(sid);
  });

  it('fails a text that waits in the queue for longer than it is good for', async () => {
    await stand.close();
    stand = await aSandbox({ apiUrl: api.url, delays: { twilio: { sentMs: [1_500, 1_500] } } });
    await send({ ValidityPeriod: '1' });
    expect(form((await api.until(1))[0]!)).toMatchObject({ MessageStatus: 'failed', ErrorCode: '30036' });
  });

  it('does not repeat a callback that was answered with an error', async () => {
    api.answerNext(500);
    await send();
    const hooks = await api.until(2);
    expect(hooks.map((hook) => form(hook).MessageStatus)).toEqual(['sent', 'delivered']);
  });

  it('repeats a callback once when no connection came about', async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    await send({ StatusCallback: `${gone.url}/status` });
    const tries = async (): Promise<unknown[]> => {
      const { body } = await stand.ask('GET', '/sandbox/webhooks');
      const seen = body.tries as { url: string; status: number | null }[];
      return seen.length >= 4 ? seen.map(({ status }) => status) : tries();
    };
    expect(await tries()).toEqual([null, null, null, null]); // two callbacks, each tried twice
  });

  it('goes on after a restart: texts under way still end, blocks and lists are kept', async () => {
    await stand.close();
    stand = await aSandbox({ apiUrl: api.url, delays: { twilio: { sentMs: [60_000, 60_000] } } });
    const { body } = await send();
    await inbound('STOP', '+12125550177');
    await stand.stop();
    const again = await aSandbox({ apiUrl: api.url, dir: stand.dir });
    stand = again;
    const hooks = await api.until(2, ({ path }) => path.includes('/status'));
    expect(hooks.map((hook) => [form(hook).MessageSid, form(hook).MessageStatus])).toEqual([
      [body.sid, 'sent'],
      [body.sid, 'delivered'],
    ]);
    expect((await send({ To: '+12125550177' })).body.code).toBe(21610);
    expect((await sdk().messages.list({ to: TO })).map(({ sid }) => sid)).toEqual([body.sid]);
    expect((await stand.log()).map(({ seq }) => seq)).toEqual([1, 3]); // 2 was the person's STOP
  });
});
