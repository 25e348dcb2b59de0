import { readConfig } from '../config';
import { createPool } from '../db/knex';
import { migrateLatest } from '../db/migrations';
import { ensureRoles } from '../db/roles';

/** Creates roles and tables in the database of `ownerUrl`. Answers the migrations that ran. Safe to run again. */
export async function migrate(ownerUrl: string, rolePassword = readConfig().databaseRolePassword): Promise<string[]> {
  const owner = createPool(ownerUrl, { max: 2, name: 'usher-migrate' });
  try {
    await ensureRoles(owner, rolePassword);
    return await migrateLatest(owner);
  } finally {
    await owner.destroy();
  }
}
