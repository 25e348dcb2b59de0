import type { Knex } from 'knex';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

// Addresses that were a person's until two contacts became one. Nothing is sent there; what comes from there is theirs, and what was refused there they refused.

export type Alias = { kind: 'phone' | 'email'; addressHash: string };

/** Remembers an address of a contact that became this one. */
export async function rememberAlias(tx: Tx, { contactId, now, ...alias }: Alias & { contactId: string; now: Instant }): Promise<void> {
  await tx('contactAliases')
    .insert({ businessId: tx.raw('current_business()'), contactId, ...alias, createdAt: now })
    .onConflict(['businessId', 'contactId', 'addressHash'])
    .ignore();
}

/** The aliases of the one that goes are the kept contact's from now on. */
export async function joinAliases(tx: Tx, two: { keptId: string; goneId: string }): Promise<void> {
  await tx.raw(
    `insert into contact_aliases (business_id, contact_id, kind, address_hash, created_at)
     select business_id, :keptId, kind, address_hash, created_at from contact_aliases where contact_id = :goneId on conflict do nothing`,
    two,
  );
  await tx('contactAliases').where({ contactId: two.goneId }).delete();
}

/**
 * What was once the address of the people who have this one now, but for what somebody has: when they take an opt-out back from the address that they have, no other is
 * left at one that is nobody's.
 */
export async function findFormerHashes(tx: Tx, { kind, addressHash }: Alias): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { addressHash: string }[] }>(
    `select distinct a.address_hash from contact_aliases a join contacts c on c.id = a.contact_id
     where a.kind = :kind and (:addressHash in (c.phone_hash, c.email_hash)
         or exists (select 1 from contact_identities i where i.contact_id = c.id and i.external_hash = :addressHash))
       and not exists (select 1 from contacts o where a.address_hash in (o.phone_hash, o.email_hash))`,
    { kind, addressHash },
  );
  return rows.map((row) => row.addressHash);
}

/** A query for the hashes that were one person's, or for the people whose address this was. */
export const aliasesOf = (tx: Tx, by: { contactId: string } | Alias): Knex.QueryBuilder => tx('contactAliases').where(by);
