import { z } from 'zod';
import type { DncRow } from '../../db/dnc-numbers';
import { id, instantOut } from '../wire';

export const DncNumberView = z
  .object({
    id,
    phone: z.string().nullable().meta({ description: 'null: the person was erased; the number is still not called' }),
    reason: z.string(),
    source: z.enum(['manual', 'csv_import']),
    created_by: z.string(),
    created_at: instantOut,
  })
  .meta({ id: 'DncNumber' });

export const presentDncNumber = ({ numberE164, ...row }: DncRow) => ({
  id: row.id,
  phone: numberE164,
  reason: row.reason,
  source: row.source,
  createdBy: row.createdBy,
  createdAt: row.createdAt,
});
