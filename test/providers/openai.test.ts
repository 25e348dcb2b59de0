import type { Response } from 'openai/resources/responses/responses';
import { createOpenAiJudge } from '../../providers/openai/openai';
import { ACCOUNT, aReceiver, aSandbox, listen, type Receiver, type RunningSandbox } from '../sandbox/running';

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
afterEach(() => stand.sandbox.faults.clear('openai'));

type Over = Partial<Parameters<typeof createOpenAiJudge>[0]>;
const judge = (over: Over = {}) =>
  createOpenAiJudge({ apiKey: ACCOUNT.openAiKey, baseUrl: stand.url, model: 'gpt-5-mini', timeoutMs: 500, ...over });
const ENOUGH = 'I have had enough of you people';

/** Asks a vendor that answers whatever it is told to, and keeps what it was asked. */
async function answering(answer: unknown, status = 200) {
  const asked: { url: string; body: Record<string, unknown> }[] = [];
  const server = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  return { asked, server };
}

const saying = (text: string) => ({
  ...{ id: 'resp_1', object: 'response', created_at: 1, status: 'completed', error: null, model: 'm' },
  output: [
    { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] },
  ],
});

describe('a model that is asked about an opt-out', () => {
  it('says whether the writer wants no more messages', async () => {
    expect(await judge().judge(ENOUGH)).toEqual({ kind: 'out' });
    expect(await judge().judge('Enough rain for today!')).toEqual({ kind: 'not_out' });
  });

  it('is asked about one text at a time, so that no more than one waits for it', async () => {
    const one = judge();
    const [first, second] = await Promise.all([one.judge(ENOUGH), one.judge(ENOUGH)]);
    expect([first, second]).toEqual([{ kind: 'out' }, { kind: 'no_opinion', why: 'busy' }]);
    expect(await one.judge(ENOUGH)).toEqual({ kind: 'out' });
  });

  it('gets the text as material, a schema for its answer, and is told to keep nothing', async () => {
    const { asked, server } = await answering(saying('{"opt_out":true}'));
    expect(await judge({ baseUrl: server.url }).judge(ENOUGH)).toEqual({ kind: 'out' });
    expect(asked).toMatchObject([
      {
        url: '/v1/responses',
        body: { input: ENOUGH, store: false, model: 'gpt-5-mini', text: { format: { type: 'json_schema', strict: true } } },
      },
    ]);
    await server.close();
  });

  it.each([
    ['refuse', 'operator'],
    ['rate_limit', 'rate_limited'],
    ['error', 'vendor_error'],
    ['slow', 'timed_out'],
    ['drop_before_commit', 'reset'],
  ] as const)('has no opinion when it befalls %s, and is asked once', async (mode, why) => {
    stand.sandbox.faults.put('openai', { mode });
    const before = stand.requests();
    expect(await judge().judge(ENOUGH)).toEqual({ kind: 'no_opinion', why });
    expect(stand.requests()).toBe(before + 1);
  });

  it('has no opinion when its answer is cut off, refused by it, or none of ours', async () => {
    stand.sandbox.faults.put('openai', { mode: 'refuse', code: 'bad_json' });
    expect(await judge().judge(ENOUGH)).toEqual({ kind: 'no_opinion', why: 'unreadable' });
    for (const answer of [saying('yes'), saying('{"opt_out":"yes"}'), { ...saying(''), output: [] }]) {
      const { server } = await answering(answer);
      expect(await judge({ baseUrl: server.url }).judge(ENOUGH)).toMatchObject({ kind: 'no_opinion' });
      await server.close();
    }
  });

  it('has none with a wrong key, nor with a quota that is used up, and neither is an outage', async () => {
    expect(await judge({ apiKey: 'sk-somebody-else' }).judge(ENOUGH)).toEqual({ kind: 'no_opinion', why: 'operator' });
    const { server } = await answering(
      { error: { message: 'quota', type: 'insufficient_quota', param: null, code: 'insufficient_quota' } },
      429,
    );
    const one = judge({ baseUrl: server.url, breaker: { openAfter: 1, openForMs: 60_000 } });
    expect(await one.judge(ENOUGH)).toEqual({ kind: 'no_opinion', why: 'operator' });
    expect(await one.judge(ENOUGH)).toEqual({ kind: 'no_opinion', why: 'operator' });
    await server.close();
  });

  it('is let alone for a while when it does not answer', async () => {
    stand.sandbox.faults.put('openai', { mode: 'error' });
    const one = judge({ breaker: { openAfter: 2, openForMs: 60_000 } });
    for (let times = 0; times < 2; times += 1) await one.judge(ENOUGH);
    const before = stand.requests();
    expect(await one.judge(ENOUGH)).toEqual({ kind: 'no_opinion', why: 'vendor_down' });
    expect(stand.requests()).toBe(before);
  });
});

describe('the stand-in of OpenAI', () => {
  it('answers in the shape of the SDK’s types, and refuses what the API would', async () => {
    const ask = (body: unknown, key = ACCOUNT.openAiKey) =>
      fetch(`${stand.url}/v1/responses`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify(body) });
    const format = { type: 'json_schema', name: 'opt_out', strict: true, schema: {} };
    const good = { model: 'm', instructions: 'i', input: ENOUGH, text: { format }, max_output_tokens: 10, store: false };
    const said = (await (await ask(good)).json()) as Omit<Response, 'output_text'>;
    expect(said).toMatchObject({
      object: 'response',
      status: 'completed',
      output: [{ role: 'assistant', content: [{ type: 'output_text' }] }],
    });
    expect((await ask({ ...good, store: true })).status).toBe(400);
    expect((await ask(good, 'sk-other')).status).toBe(401);
  });
});
