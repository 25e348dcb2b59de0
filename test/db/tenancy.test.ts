import { v7 as newId } from 'uuid';
import { ring } from '../../db/doorbell';
import { forgetIdempotencyKeys } from '../../db/sweeps';
import { withBusiness, withoutBusiness } from '../../db/tenancy';
import { aBusiness, aContact, anApiKey, anAppointment, aResource } from '../factories';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
beforeAll(async () => (database = await openDatabase()));
afterAll(() => database.close());

const NOW = '2027-03-01T14:00:00.000Z';

describe('A transaction of a business', () => {
  it('sees its business and no other, also when many run at once on few connections', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => aBusiness(database.db)));
    for (const { id } of made) await aContact(database.db, id);
    const seen = await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const own = made[i % made.length]!.id;
        return withBusiness(database.db, own, async (tx) => {
          const rows = await tx('contacts').select<{ businessId: string }[]>('businessId');
          return rows.length === 1 && rows[0]!.businessId === own;
        });
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
  });

  it('leaves nothing of its business on the connection', async () => {
    const { id } = await aBusiness(database.db);
    await withBusiness(database.db, id, (tx) => tx('businesses').select('id'));
    await expect(withBusiness(database.db, id, () => Promise.reject(new Error('rolled back')))).rejects.toThrow('rolled back');
    const left = await Promise.all(Array.from({ length: 10 }, () => withoutBusiness(database.db, (tx) => tx('businesses').select('id'))));
    expect(left.flat()).toEqual([]);
  });

  it('cannot write into another business, whatever it names', async () => {
    const [mine, theirs] = [await aBusiness(database.db), await aBusiness(database.db)];
    const row = { id: newId(), businessId: theirs.id, name: 'Planted', createdAt: NOW, updatedAt: NOW };
    await expect(withBusiness(database.db, mine.id, (tx) => tx('contacts').insert(row))).rejects.toMatchObject({ code: '42501' });
    const touched = await withBusiness(database.db, mine.id, (tx) =>
      tx('contacts').where({ businessId: theirs.id }).update({ name: 'Changed' }),
    );
    expect(touched).toBe(0);
  });

  it('shows and changes no row of another business, in any table', async () => {
    const [mine, theirs] = [await aBusiness(database.db), await aBusiness(database.db)];
    const visit = await anAppointment(database.db, theirs.id, { resourceIds: [(await aResource(database.db, theirs.id)).id] });
    await anApiKey(database.db, theirs.id);
    await withBusiness(database.db, theirs.id, (tx) =>
      ring(tx, { kind: 'appointment', workflowId: `appointment/${visit.id}`, version: 1, now: NOW }),
    );
    const { rows: tables } = await database.db.pool.raw<{ rows: { name: string }[] }>(
      `select table_name as name from information_schema.columns where column_name = 'business_id' and table_schema = 'public'`,
    );
    const countedBy = async (asker: string, name: string): Promise<number> =>
      withBusiness(database.db, asker, async (tx) => {
        const [row] = await tx(name).where({ businessId: theirs.id }).count<{ count: number }[]>('* as count');
        return row!.count;
      });
    let filled = 0;
    for (const { name } of tables) {
      filled += (await countedBy(theirs.id, name)) > 0 ? 1 : 0;
      expect([name, await countedBy(mine.id, name)]).toEqual([name, 0]);
      const changing = withBusiness(database.db, mine.id, (tx) =>
        tx(name).where({ businessId: theirs.id }).update({ businessId: mine.id }),
      );
      const changed: unknown = await changing.catch((error: unknown) => (error as { code: string }).code); // 42501: may not be changed by anybody
      expect([0, '42501']).toContain(changed);
    }
    expect(filled).toBeGreaterThan(15);
  });

  it('takes nothing but a UUID for a business: it stands in the first statement', async () => {
    await expect(withBusiness(database.db, `'; drop table contacts; --`, () => Promise.resolve())).rejects.toThrow('UUID');
  });

  it('wakes the relay once after its commit, and not after a roll-back', async () => {
    const { id } = await aBusiness(database.db);
    const before = database.wakes();
    const rung = (work: () => Promise<unknown>) =>
      withBusiness(database.db, id, async (tx) => {
        // A ring inside a savepoint counts too.
        await tx.transaction((inner) => ring(inner, { kind: 'appointment', workflowId: `appointment/${newId()}`, version: 1, now: NOW }));
        await work();
      });
    await rung(() => Promise.resolve());
    expect(database.wakes()).toBe(before + 1);
    await expect(rung(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await withBusiness(database.db, id, (tx) => tx('contacts').select('id'));
    expect(database.wakes()).toBe(before + 1);
  });
});

describe("The sweeper's role", () => {
  it('forgets answers after a day, of businesses and of the operator, and sees none before', async () => {
    const { id } = await aBusiness(database.db);
    const old = '2020-01-01T00:00:00.000Z';
    await withBusiness(database.db, id, async (tx) => {
      const business = { businessId: id, requestHash: 'x' };
      await tx('idempotencyKeys').insert([
        { ...business, key: 'old', createdAt: old },
        { ...business, key: 'new' },
      ]);
      await tx('operatorRequests').insert([
        { key: 'old', requestHash: 'x', createdAt: old },
        { key: 'new', requestHash: 'x' },
      ]);
    });
    expect(await forgetIdempotencyKeys(database.poolOf('sweeper'))).toBe(2);
    const kept = await withBusiness(database.db, id, (tx) => tx('idempotencyKeys').select<{ key: string }[]>('key'));
    expect(kept).toEqual([{ key: 'new' }]);
  });
});
