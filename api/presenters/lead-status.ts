import { z } from 'zod';
import type { LeadStatusRow } from '../../db/lead-status';
import { BUCKETS, type Bucket } from '../../domain/lead-status';
import { instantOut } from '../wire';

export const LeadStatusView = z
  .object({
    bucket: z.enum(BUCKETS).nullable().meta({ description: 'null: nothing is known yet' }),
    tag: z.string().nullable(),
    next_action_at: instantOut.nullable(),
    version: z.int().meta({ description: '0: never set' }),
    updated_at: instantOut.nullable(),
  })
  .meta({ id: 'LeadStatus' });

export const presentLeadStatus = (row: LeadStatusRow | undefined) => ({
  bucket: row?.bucket ?? null,
  tag: row?.tag ?? null,
  nextActionAt: row?.nextActionAt ?? null,
  version: row?.version ?? 0,
  updatedAt: row?.updatedAt ?? null,
});

export const BucketCountView = z.object({ bucket: z.enum(BUCKETS), count: z.int() }).meta({ id: 'BucketCount' });

/** Every bucket in its order, the empty ones too. */
export const presentCounts = (counts: readonly { bucket: Bucket; count: number }[]) =>
  BUCKETS.map((bucket) => ({ bucket, count: counts.find((each) => each.bucket === bucket)?.count ?? 0 }));
