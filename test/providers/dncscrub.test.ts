import { createDncScrub } from '../../providers/dnc/dncscrub';
import { aReceiver, aSandbox, listen, type Receiver, type RunningSandbox } from '../sandbox/running';

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
afterEach(() => fetch(`${stand.url}/sandbox/faults/dnc`, { method: 'DELETE' }));

const list = () => createDncScrub({ baseUrl: stand.url, loginId: 'sandbox-login', timeoutMs: 300 });
const put = (number: string, method = 'PUT') => fetch(`${stand.url}/sandbox/dnc/${encodeURIComponent(number)}`, { method });
const fault = (mode: string) =>
  fetch(`${stand.url}/sandbox/faults/dnc`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode }),
  });

/** Asks a list that answers whatever it is told to. */
async function answerTo(body: string) {
  const other = await listen((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body));
  const answer = await createDncScrub({ baseUrl: other.url, loginId: 'sandbox-login' }).check('+12125550172');
  await other.close();
  return answer;
}

describe('DNCScrub', () => {
  it('says whether a number is on a list', async () => {
    expect(await list().check('+12125550170')).toEqual({ kind: 'clear' });
    await put('+12125550170');
    expect(await list().check('+12125550170')).toEqual({ kind: 'listed' });
    await put('+12125550170', 'DELETE');
    expect(await list().check('+12125550170')).toEqual({ kind: 'clear' });
  });

  it('is not asked about numbers that no list of it can hold', async () => {
    await fault('error');
    expect(await list().check('+525555550123')).toEqual({ kind: 'clear' });
  });

  it.each([
    ['error', 'status 500'],
    ['rate_limit', 'status 429'],
    ['refuse', 'status 400'],
    ['slow', 'TimeoutError'],
    ['drop_before_commit', 'TypeError'],
  ])('gives no answer when it fails with %s, and never throws', async (mode, why) => {
    await fault(mode);
    expect(await list().check('+12125550171')).toEqual({ kind: 'no_answer', why });
  });

  it.each([
    ['nothing', '[]'],
    ['another number', '[{"Phone":"2125550199","ResultCode":"C"}]'],
    ['no code', '[{"Phone":"2125550172"}]'],
    ['an object', '{"Phone":"2125550172","ResultCode":"C"}'],
  ])('gives no answer when it says %s', async (_, body) => {
    expect(await answerTo(body)).toEqual({ kind: 'no_answer', why: 'unreadable' });
  });

  it.each([
    ['C', 'clear'],
    ['W', 'clear'],
    ['D', 'listed'],
    ['L', 'listed'],
    ['I', 'listed'],
    ['Z', 'listed'],
  ])('takes code %s for %s: only what it calls clean may be called', async (code, kind) => {
    expect(await answerTo(JSON.stringify([{ Phone: 2125550172, ResultCode: code }]))).toEqual({ kind });
  });

  it('tells nobody who asks without a login', async () => {
    expect((await fetch(`${stand.url}/app/main/rpc/scrub?phoneList=2125550170&version=5&output=json`)).status).toBe(401);
    expect((await fetch(`${stand.url}/app/main/rpc/scrub?phoneList=2125550170`, { headers: { loginId: 'x' } })).status).toBe(400);
    expect((await put('5550170')).status).toBe(422);
  });
});
