import type { Instant } from '../domain/time';
import { tellingColumns } from './pii';
import type { Tx } from './tenancy';

/**
 * What becomes of each table that names a contact when one is merged into another. `moves`: its rows are the kept contact's from then on; `joins`: one row for each
 * contact, which two become; `stays`: it only ever grows. A catalogue test fails for a table that is not here.
 */
export const MERGED = {
  appointments: 'moves',
  cadence_states: 'moves',
  call_reservations: 'moves',
  consents: 'stays',
  contact_aliases: 'joins',
  contact_identities: 'moves',
  contacts: 'joins',
  conversations: 'joins',
  lead_status: 'joins',
  messages: 'moves',
  waitlist_entries: 'moves',
  waitlist_offers: 'moves',
} as const satisfies Record<string, 'moves' | 'joins' | 'stays'>;

type Moving = keyof { [Table in keyof typeof MERGED as (typeof MERGED)[Table] extends 'moves' ? Table : never]: true };
export type Moved = Record<Moving, number>;

export type Two = { keptId: string; goneId: string };

/** Gives the kept contact everything that was the other's. Answers how many rows of each table. Safe to run again: then it moves what came since. */
export async function moveToContact(tx: Tx, { keptId, goneId }: Two): Promise<Moved> {
  const moved: Partial<Moved> = {};
  for (const [table, how] of Object.entries(MERGED))
    if (how === 'moves') moved[table as Moving] = await tx(table).where({ contactId: goneId }).update({ contactId: keptId });
  return moved as Moved;
}

/** Makes one conversation of two: unread together, and what is more pressing stays. */
export async function joinConversations(tx: Tx, two: Two & { now: Instant }): Promise<void> {
  await tx.raw(
    `update conversations k set unread = k.unread + g.unread, status = case when 'open' in (k.status, g.status) then 'open' else 'closed' end,
       needs_person = case when 'loop' in (k.needs_person, g.needs_person) then 'loop' when 'cancel_visit' in (k.needs_person, g.needs_person) then 'cancel_visit'
         else coalesce(k.needs_person, g.needs_person) end,
       needs_person_since = least(k.needs_person_since, g.needs_person_since), silenced_at = least(k.silenced_at, g.silenced_at),
       assigned_staff_id = coalesce(k.assigned_staff_id, g.assigned_staff_id), progressed_at = greatest(k.progressed_at, g.progressed_at),
       last_at = greatest(k.last_at, g.last_at), created_at = least(k.created_at, g.created_at), version = k.version + 1, updated_at = :now
     from conversations g where k.contact_id = :keptId and g.contact_id = :goneId`,
    two,
  );
  await giveOrDrop(tx, 'conversations', two);
}

/** Of two words about where somebody stands the newer holds; but an opt-out stays one. */
export async function joinLeadStatus(tx: Tx, two: Two & { now: Instant }): Promise<void> {
  await tx.raw(
    `update lead_status k set bucket = case when 'opted_out' in (k.bucket, g.bucket) then 'opted_out' when g.bucket_at > k.bucket_at then g.bucket else k.bucket end,
       bucket_at = greatest(k.bucket_at, g.bucket_at), tag = coalesce(k.tag, g.tag), next_action_at = coalesce(k.next_action_at, g.next_action_at),
       version = k.version + 1, created_at = least(k.created_at, g.created_at), updated_at = :now
     from lead_status g where k.contact_id = :keptId and g.contact_id = :goneId`,
    two,
  );
  await giveOrDrop(tx, 'lead_status', two);
}

/** The row that goes is the kept contact's if that has none, else it has served. */
async function giveOrDrop(tx: Tx, table: 'conversations' | 'lead_status', { keptId, goneId }: Two): Promise<void> {
  await tx(table)
    .where({ contactId: goneId })
    .whereNotExists(tx(`${table} as kept`).where({ 'kept.contactId': keptId }).select(tx.raw('1')))
    .update({ contactId: keptId });
  await tx(table).where({ contactId: goneId }).delete();
}

/** Active waitlist entries of the one that wish exactly what an active one of the other does: nobody is asked twice about a time. */
export async function findDoubleEntries(tx: Tx, { keptId, goneId }: Two): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `select g.id from waitlist_entries g where g.contact_id = :goneId and g.status = 'active' and exists (
       select 1 from waitlist_entries k where k.contact_id = :keptId and k.status = 'active'
         and (k.service_id, k.staff_id, k.weekdays, k.windows, k.earliest_on, k.latest_on, k.preference)
           is not distinct from (g.service_id, g.staff_id, g.weekdays, g.windows, g.earliest_on, g.latest_on, g.preference))
     order by g.id`,
    { keptId, goneId },
  );
  return rows.map(({ id }) => id);
}

/** Empties the contact that goes, and says whose it is now; also those that were merged into it before. */
export async function leaveShell(tx: Tx, { keptId, goneId, now }: Two & { now: Instant }): Promise<void> {
  const blank = Object.fromEntries(tellingColumns('contacts').map((column) => [column, tx.raw('default')]));
  await tx('contacts')
    .where({ id: goneId })
    .update({ ...blank, name: '', preferredChannel: null, mergedInto: keptId, version: tx.raw('version + 1'), updatedAt: now });
  await tx('contacts').where({ mergedInto: goneId }).update({ mergedInto: keptId });
}

/** Since when, and whence, the kept contact is known. */
export async function noteOrigin(tx: Tx, { id, ...origin }: { id: string; source: string; createdAt: Instant }): Promise<void> {
  await tx('contacts').where({ id }).update(origin);
}

/** Every address by which either is or was known, sorted: what comes in from one of them waits for the merge. */
export async function findHashesOfTwo(tx: Tx, two: Two): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { hash: string }[] }>(
    `select distinct h.hash from (
       select unnest(array[phone_hash, email_hash]) as hash from contacts where id in (:keptId, :goneId)
       union all select external_hash from contact_identities where contact_id in (:keptId, :goneId)
       union all select address_hash from contact_aliases where contact_id in (:keptId, :goneId)) h
     where h.hash is not null order by 1`,
    two,
  );
  return rows.map(({ hash }) => hash);
}

/** Both rows, the kept one first, until the transaction ends; undefined for one that is not there. In the order of their ids, so that two merges cannot deadlock. */
export async function lockTwo(tx: Tx, { keptId, goneId }: Two): Promise<{ id: string; mergedInto: string | null }[]> {
  const rows = await tx('contacts')
    .whereIn('id', [keptId, goneId])
    .orderBy('id')
    .forUpdate()
    .select<{ id: string; mergedInto: string | null }[]>('id', 'mergedInto');
  return [keptId, goneId].flatMap((id) => rows.find((row) => row.id === id) ?? []);
}
