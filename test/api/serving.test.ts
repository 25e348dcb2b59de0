import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import { z } from 'zod';
import { createPool } from '../../db/knex';
import { problems } from '../../api/middleware/problems';
import { requestId } from '../../api/middleware/request-id';
import type { ApiDeps } from '../../api/deps';
import { route, type BusinessRoute } from '../../api/route';
import { serve } from '../../api/serve';
import { aBusiness, anApiKey, inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
let key: string;
let businessId: string;
const servers: Server[] = [];
beforeAll(async () => {
  api = await startApi();
  businessId = (await aBusiness(api.database.db)).id;
  key = await anApiKey(api.database.db, businessId);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await api.close();
});

/** Asks one route that exists only in this test. */
async function ask(made: BusinessRoute, deps: ApiDeps = api.deps): Promise<{ status: number; text: string; headers: Headers }> {
  const app = new Koa().use(requestId).use(problems(deps));
  const router = new Router();
  router.register(made.path, [made.method], serve(made, deps));
  const handle = app.use(router.routes()).callback();
  const server = createServer((request, response) => void handle(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${made.path}`;
  const response = await fetch(url, { method: made.method.toUpperCase(), headers: { Authorization: `Bearer ${key}` } });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const View = z.object({ tries: z.int() });
const made = (answer: () => Promise<{ tries: number }>): BusinessRoute =>
  route({ method: 'post', path: '/made', tag: 'Test', summary: 'Only here', action: 'test.made', role: 'viewer', response: View }, answer);
const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });

describe('A route', () => {
  it('that runs into a deadlock runs once more, as if nothing had been', async () => {
    const state = { tries: 0 };
    const work = route(
      { method: 'post', path: '/made', tag: 'Test', summary: 'Only here', action: 'test.deadlock', role: 'viewer', response: View },
      async ({ tx }) => {
        state.tries += 1;
        await tx('businesses').update({ name: `try ${String(state.tries)}` });
        if (state.tries === 1) throw deadlock();
        return state;
      },
    );
    expect(await ask(work)).toMatchObject({ status: 200, text: '{"tries":2}' });
    const audits = await inBusiness(api.database.db, businessId, (tx) => tx('auditLogs').where({ action: 'test.deadlock' }).select('id'));
    expect(audits).toHaveLength(1);
  });

  it('that runs into a second one leaves it to the caller', async () => {
    const answer = await ask(made(() => Promise.reject(deadlock())));
    expect(answer.status).toBe(409);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'try_again' });
  });

  it('never sends what its response does not declare', async () => {
    const more = { tries: 1, passwordHash: 'scrypt:secret' };
    expect((await ask(made(() => Promise.resolve(more)))).text).toBe('{"tries":1}');
  });

  it('whose answer is not what it declares fails, and undoes what it did', async () => {
    const wrong = route(
      { method: 'post', path: '/made', tag: 'Test', summary: 'Only here', action: 'test.wrong', role: 'viewer', response: View },
      async ({ tx }) => {
        await tx('businesses').update({ name: 'half done' });
        return { tries: 'many' as unknown as number };
      },
    );
    expect((await ask(wrong)).status).toBe(500);
    const [business] = await inBusiness(api.database.db, businessId, (tx) => tx('businesses').select<{ name: string }[]>('name'));
    expect(business?.name).not.toBe('half done');
  });

  it('that breaks says where to look and nothing else', async () => {
    const answer = await ask(made(() => Promise.reject(new Error('duplicate value ana@example.com'))));
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('ana@example.com');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'internal', request_id: answer.headers.get('x-request-id') });
  });

  it.each([
    ['22001', 422, 'invalid'],
    ['23514', 422, 'invalid'],
    ['23503', 404, 'unknown_reference'],
    ['23505', 409, 'already_exists'],
    ['23P01', 409, 'conflict'],
    ['57P01', 503, 'unavailable'],
    ['53300', 503, 'unavailable'],
    ['ECONNREFUSED', 503, 'unavailable'],
    ['XX000', 500, 'internal'],
  ])('turns what the database says with %s into %i %s', async (code, status, word) => {
    const answer = await ask(made(() => Promise.reject(Object.assign(new Error('value "Ana" is too long'), { code }))));
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([status, word]);
    expect(answer.text).not.toContain('Ana');
  });

  it('answers 503 while there is no database', async () => {
    const pool = createPool('postgres://usher_app@127.0.0.1:9/none', { max: 1 });
    const answer = await ask(
      made(() => Promise.resolve({ tries: 1 })),
      { ...api.deps, db: { pool, wakeRelay: () => undefined } },
    );
    await pool.destroy();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
  });
});
