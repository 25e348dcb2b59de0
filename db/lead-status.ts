import type { Bucket } from '../domain/lead-status';
import type { Instant } from '../domain/time';
import { RowChanged } from './errors';
import type { Tx } from './tenancy';

export type LeadStatusRow = {
  contactId: string;
  bucket: Bucket;
  /** A person's own short word about it. */
  tag: string | null;
  nextActionAt: Instant | null;
  /** When the fact was, or a person said so: nothing older moves it. */
  bucketAt: Instant;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

/** How somebody stands; undefined: nothing is known yet. */
export async function findLeadStatus(tx: Tx, contactId: string, lock?: 'forUpdate'): Promise<LeadStatusRow | undefined> {
  const query = tx('leadStatus').where({ contactId });
  const [row] = await (lock ? query.forUpdate() : query).select<LeadStatusRow[]>('*');
  return row;
}

export type Moving = { contactIds: string[]; at: Instant };

/**
 * Moves people by a fact, in its own transaction. What a person said after that fact stands, whenever it arrives. `after` is the rule: where somebody stands
 * then, or null for no word about them.
 */
export async function moveBuckets(tx: Tx, { contactIds, at }: Moving, after: (current: Bucket | null) => Bucket | null): Promise<void> {
  for (const contactId of [...contactIds].sort()) {
    const [current] = await tx('leadStatus').where({ contactId }).forUpdate().select<Pick<LeadStatusRow, 'bucket'>[]>('bucket');
    const bucket = after(current?.bucket ?? null);
    if (bucket === null || bucket === current?.bucket) continue;
    await tx('leadStatus')
      .insert({ businessId: tx.raw('current_business()'), contactId, bucket, bucketAt: at, createdAt: at, updatedAt: at })
      .onConflict(['businessId', 'contactId'])
      .merge({ bucket, bucketAt: at, version: tx.raw('lead_status.version + 1'), updatedAt: at })
      .whereRaw('lead_status.bucket_at <= ?::timestamptz', [at]);
  }
}

export type SetStatus = {
  contactId: string;
  bucket: Bucket;
  tag: string | null | undefined;
  nextActionAt: Instant | null | undefined;
  /** Null: whichever. One that was never set is at version 0. */
  ifVersion: number | null;
  now: Instant;
};

/** What a person says of somebody. What is left out stays. Throws RowChanged. */
export async function setLeadStatus(tx: Tx, { contactId, bucket, tag, nextActionAt, ifVersion, now }: SetStatus): Promise<LeadStatusRow> {
  const before = await findLeadStatus(tx, contactId, 'forUpdate');
  if (ifVersion !== null && ifVersion !== (before?.version ?? 0)) throw new RowChanged('lead status');
  const fields = { bucket, bucketAt: now, ...(tag !== undefined && { tag }), ...(nextActionAt !== undefined && { nextActionAt }) };
  const rows = await tx('leadStatus')
    .insert({ businessId: tx.raw('current_business()'), contactId, ...fields, createdAt: now, updatedAt: now })
    .onConflict(['businessId', 'contactId'])
    .merge({ ...fields, version: tx.raw('lead_status.version + 1'), updatedAt: now })
    .returning<LeadStatusRow[]>('*');
  const [row] = rows;
  if (!row) throw new RowChanged('lead status');
  return row;
}

/** How many people stand where; what nobody stands in is left out. */
export async function countBuckets(tx: Tx): Promise<{ bucket: Bucket; count: number }[]> {
  return tx('leadStatus').groupBy('bucket').select<{ bucket: Bucket; count: number }[]>('bucket', tx.raw('count(*)::int as count'));
}

/** Of a person who is erased. */
export async function forgetLeadStatus(tx: Tx, contactId: string): Promise<void> {
  await tx('leadStatus').where({ contactId }).delete();
}
