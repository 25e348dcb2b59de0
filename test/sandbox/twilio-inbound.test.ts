import twilio from 'twilio';
import type { Received, Receiver, RunningSandbox } from './running';
import { ACCOUNT, aReceiver, aSandbox } from './running';

const TO = '+12125550142';
const FROM = '+12125550100';

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

async function send(more: Record<string, string> = {}) {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64')}`;
  const body = new URLSearchParams({ To: TO, From: FROM, Body: 'Hello', ...more });
  const answer = await fetch(`${stand.url}/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const form = ({ body }: Received) => Object.fromEntries(new URLSearchParams(body.toString('utf8')));
const signed = (hook: Received) =>
  twilio.validateRequest(ACCOUNT.authToken, String(hook.headers['x-twilio-signature']), hook.url, form(hook));
const inbound = (body: string) => stand.ask('POST', '/sandbox/inbound', { channel: 'sms', from: TO, to: FROM, body });

describe('a person’s text to one of our numbers', () => {
  it('comes to us as from the vendor, signed', async () => {
    const { status, body } = await inbound('¿A qué hora?');
    expect([status, body.status]).toEqual([200, 200]);
    const [hook] = await api.until(1);
    expect(hook!.path).toBe('/webhooks/twilio/inbound');
    expect(signed(hook!)).toBe(true);
    expect(form(hook!)).toMatchObject({
      MessageSid: body.vendor_id,
      SmsMessageSid: body.vendor_id,
      SmsSid: body.vendor_id,
      AccountSid: ACCOUNT.accountSid,
      From: TO,
      To: FROM,
      Body: '¿A qué hora?',
      NumMedia: '0',
      NumSegments: '1',
      SmsStatus: 'received',
      ApiVersion: '2010-04-01',
      FromCountry: 'US',
    });
    expect(form(hook!)).not.toHaveProperty('OptOutType');
    expect(await stand.log('?kind=inbound')).toMatchObject([
      { from: TO, to: FROM, body: '¿A qué hora?', vendor_id: body.vendor_id, our_id: null },
    ]);
  });

  it.each(['STOP', ' stop ', 'StopAll', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT'])(
    '%j blocks the pair, is answered once, and handed on',
    async (word) => {
      await inbound(word);
      await inbound(word);
      expect((await api.until(2)).map((hook) => form(hook).OptOutType)).toEqual(['STOP', 'STOP']);
      expect(await stand.log()).toMatchObject([
        { kind: 'auto_reply', to: TO, from: FROM, body: expect.stringContaining('unsubscribed'), our_id: null },
      ]);
      const { status, body } = await send();
      expect([status, body.code]).toEqual([400, 21610]);
      expect((await send({ From: '+12125550101' })).status).toBe(201); // another number of ours
      expect((await send({ To: '+12125550199' })).status).toBe(201); // another person
    },
  );

  it.each(['START', 'unstop', 'YES'])('%j after STOP lets us write again', async (word) => {
    await inbound('STOP');
    await inbound(word);
    expect(form((await api.until(2))[1]!).OptOutType).toBe('START');
    expect((await stand.log()).map(({ kind, body }) => [kind, body.includes('re-subscribed')])).toEqual([
      ['auto_reply', false],
      ['auto_reply', true],
    ]);
    expect((await send()).status).toBe(201);
  });

  it('YES from someone who never stopped is a text like any other', async () => {
    await inbound('YES');
    expect(form((await api.until(1))[0]!)).not.toHaveProperty('OptOutType');
    expect(await stand.log()).toEqual([]);
  });

  it('HELP is answered by the vendor and blocks nothing', async () => {
    await inbound('help');
    expect(form((await api.until(1))[0]!).OptOutType).toBe('HELP');
    expect((await stand.log()).map(({ kind }) => kind)).toEqual(['auto_reply']);
    expect((await send()).status).toBe(201);
  });

  it.each(['please stop texting me', 'non-stop', 'stop.'])('%j is no word of the vendor’s: it is handed on as it is', async (body) => {
    await inbound(body);
    expect(form((await api.until(1))[0]!)).toMatchObject({ Body: body });
    expect((await send()).status).toBe(201);
  });

  it('says when nobody took it', async () => {
    await stand.close();
    stand = await aSandbox({ apiUrl: 'http://127.0.0.1:9' });
    expect(await inbound('hello')).toMatchObject({ status: 502, body: { status: null } });
  });

  it.each([
    [{ channel: 'email', from: TO, to: 'b@example.com', body: 'hi' }],
    [{ channel: 'sms', from: '2125550142', to: FROM, body: 'hi' }],
    [{ channel: 'sms', from: TO, to: FROM, body: '' }],
    ['no object'],
  ])('is refused when it is none: %j', async (body) => expect((await stand.ask('POST', '/sandbox/inbound', body)).status).toBe(422));
});
