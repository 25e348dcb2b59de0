import { z } from 'zod';
import type { ServiceLinks, ServiceRow } from '../../db/services';
import { id, instantOut } from '../wire';

export const ServiceView = z
  .object({
    id,
    name: z.string(),
    duration_min: z.int(),
    buffer_before_min: z.int(),
    buffer_after_min: z.int(),
    price_cents: z.int(),
    staff_ids: z.array(id),
    resource_ids: z.array(id),
    active: z.boolean(),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Service' });

export const presentService = (row: ServiceRow, { staffIds, resourceIds }: ServiceLinks = { staffIds: [], resourceIds: [] }) => ({
  id: row.id,
  name: row.name,
  durationMin: row.durationMin,
  bufferBeforeMin: row.bufferBeforeMin,
  bufferAfterMin: row.bufferAfterMin,
  priceCents: row.priceCents,
  staffIds,
  resourceIds,
  active: row.active,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
