import { TableInUse } from '../../db/errors';
import { migrateLatest } from '../../db/migrations';
import { whenFree } from '../../scripts/migrate';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const PATIENCE = { attempts: 3, pauseMs: 1 };

/** Work that a table in use refuses so often. */
const refused = (times: number) => {
  const errors = Array.from({ length: times }, () => new TableInUse());
  return (): Promise<string> => {
    const error = errors.pop();
    return error ? Promise.reject(error) : Promise.resolve('done');
  };
};

describe('a migration', () => {
  it('of a table in use gives up after three seconds, so that nobody waits behind it for long', async () => {
    const owner = database.poolOf('owner');
    await owner('migrations').where({ name: '20261128_26_log_in' }).delete();
    await owner.transaction(async (tx) => {
      await tx.raw('lock table messages in row exclusive mode');
      await expect(migrateLatest(owner)).rejects.toThrow(TableInUse);
    });
  });

  it('is tried again until the table is free, and says in one sentence when it never is', async () => {
    expect(await whenFree(refused(2), PATIENCE)).toBe('done');
    await expect(whenFree(refused(3), PATIENCE)).rejects.toThrow(/^A long transaction keeps a table in use .* run the command again/);
    await expect(whenFree(() => Promise.reject(new TypeError('ours')), PATIENCE)).rejects.toThrow('ours');
  });
});
