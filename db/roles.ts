import type { Knex } from 'knex';

/**
 * The database roles of Usher's processes. None is a superuser, owns a table or holds BYPASSRLS, so none can leave its business (app),
 * or do more than its few tables allow (the others).
 */
export const ROLES = {
  app: 'usher_app', // api and activities: every tenant table, always inside one business
  relay: 'usher_relay', // doorbells of all businesses, nothing else
  sweeper: 'usher_sweeper', // ids of what is overdue: processes, holds, stored webhooks
  intake: 'usher_intake', // inserts webhook events, cannot read them
} as const;
export type Role = keyof typeof ROLES;

/** Owns the look-up functions of the migrations; cannot log in. */
const LOOKUP_ROLE = 'usher_lookup';

/** One migration at a time, whatever the number of processes that start together. */
export const MIGRATION_LOCK = 7_361_001;

/** Creates the roles and sets their password. Needs an owner with CREATEROLE. Safe to run again, and at the same time as another. */
export async function ensureRoles(owner: Knex, password: string): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    for (const role of Object.values(ROLES)) {
      await createRole(tx, role);
      await tx.raw(`alter role ${role} with login password '${password.replaceAll("'", "''")}'`);
    }
    await createRole(tx, LOOKUP_ROLE);
    await tx.raw(`grant ${LOOKUP_ROLE} to current_user`); // so that the owner may hand the look-up functions to it
  });
}

async function createRole(tx: Knex.Transaction, role: string): Promise<void> {
  const { rows } = await tx.raw<{ rows: unknown[] }>('select 1 from pg_roles where rolname = ?', [role]);
  if (rows.length === 0) await tx.raw(`create role ${role}`);
}
