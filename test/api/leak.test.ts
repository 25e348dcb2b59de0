import { ROUTES } from '../../api/routes';
import { startApi, type TestApi } from '../support/api';
import { everythingOf } from '../support/fingerprint';
import { aFullBusiness, walk, type FullBusiness } from '../support/walk';

let api: TestApi;
let theirs: FullBusiness;
let mine: FullBusiness;
let before: Map<string, string>;
beforeAll(async () => {
  api = await startApi();
  [theirs, mine] = [await aFullBusiness(api), await aFullBusiness(api)];
  before = await everythingOf(api.database.db, theirs.businessId);
});
afterAll(() => api.close());

const PRIVATE = ROUTES.filter((route) => route.role !== 'public' && !(route.operator?.only ?? false));

describe("Another business's key", () => {
  it.each(PRIVATE.map((route) => ({ route, name: `${route.method} ${route.path}` })))(
    'sees and changes nothing by $name',
    async ({ route }) => {
      const reply = await walk(api, route, { about: theirs, by: mine });
      if (route.path.includes(':id')) expect(reply.status).toBe(404);
      const said = JSON.stringify(reply.body);
      for (const id of [theirs.businessId, ...Object.values(theirs.ids)]) expect(said).not.toContain(id);
      expect(await everythingOf(api.database.db, theirs.businessId)).toEqual(before);
    },
  );

  it('is the only thing that kept the answers empty: with their own key the same questions are answered', async () => {
    const own = await Promise.all(PRIVATE.filter(({ method }) => method === 'get').map((route) => walk(api, route, { about: theirs })));
    expect(own.every(({ status }) => status === 200)).toBe(true);
    expect(own.filter(({ body }) => JSON.stringify(body).includes(theirs.ids.contact)).length).toBeGreaterThan(2);
  });
});
