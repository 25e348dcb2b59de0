import { readConfig } from '../config';
import { createPool } from '../db/knex';
import { migrateLatest } from '../db/migrations';
import { ensureRoles } from '../db/roles';
import { runCommand, say } from './lib/say';

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

// `npm run migrate`; start and the tests call the function. DATABASE_URL is the owner's here.
if (require.main === module) {
  void runCommand(async () => {
    const ran = await migrate(readConfig().DATABASE_URL);
    say(ran.length === 0 ? 'The database is up to date.' : `Done: ${ran.join(', ')}.`);
    return 0;
  });
}
