import { createStatementNames } from '../../db/prepared';
import { withBusiness } from '../../db/tenancy';
import { aBusiness, aContact } from '../factories';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
beforeAll(async () => (database = await openDatabase()));
afterAll(() => database.close());

const OFTEN = 12;

describe('statements that come again and again', () => {
  it('are named, the others are not', () => {
    const nameOf = createStatementNames();
    const names = Array.from({ length: OFTEN }, () => nameOf('select id from contacts where id = $1'));
    expect(names.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => undefined));
    expect(new Set(names.slice(5))).toEqual(new Set(['s1']));
    expect(nameOf('select name from contacts where id = $1')).toBeUndefined();
  });

  it.each([
    'select * from contacts',
    'select "c".* from contacts c',
    'insert into contacts (id) values ($1) returning *',
    'select a, * from b',
  ])('are not named when a migration can change their columns: %s', (sql) => {
    const nameOf = createStatementNames();
    expect(Array.from({ length: OFTEN }, () => nameOf(sql)).at(-1)).toBeUndefined();
  });

  it('are named all the same when they count or multiply', () => {
    const nameOf = createStatementNames();
    const names = ['select count(*) from contacts', 'select $1 * 1000'].map((sql) =>
      Array.from({ length: OFTEN }, () => nameOf(sql)).at(-1),
    );
    expect(names).toEqual(['s1', 's2']);
  });

  it('are few, however many different ones come', () => {
    const nameOf = createStatementNames();
    const names = new Set<string | undefined>();
    for (let i = 0; i < 10_000; i += 1) for (let turn = 0; turn < OFTEN; turn += 1) names.add(nameOf(`select ${String(i)}`));
    expect(names.size).toBeLessThan(200);
  });

  it('are planned once for a connection, and answer each business with its own rows only', async () => {
    const made = [await aBusiness(database.db), await aBusiness(database.db)];
    const contacts = await Promise.all(made.map(({ id }) => aContact(database.db, id)));
    const pool = database.poolOf('app', 1);
    const db = { pool, wakeRelay: () => undefined };
    const find = (businessId: string, id: string): Promise<{ name: string }[]> =>
      withBusiness(db, businessId, (tx) => tx('contacts').where({ id }).select<{ name: string }[]>('name'));
    for (let turn = 0; turn < OFTEN; turn += 1) {
      expect(await find(made[0]!.id, contacts[0]!.id)).toHaveLength(1);
      expect(await find(made[1]!.id, contacts[0]!.id)).toEqual([]);
    }
    const { rows } = await pool.raw<{ rows: { statement: string; genericPlans: number }[] }>(
      'select statement, generic_plans::int from pg_prepared_statements',
    );
    const [kept] = rows.filter(({ statement }) => statement.includes('"contacts"'));
    expect(kept?.genericPlans).toBeGreaterThan(0);
  });

  it('go on while a migration of the next release adds a column', async () => {
    const owner = database.poolOf('owner');
    await owner.raw('create table cats (id int); insert into cats values (1); grant select on cats to usher_app');
    const pool = database.poolOf('app', 1);
    const look = async (): Promise<unknown[]> => [
      await pool('cats').where({ id: 1 }).select('*'),
      await pool('cats').where({ id: 1 }).select('id'),
    ];
    for (let turn = 0; turn < OFTEN; turn += 1) await look();
    await owner.raw('alter table cats add column lives int');
    expect(await look()).toEqual([[{ id: 1, lives: null }], [{ id: 1 }]]);
  });
});
