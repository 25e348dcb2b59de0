import Router from '@koa/router';
import { WorkflowNotFoundError } from '@temporalio/client';
import Koa from 'koa';
import type { Push, SandboxClock } from '../../sandbox/clock';
import { NotSettled } from '../../sandbox/clock-steps';
import { clockRoutes } from '../../sandbox/routes/clock';
import { watchClock } from '../../sandbox/watched-clock';
import { listen, type Listening } from './running';

const SALON = '01a1fee1-95e1-76be-9b09-c3f2ae195398';
const STRANGER = '01a1fee1-0000-76be-9b09-c3f2ae195398';
const NOW = '2027-03-07T15:00:00.000Z';
const FIRED = { workflowId: 'appointment/1', what: '7d', at: '2027-03-07T15:30:00.000Z' };

const pushes: Push[] = [];
const state: { answer: () => ReturnType<SandboxClock['push']> } = { answer: () => Promise.reject(new Error('not set')) };
const fake: SandboxClock = {
  read: () => Promise.resolve({ now: NOW, offsetMs: 86_400_499 }),
  push: (_, push) => {
    pushes.push(push);
    return state.answer();
  },
  tick: () => Promise.resolve(),
};

let server: Listening;
const errors: unknown[] = [];
const ask = async (method: 'GET' | 'POST', businessId: string, body?: unknown) => {
  const answer = await fetch(`${server.url}/sandbox/clock/${businessId}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: (await answer.json()) as Record<string, unknown> };
};

beforeAll(async () => {
  const router = new Router();
  clockRoutes(router, { clock: watchClock(fake), isBusiness: (id) => Promise.resolve(id === SALON) });
  const app = new Koa();
  app.use(router.routes());
  app.on('error', (error) => errors.push(error));
  const handle = app.callback();
  server = await listen((request, response) => void handle(request, response));
});
afterAll(() => server.close());
beforeEach(() => {
  pushes.length = 0;
  errors.length = 0;
  state.answer = () => Promise.resolve({ now: NOW, fired: [FIRED] });
});

describe('GET /sandbox/clock/:business_id', () => {
  it('says what time it is for a business and by how many seconds it is ahead', async () => {
    expect(await ask('GET', SALON)).toMatchObject({ status: 200, body: { now: NOW, offset_s: 86_400 } });
  });

  it.each([STRANGER, 'no-uuid'])('knows no business %s', async (id) => {
    const { status, type, body } = await ask('GET', id);
    expect({ status, code: body.code, error: body.error }).toEqual({ status: 404, code: 'not_found', error: 'not_found' });
    expect(type).toContain('application/problem+json');
  });
});

describe('POST /sandbox/clock/:business_id', () => {
  it('answers with the time after the push and what fired on the way', async () => {
    const { status, body } = await ask('POST', SALON, { to: 'next' });
    expect(status).toBe(200);
    expect(body).toEqual({ now: NOW, fired: [{ workflow_id: 'appointment/1', what: '7d', at: FIRED.at }] });
    expect(pushes).toEqual([{ to: 'next' }]);
  });

  it('answers 200 without anything fired when nothing is due', async () => {
    state.answer = () => Promise.resolve({ now: NOW, fired: [] });
    expect(await ask('POST', SALON, { to: 'next' })).toMatchObject({ status: 200, body: { fired: [] } });
  });

  it.each([
    ['a number of seconds', { by_s: 3_600 }, { byS: 3_600 }],
    ['no seconds at all', { by_s: 0 }, { byS: 0 }],
    ['an instant in UTC', { to: '2027-03-08T15:00:00Z' }, { to: { at: '2027-03-08T15:00:00.000Z' } }],
    ['an instant with an offset', { to: '2027-03-08T10:00:00-05:00' }, { to: { at: '2027-03-08T15:00:00.000Z' } }],
    ['epoch seconds', { to: 1_804_518_000 }, { to: { at: '2027-03-08T15:00:00.000Z' } }],
    ['the present instant', { to: NOW }, { to: { at: NOW } }],
  ])('takes %s', async (_, body, push) => {
    expect((await ask('POST', SALON, body)).status).toBe(200);
    expect(pushes).toEqual([push]);
  });

  it.each([
    ['no JSON', '{'],
    ['an empty body', ''],
    ['nothing', {}],
    ['both ways at once', { to: 'next', by_s: 5 }],
    ['a word it does not know', { to: 'tomorrow' }],
    ['a local time without a zone', { to: '2027-03-08T15:00:00' }],
    ['a date that does not exist', { to: '2027-02-30T15:00:00Z' }],
    ['seconds back', { by_s: -1 }],
    ['half a second', { by_s: 0.5 }],
    ['more than a year of seconds', { by_s: 367 * 86_400 }],
    ['seconds as text', { by_s: '60' }],
    ['an unknown field', { to: 'next', please: true }],
    ['a list', [{ to: 'next' }]],
  ])('refuses %s with 422', async (_, body) => {
    expect(await ask('POST', SALON, body)).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(pushes).toEqual([]);
  });

  it('refuses to go back in time, and says what time it is', async () => {
    const { status, body } = await ask('POST', SALON, { to: '2027-03-07T14:59:59Z' });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'past_instant' });
    expect(body.detail).toContain(NOW);
  });

  it('refuses more than 366 days at once', async () => {
    expect(await ask('POST', SALON, { to: '2029-03-07T15:00:00Z' })).toMatchObject({ status: 422, body: { code: 'too_far' } });
  });

  it('knows no business that does not exist, whatever the body', async () => {
    expect((await ask('POST', STRANGER, '{')).status).toBe(404);
  });

  const grpc = (code: number) => Object.assign(new Error('14 UNAVAILABLE'), { code, details: '', metadata: {} });
  const cases: { when: string; error: Error; status: number; code: string }[] = [
    { when: 'the worker does not answer', error: new NotSettled(), status: 503, code: 'worker_not_answering' },
    { when: 'a vendor left an outcome open', error: new NotSettled('outcome_unclear'), status: 503, code: 'outcome_unclear' },
    {
      when: 'the database is away',
      error: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      status: 503,
      code: 'database_unavailable',
    },
    { when: 'Temporal is away', error: new Error('it failed', { cause: grpc(14) }), status: 503, code: 'temporal_unavailable' },
    { when: 'Temporal takes too long', error: grpc(4), status: 503, code: 'temporal_unavailable' },
    {
      when: 'Temporal has lost a process',
      error: new WorkflowNotFoundError('gone', 'appointment/1', undefined),
      status: 503,
      code: 'process_unknown',
    },
    { when: 'the server skips no time', error: grpc(12), status: 503, code: 'time_skipping_off' },
    { when: 'anything else breaks', error: new Error('a bug'), status: 500, code: 'internal' },
  ];
  it.each(cases)('says what to do when $when', async ({ error, status, code }) => {
    state.answer = () => Promise.reject(error);
    const answer = await ask('POST', SALON, { to: 'next' });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(String(answer.body.detail).length).toBeGreaterThan(30);
    expect(errors).toHaveLength(code === 'internal' ? 1 : 0);
  });
});
