import { ROUTES } from '../../api/routes';
import { inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';
import { aFullBusiness, walk, type FullBusiness } from '../support/walk';

let api: TestApi;
let theirs: FullBusiness;
let mine: FullBusiness;
let before: Map<string, string>;
beforeAll(async () => {
  api = await startApi();
  [theirs, mine] = [await aFullBusiness(api), await aFullBusiness(api)];
  before = await everythingOf(theirs);
});
afterAll(() => api.close());

const PRIVATE = ROUTES.filter((route) => route.role !== 'public' && !(route.operator?.only ?? false));

/** A fingerprint of all rows of a business by table, but for the hour in which its key was used. */
async function everythingOf({ businessId }: FullBusiness): Promise<Map<string, string>> {
  return inBusiness(api.database.db, businessId, async (tx) => {
    const { rows: tables } = await tx.raw<{ rows: { name: string }[] }>(
      `select table_name as name from information_schema.columns where column_name = 'business_id' and table_schema = 'public' order by 1`,
    );
    const prints = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await tx.raw<{ rows: { print: string }[] }>(
        `select md5(coalesce(string_agg((to_jsonb(t) - 'last_used_at')::text, ',' order by t::text), '')) as print from ${name} t`,
      );
      prints.set(name, rows[0]!.print);
    }
    return prints;
  });
}

describe("Another business's key", () => {
  it.each(PRIVATE.map((route) => ({ route, name: `${route.method} ${route.path}` })))(
    'sees and changes nothing by $name',
    async ({ route }) => {
      const reply = await walk(api, route, { about: theirs, by: mine });
      if (route.path.includes(':id')) expect(reply.status).toBe(404);
      const said = JSON.stringify(reply.body);
      for (const id of [theirs.businessId, ...Object.values(theirs.ids)]) expect(said).not.toContain(id);
      expect(await everythingOf(theirs)).toEqual(before);
    },
  );

  it('is the only thing that kept the answers empty: with their own key the same questions are answered', async () => {
    const own = await Promise.all(PRIVATE.filter(({ method }) => method === 'get').map((route) => walk(api, route, { about: theirs })));
    expect(own.every(({ status }) => status === 200)).toBe(true);
    expect(own.filter(({ body }) => JSON.stringify(body).includes(theirs.ids.contact)).length).toBeGreaterThan(2);
  });
});
