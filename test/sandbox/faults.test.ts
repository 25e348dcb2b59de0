import type { Received, Receiver, RunningSandbox } from './running';
import { ACCOUNT, aReceiver, aSandbox } from './running';

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

type Vendor = 'twilio' | 'sendgrid';
const VENDORS: Vendor[] = ['twilio', 'sendgrid'];

/** One message by plain HTTP: the status, or `reset` when the connection broke. */
async function send(vendor: Vendor, body = 'Hello', to = vendor === 'twilio' ? '+12125550142' : 'maria@example.com') {
  const request = vendor === 'twilio' ? text(to, body) : mail(to, body);
  return fetch(stand.url + request.path, { method: 'POST', headers: request.headers, body: request.body }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
    },
    () => ({ status: 'reset' as const, retryAfter: null }),
  );
}
const text = (To: string, Body: string) => ({
  path: `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages.json`,
  headers: {
    authorization: `Basic ${Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  },
  body: new URLSearchParams({ To, From: '+12125550100', Body, StatusCallback: `${api.url}/status` }).toString(),
});
const mail = (email: string, value: string) => ({
  path: '/v3/mail/send',
  headers: { authorization: `Bearer ${ACCOUNT.sendgridKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({
    personalizations: [{ to: [{ email }] }],
    from: { email: 'd@usher.example' },
    subject: 'Hi',
    content: [{ type: 'text/plain', value }],
  }),
});
const accepted = async () => (await stand.log()).map(({ body }) => body);
const ended = ({ body }: Received) => body.includes('delivered');

describe.each(VENDORS)('the fault switches of %s', (vendor) => {
  const path = `/sandbox/faults/${vendor}`;

  it.each([
    ['refuse', 400, []],
    ['drop_before_commit', 'reset', []],
    ['commit_then_drop', 'reset', ['Hello']],
    ['rate_limit', 429, []],
    ['error', 500, []],
  ] as const)('%s: the caller sees %s, and %j took effect', async (mode, status, took) => {
    await stand.fault(vendor, { mode });
    expect((await send(vendor)).status).toBe(status);
    expect(await accepted()).toEqual(took);
  });

  it('rate_limit says how long to wait', async () => {
    await stand.fault(vendor, { mode: 'rate_limit', delay_ms: 4_500 });
    expect((await send(vendor)).retryAfter).toBe('5');
  });

  it('slow takes the message at once and answers later', async () => {
    await stand.fault(vendor, { mode: 'slow', delay_ms: 1_000 });
    const answer = send(vendor);
    await api.until(2); // its webhooks overtake the answer
    expect(await accepted()).toEqual(['Hello']);
    expect(await Promise.race([answer, Promise.resolve('still waiting')])).toBe('still waiting');
    expect([201, 202]).toContain((await answer).status);
  });

  it('a slow answer does not keep the sandbox from closing', async () => {
    await stand.fault(vendor, { mode: 'slow' });
    const answer = send(vendor);
    await api.until(2);
    await stand.stop();
    expect((await answer).status).toBe('reset');
    stand = await aSandbox({ apiUrl: api.url });
  });

  it('befalls as many messages as it is told, and only those that match', async () => {
    await stand.fault(vendor, { mode: 'error', times: 2, match: 'unlucky' });
    const statuses = [];
    for (const body of ['lucky', 'unlucky one', 'unlucky two', 'unlucky three']) statuses.push((await send(vendor, body)).status);
    expect(statuses.map((status) => status === 500)).toEqual([false, true, true, false]);
    expect((await stand.ask('GET', path)).body).toEqual({ faults: [] });
  });

  it('matches the address too', async () => {
    await stand.fault(vendor, { mode: 'error', match: vendor === 'twilio' ? '5550199' : 'luis@' });
    expect((await send(vendor, 'Hello', vendor === 'twilio' ? '+12125550199' : 'luis@example.com')).status).toBe(500);
    expect((await send(vendor)).status).not.toBe(500);
  });

  it('shows what is set, replaces one of the same kind, and clears', async () => {
    await stand.fault(vendor, { mode: 'error', times: 2 });
    await stand.fault(vendor, { mode: 'duplicate' });
    await stand.fault(vendor, { mode: 'error', times: 5 });
    expect((await stand.ask('GET', path)).body).toEqual({ faults: [{ mode: 'duplicate' }, { mode: 'error', times: 5 }] });
    expect((await stand.ask('DELETE', path)).status).toBe(200);
    expect((await stand.ask('GET', path)).body).toEqual({ faults: [] });
    expect([201, 202]).toContain((await send(vendor)).status);
  });

  it.each([[{ mode: 'explode' }], [{}], [{ mode: 'error', times: 0 }], [{ mode: 'error', tmes: 1 }], ['nonsense']])(
    'refuses %j',
    async (fault) => {
      expect((await stand.ask('PUT', path, fault)).status).toBe(422);
    },
  );

  it('duplicate tells everything twice', async () => {
    await stand.fault(vendor, { mode: 'duplicate' });
    await send(vendor);
    const hooks = await api.until(4);
    expect(new Set(hooks.map(({ body }) => body.toString('utf8').replace(/,\{.*/, ']'))).size).toBeLessThan(4);
    expect(await accepted()).toEqual(['Hello']);
  });

  it('late tells only after a while, of a message long delivered', async () => {
    await stand.fault(vendor, { mode: 'late', delay_ms: 1_500, match: 'late' });
    await send(vendor, 'late');
    await send(vendor, 'prompt');
    await api.until(2);
    expect((await api.until(4)).slice(0, 2).filter(ended)).toHaveLength(1); // both of the prompt one came first
  });

  it('reorder tells of the end first', async () => {
    await stand.fault(vendor, { mode: 'reorder' });
    await send(vendor);
    expect((await api.until(2)).map(ended)).toEqual([true, false]);
  });
});

it('keeps the vendors’ faults apart', async () => {
  await stand.fault('twilio', { mode: 'error' });
  expect((await send('sendgrid')).status).toBe(202);
});

it('knows no other vendor', async () => {
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect((await stand.ask(method, '/sandbox/faults/acme', method === 'PUT' ? { mode: 'error' } : undefined)).status).toBe(404);
});

describe('faults of a person’s text', () => {
  const inbound = (body: string) =>
    stand.ask('POST', '/sandbox/inbound', { channel: 'sms', from: '+12125550142', to: '+12125550100', body });
  const signature = ({ headers }: Received) => headers['x-twilio-signature'];

  it('comes twice, as one and the same', async () => {
    await stand.fault('twilio', { mode: 'duplicate' });
    await inbound('C');
    const [first, second] = await api.until(2);
    expect([second!.body.toString(), signature(second!)]).toEqual([first!.body.toString(), signature(first!)]);
    expect(await stand.log('?kind=inbound')).toHaveLength(1);
  });

  it('comes late', async () => {
    await stand.fault('twilio', { mode: 'late', delay_ms: 50 });
    expect(await inbound('C')).toMatchObject({ status: 200, body: { status: null } });
    expect(api.received).toHaveLength(0);
    await api.until(1);
  });

  it('comes wrongly signed', async () => {
    await inbound('C');
    await stand.fault('twilio', { mode: 'bad_signature' });
    await inbound('C');
    const [good, bad] = await api.until(2);
    expect(signature(bad!)).not.toBe(signature(good!));
  });
});

it('says that it is well', async () => expect((await stand.ask('GET', '/healthz')).body).toEqual({ status: 'ok' }));
