import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

// A business's own do-not-call numbers. A number that was taken off stays as a row: who put it there, who took it off and why.

export const DNC_REMOVAL_REASONS = ['entered_by_mistake', 'person_asked', 'number_reassigned', 'no_longer_required'] as const;
export type DncRemovalReason = (typeof DNC_REMOVAL_REASONS)[number];

export type DncRow = {
  id: string;
  /** Null: the person was erased; the hash keeps holding. */
  numberE164: string | null;
  reason: string;
  source: 'manual' | 'csv_import';
  createdBy: string;
  createdAt: Instant;
};
const COLUMNS = ['id', 'numberE164', 'reason', 'source', 'createdBy', 'createdAt'];

export type NewDncNumber = { id: string; numberE164: string; numberHash: string; reason: string };
export type DncOrigin = { source: DncRow['source']; createdBy: string; now: Instant };

/** Puts numbers on the list; those that stand there already are left as they are. Answers the new ones' hashes. */
export async function insertDncNumbers(tx: Tx, numbers: NewDncNumber[], { source, createdBy, now }: DncOrigin): Promise<string[]> {
  if (numbers.length === 0) return [];
  const rows = numbers.map(({ id, numberE164, numberHash, reason }) => ({ id, number_e164: numberE164, number_hash: numberHash, reason }));
  const inserted = await tx.raw<{ rows: { numberHash: string }[] }>(
    `insert into dnc_numbers (business_id, id, number_hash, number_e164, reason, source, created_by, created_at)
     select current_business(), r.id, r.number_hash, r.number_e164, r.reason, :source, :createdBy, :now
     from jsonb_to_recordset(:rows::jsonb) as r(id uuid, number_hash text, number_e164 text, reason text) order by r.number_hash
     on conflict (business_id, number_hash) where removed_at is null do nothing returning number_hash`,
    { rows: JSON.stringify(rows), source, createdBy, now },
  );
  return inserted.rows.map(({ numberHash }) => numberHash);
}

/** The number's line on the list, or undefined. */
export async function findDncNumber(tx: Tx, numberHash: string): Promise<DncRow | undefined> {
  const [row] = await tx('dncNumbers').where({ numberHash }).whereNull('removedAt').select<DncRow[]>(COLUMNS);
  return row;
}

export type DncPage = { numberHash?: string; digits?: string; before?: string; limit: number };

/** Newest first, by pages; by the number, or by some of its digits. */
export async function listDncNumbers(tx: Tx, { numberHash, digits, before, limit }: DncPage): Promise<DncRow[]> {
  const query = tx('dncNumbers').whereNull('removedAt').orderBy('id', 'desc').limit(limit);
  if (numberHash !== undefined) void query.where({ numberHash });
  if (digits !== undefined) void query.whereLike('numberE164', `%${digits}%`);
  if (before !== undefined) void query.where('id', '<', before);
  return query.select<DncRow[]>(COLUMNS);
}

type Removal = { id: string; reason: DncRemovalReason; removedBy: string; now: Instant };

/** Takes a number off the list; the row stays as the proof. Answers its hash. Throws RowMissing. */
export async function removeDncNumber(tx: Tx, { id, reason, removedBy, now }: Removal): Promise<string> {
  const rows = await tx('dncNumbers')
    .where({ id })
    .whereNull('removedAt')
    .update({ removedAt: now, removedReason: reason, removedBy })
    .returning<{ numberHash: string }[]>('numberHash');
  return one('dnc number', rows).numberHash;
}

export async function countDncNumbers(tx: Tx): Promise<number> {
  const [row] = await tx('dncNumbers').whereNull('removedAt').count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

/** Whose visits are planned otherwise once these numbers are on the list, or off it. */
export async function findContactIdsByPhone(tx: Tx, phoneHashes: string[]): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>('select id from contacts where phone_hash = any(?::text[]) order by id', [
    phoneHashes,
  ]);
  return rows.map(({ id }) => id);
}
