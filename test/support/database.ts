import { readConfig } from '../../config';
import { createPool } from '../../db/knex';
import type { Role } from '../../db/roles';
import type { Db } from '../../db/tenancy';
import { createTestDatabase } from '../setup/database';

export type OpenDatabase = {
  url: string;
  db: Db;
  /** How often a committed transaction asked for the relay. */
  wakes: () => number;
  /** A further pool, of the owner of the tables or of one of the processes' roles; closed with the rest. */
  poolOf: (role: Role | 'owner', max?: number) => Db['pool'];
  close: () => Promise<void>;
};

/** A migrated, empty database for one test file, with the application's pool. Call `close` in afterAll. */
export async function openDatabase(): Promise<OpenDatabase> {
  const { url, drop } = await createTestDatabase();
  const rolePassword = readConfig({}).databaseRolePassword;
  const pools: Db['pool'][] = [];
  const state = { wakes: 0 };
  const poolOf = (role: Role | 'owner', max = 4): Db['pool'] => {
    const pool = createPool(url, role === 'owner' ? { max } : { role, rolePassword, max });
    pools.push(pool);
    return pool;
  };
  const db: Db = { pool: poolOf('app', 10), wakeRelay: () => (state.wakes += 1) };
  const close = async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
    await drop();
  };
  return { url, db, wakes: () => state.wakes, poolOf, close };
}
