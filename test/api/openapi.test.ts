import { PROBLEMS } from '../../api/problem-codes';
import { ROUTES } from '../../api/routes';
import { foundOwner } from '../support/owner';
import { startApi, type TestApi } from '../support/api';
import { aFullBusiness, type FullBusiness } from '../support/full-business';
import { walk } from '../support/walk';

let api: TestApi;
let readOnly: FullBusiness;
beforeAll(async () => {
  api = await startApi();
  readOnly = await aFullBusiness(api);
  await foundOwner(api, { email: 'walk@example.com', password: 'a long password' });
});
afterAll(() => api.close());

type Operation = { operationId: string; responses: Record<string, unknown>; summary: string };
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> };

describe('The OpenAPI document', () => {
  it('is 3.1, describes every route once, and every operation by a name of its own', async () => {
    const document = (await (await fetch(`${api.url}/api/v1/openapi.json`)).json()) as Document;
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    expect(operations).toHaveLength(ROUTES.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  });

  // The client of the tests checks every answer, in all files, against the document (support/contract.ts). Here none is left out.
  it.each(ROUTES.map((route) => ({ route, name: `${route.method} ${route.path}` })))('promises what $name answers', async ({ route }) => {
    const about = route.method === 'get' ? readOnly : await aFullBusiness(api); // a write gets a business of its own
    const done = await walk(api, route, { about });
    // A location with staff stays: in_use is its documented answer.
    expect(done.status).toBe(route.path === '/locations/:id' && route.method === 'delete' ? 409 : route.status);
    if (route.role === 'public' || route.operator?.only === true) return; // asked without a business's key
    const stranger = await walk(api, route, { about, by: { ...about, key: 'usher_key_of-nobody-at-all' } });
    expect(stranger.status).toBe(401);
  });
});

describe('Problem codes', () => {
  it('have both languages, and details of 200 characters at most', () => {
    for (const { title, detail } of Object.values(PROBLEMS)) {
      for (const text of [title.en, title.es, detail.en, detail.es]) expect(text.trim()).not.toBe('');
      for (const text of [detail.en, detail.es]) expect(text.length).toBeLessThanOrEqual(200);
    }
  });
});

describe('The docs page', () => {
  it('needs nothing from elsewhere and names every route and every problem', async () => {
    const page = await (await fetch(`${api.url}/docs`)).text();
    expect(page).not.toMatch(/(src|href)="https?:/);
    for (const { path } of ROUTES) expect(page).toContain(`<code>${path}</code>`);
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`id="${code}"`);
    expect((await fetch(`${api.url}/docs/style.css`)).headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  it('shows a command for each route that carries what the route needs', async () => {
    const page = await (await fetch(`${api.url}/docs`)).text();
    expect(page).toContain('curl');
    expect(page).toContain('service_id=&lt;service_id>');
  });
});
