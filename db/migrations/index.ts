import type { Knex } from 'knex';
import { isLocked, TableInUse } from '../errors';
import { businesses } from './20261121_01_businesses';
import { places } from './20261121_02_places';
import { contacts } from './20261121_03_contacts';
import { appointments } from './20261121_04_appointments';
import { messages } from './20261121_05_messages';
import { engine } from './20261121_06_engine';
import { doors } from './20261121_07_doors';
import { api } from './20261121_08_api';
import { templates } from './20261127_09_templates';
import { channels } from './20261127_10_channels';
import { permission } from './20261127_11_permission';
import { conversations } from './20261127_12_conversations';
import { webhooks } from './20261127_13_webhooks';
import { email } from './20261127_14_email';
import { waitlist } from './20261127_15_waitlist';
import { registration } from './20261127_16_registration';
import { processes } from './20261127_18_processes';
import { traces } from './20261127_18_traces';
import { senderLines } from './20261127_19_sender_lines';
import { costs } from './20261127_20_costs';
import { unknown } from './20261127_21_unknown';
import { cadences } from './20261128_22_cadences';
import { ownCadences } from './20261128_23_own_cadences';
import { pastAttempts } from './20261128_24_past_attempts';
import { contactMerges } from './20261128_25_contact_merges';
import { logIn } from './20261128_26_log_in';

type Migration = { name: string; sql: string };

/** In the order of their names. Frozen once landed: a change is a new one, safe while the previous release still runs. */
const MIGRATIONS: Migration[] = [
  businesses,
  places,
  contacts,
  appointments,
  messages,
  engine,
  doors,
  api,
  templates,
  channels,
  permission,
  conversations,
  webhooks,
  email,
  waitlist,
  registration,
  processes,
  traces,
  senderLines,
  costs,
  unknown,
  cadences,
  ownCadences,
  pastAttempts,
  contactMerges,
  logIn,
];

/** What waits for a table's lock holds up everybody who comes after it. Ends with the migration's transaction. */
const LOCK_TIMEOUT = "set local lock_timeout = '3s';";

async function run(db: Knex, sql: string): Promise<void> {
  try {
    await db.raw(`${LOCK_TIMEOUT} ${sql}`);
  } catch (error) {
    throw isLocked(error) ? new TableInUse() : error;
  }
}

const source: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve(MIGRATIONS),
  getMigrationName: ({ name }) => name,
  getMigration: ({ sql }) =>
    Promise.resolve({ up: (db: Knex) => run(db, sql), down: () => Promise.reject(new Error('migrations only go forward')) }),
};

/** Brings the database to this release's shape and answers which migrations ran. Safe to run again. Throws TableInUse after three seconds of waiting for one. */
export async function migrateLatest(owner: Knex): Promise<string[]> {
  const [, applied] = (await owner.migrate.latest({ migrationSource: source, tableName: 'migrations' })) as [number, string[]];
  return applied;
}
