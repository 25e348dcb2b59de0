import { MERGED } from '../../db/contact-merge';
import { PII } from '../../db/pii';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
let owner: OpenDatabase['db']['pool'];
beforeAll(async () => {
  database = await openDatabase();
  owner = database.poolOf('owner');
});
afterAll(() => database.close());

const rowsOf = async <Row>(sql: string): Promise<Row[]> => (await owner.raw<{ rows: Row[] }>(sql)).rows;

const TENANT_TABLES = `select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'business_id'
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`;
const names = async (sql: string): Promise<string[]> => (await rowsOf<{ relname: string }>(sql)).map(({ relname }) => relname);

/** Whose own rows are the tenants. */
const ROOT = 'businesses';

describe('Every table of a business', () => {
  it('is found by its business_id', async () => {
    expect((await names(TENANT_TABLES)).length).toBeGreaterThan(25);
  });

  it('enforces row-level security, for its owner too', async () => {
    const open = `select relname from pg_class where oid in (select oid from (${TENANT_TABLES}) t union select '${ROOT}'::regclass)
      and not (relrowsecurity and relforcerowsecurity)`;
    expect(await names(open)).toEqual([]);
  });

  it('has the policy of the business, for reading and writing, by a look-up that runs once per statement', async () => {
    const policies = await rowsOf<{ relname: string; using: string; check: string }>(
      `select c.relname, pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
       from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname = 'business' and p.polcmd = '*' and p.polpermissive`,
    );
    for (const { using, check } of policies) {
      expect(using).toMatch(/^\((business_id|id) = \( SELECT current_business\(\) AS current_business\)\)$/);
      expect(check).toBe(using);
    }
    expect(policies.map(({ relname }) => relname).sort()).toEqual([...(await names(TENANT_TABLES)), ROOT].sort());
  });

  it('lets no other policy apply to the application', async () => {
    const others = await rowsOf<{ relname: string; polname: string }>(
      `select c.relname, p.polname from pg_policy p join pg_class c on c.oid = p.polrelid
       where p.polname <> 'business' and (0 = any(p.polroles) or 'usher_app'::regrole::oid = any(p.polroles))`,
    );
    expect(others).toEqual([]);
  });

  it('has an index that begins with the business', async () => {
    const without = `select relname from (${TENANT_TABLES}) t where not exists (
      select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indrelid = t.oid and a.attname = 'business_id')`;
    expect(await names(without)).toEqual([]);
  });

  it('refers to other tables of the business by (business_id, id), so that no row can point into another business', async () => {
    const loose = await rowsOf<{ relname: string; conname: string }>(
      `select c.relname, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
       where k.contype = 'f' and f.relname <> '${ROOT}' and f.oid in (select oid from (${TENANT_TABLES}) t)
         and not exists (select 1 from pg_attribute own, pg_attribute far, generate_subscripts(k.conkey, 1) i
           where own.attrelid = k.conrelid and own.attnum = k.conkey[i] and own.attname = 'business_id'
             and far.attrelid = k.confrelid and far.attnum = k.confkey[i] and far.attname = 'business_id')`,
    );
    expect(loose).toEqual([]);
  });

  it('has a real business behind each row', async () => {
    const loose = `select relname from (${TENANT_TABLES}) t where not exists (
      select 1 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey) and a.attname = 'business_id'
      where k.conrelid = t.oid and k.contype = 'f')`;
    expect(await names(loose)).toEqual([]);
  });
});

it('Every table that names a contact says what becomes of it when two contacts are merged', async () => {
  const naming = await rowsOf<{ relname: string }>(
    `select distinct c.relname from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype = 'f' and k.confrelid = 'contacts'::regclass order by 1`,
  );
  expect(naming.map(({ relname }) => relname)).toEqual(Object.keys(MERGED).sort());
});

describe('The roles', () => {
  it('that log in are no superusers, own nothing and cannot bypass row-level security', async () => {
    const strong = await rowsOf<{ rolname: string }>(
      `select rolname from pg_roles r where rolname like 'usher\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
         or (rolcanlogin and exists (select 1 from pg_class where relowner = r.oid)))`,
    );
    expect(strong).toEqual([]);
    const login = await rowsOf<{ rolname: string }>(
      `select rolname from pg_roles where rolname like 'usher\\_%' and rolcanlogin order by 1`,
    );
    expect(login.map(({ rolname }) => rolname)).toEqual(['usher_app', 'usher_intake', 'usher_relay', 'usher_sweeper']);
  });

  it('cannot become one another', async () => {
    const members = await rowsOf<object>(
      `select m.rolname as member, g.rolname as of from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid
       where m.rolname like 'usher\\_%' and m.rolname in ('usher_app', 'usher_relay', 'usher_sweeper', 'usher_intake')`,
    );
    expect(members).toEqual([]);
  });

  it('may only add to the ledgers and the consent log', async () => {
    const rights = await rowsOf<{ right: string }>(
      `select table_name || ' ' || privilege_type as right from information_schema.role_table_grants
       where grantee like 'usher\\_%' and table_name in ('consents', 'attestations', 'audit_logs', 'platform_audit_logs', 'events_ledger') and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')`,
    );
    expect(rights).toEqual([]);
  });
});

describe('Look-ups across businesses', () => {
  it('are the listed functions, owned by a role that cannot log in, and answer ids, zones and counts only', async () => {
    const functions = await rowsOf<{ name: string; owner: string; answers: string; path: string }>(
      `select p.proname as name, r.rolname as owner, pg_get_function_result(p.oid) as answers, array_to_string(p.proconfig, ',') as path
       from pg_proc p join pg_roles r on r.oid = p.proowner where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1`,
    );
    expect(functions.map(({ name, answers }) => `${name}: ${answers}`)).toEqual([
      'active_businesses: TABLE(id uuid, zone text)',
      'business_of_api_key: TABLE(business_id uuid, id uuid)',
      'business_of_email: TABLE(business_id uuid, id uuid)',
      'business_of_link: TABLE(business_id uuid, id uuid)',
      'business_of_message: uuid',
      'business_of_number: uuid',
      'business_of_sender: uuid',
      'business_of_session: TABLE(business_id uuid, user_id uuid)',
      'business_of_slug: uuid',
      'business_of_vendor_message: TABLE(business_id uuid, id uuid)',
      'count_doorbells: integer',
      'count_unknown_messages: integer',
      'page_of_businesses: TABLE(id uuid)',
    ]);
    for (const { owner: role, path } of functions) expect([role, path]).toEqual(['usher_lookup', 'search_path=public, pg_temp']);
    const [lookup] = await rowsOf<{ rolcanlogin: boolean }>(`select rolcanlogin from pg_roles where rolname = 'usher_lookup'`);
    expect(lookup).toEqual({ rolcanlogin: false });
  });
});

describe('db/pii.ts', () => {
  it('classifies every column there is, and none that is not', async () => {
    const columns = await rowsOf<{ column: string }>(
      `select table_name || '.' || column_name as column from information_schema.columns
       where table_schema = 'public' and table_name not in ('migrations', 'migrations_lock') order by 1`,
    );
    const classified = Object.entries(PII).flatMap(([table, own]) => Object.keys(own).map((column) => `${table}.${column}`));
    expect(classified.sort()).toEqual(columns.map(({ column }) => column).sort());
  });

  it('calls no column harmless whose name says phone, mail, address or body', async () => {
    const BUSINESSES_OWN = ['locations.address', 'locations.phone', 'phone_numbers.number_e164', 'senders.address'];
    const harmless = Object.entries(PII).flatMap(([table, own]) =>
      Object.entries(own).flatMap(([column, kind]) => (kind === 'none' ? [`${table}.${column}`] : [])),
    );
    expect(harmless.filter((name) => /\.(.*(phone|mail|address|e164).*|body|ip|user_agent|password.*)$/.test(name)).sort()).toEqual(
      BUSINESSES_OWN,
    );
  });
});
