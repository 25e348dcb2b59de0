import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { readConfig } from '../config';
import { createPool } from '../db/knex';
import type { Role } from '../db/roles';
import type { Db } from '../db/tenancy';
import { freePort } from '../scripts/lib/ports';
import { startPostgres, type Postgres } from '../scripts/lib/postgres';
import { migrate } from '../scripts/migrate';

/** A PostgreSQL of the benchmark's own, fsync on, migrated. */
export type Bench = {
  postgres: Postgres;
  db: Db;
  owner: Knex;
  poolOf: (role: Role, max?: number) => Knex;
  folder: string;
  close: () => Promise<void>;
};

export async function startBench({ connections = 10 } = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-bench-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), port });
  await migrate(postgres.url);
  const pools: Knex[] = [];
  const keep = (pool: Knex): Knex => {
    pools.push(pool);
    return pool;
  };
  const rolePassword = readConfig({}).databaseRolePassword;
  const poolOf = (role: Role, max = 4): Knex => keep(createPool(postgres.url, { role, rolePassword, max }));
  return {
    postgres,
    db: { pool: poolOf('app', connections), wakeRelay: () => undefined },
    owner: keep(createPool(postgres.adminUrl.replace(/\/postgres$/, '/usher'), { max: 4 })),
    poolOf,
    folder,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
