import { setTimeout } from 'node:timers/promises';
import { readConfig } from '../config';
import { createPool } from '../db/knex';
import { TableInUse } from '../db/errors';
import { migrateLatest } from '../db/migrations';
import { ensureRoles } from '../db/roles';
import { runCommand, say } from './lib/say';
import { Trouble } from './lib/trouble';

/** Creates roles and tables in the database of `ownerUrl`. Answers the migrations that ran. Safe to run again. */
export async function migrate(ownerUrl: string, rolePassword = readConfig().databaseRolePassword): Promise<string[]> {
  const owner = createPool(ownerUrl, { max: 2, name: 'usher-migrate' });
  try {
    await ensureRoles(owner, rolePassword);
    return await whenFree(() => migrateLatest(owner));
  } finally {
    await owner.destroy();
  }
}

/** Two minutes in all. */
const PATIENCE = { attempts: 15, pauseMs: 5_000 };

/** Tries again what a table in use has refused: it gave up waiting, so that nobody had to wait behind it. Throws Trouble when that never ends. */
export async function whenFree<T>(work: () => Promise<T>, { attempts, pauseMs } = PATIENCE): Promise<T> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TableInUse)) throw error;
      if (left <= 1) throw new Trouble(IN_USE);
      await setTimeout(pauseMs);
    }
  }
}

const IN_USE =
  'A long transaction keeps a table in use that a migration has to change: see pg_stat_activity, end it or wait for it, then run the command again; what is done stays done.';

// `npm run migrate`; start and the tests call the function. DATABASE_URL is the owner's here.
if (require.main === module) {
  void runCommand(async () => {
    const ran = await migrate(readConfig().DATABASE_URL);
    say(ran.length === 0 ? 'The database is up to date.' : `Done: ${ran.join(', ')}.`);
    return 0;
  });
}
