import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

// What the external do-not-call list said of a number, for 15 to 60 minutes (B4). Instants are the machine's: the list knows no pushed clock.

/** The contact's number if the list has not been asked about it since then; else, and without a number, null. */
export async function needsDncCheck(tx: Tx, { contactId, since }: { contactId: string; since: Instant }): Promise<string | null> {
  const { rows } = await tx.raw<{ rows: { phone: string | null }[] }>(
    `select c.phone_e164 as phone from contacts c where c.id = ? and not exists (
       select 1 from dnc_checks k where k.number_hash = c.phone_hash and k.checked_at >= ?::timestamptz)`,
    [contactId, since],
  );
  return rows[0]?.phone ?? null;
}

/** Keeps an answer; of two at the same time the later. */
export async function keepDncCheck(
  tx: Tx,
  { numberHash, listed, checkedAt }: { numberHash: string; listed: boolean; checkedAt: Instant },
): Promise<void> {
  await tx.raw(
    `insert into dnc_checks as k (business_id, number_hash, listed, checked_at) values (current_business(), ?, ?, ?)
     on conflict (business_id, number_hash) do update set listed = excluded.listed, checked_at = excluded.checked_at where k.checked_at < excluded.checked_at`,
    [numberHash, listed, checkedAt],
  );
}
