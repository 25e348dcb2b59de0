import { z } from 'zod';
import type { ResourceRow } from '../../db/resources';
import { id, instantOut } from '../wire';

export const ResourceView = z
  .object({
    id,
    location_id: id,
    name: z.string(),
    kind: z.string().nullable().meta({ description: 'resources of one kind stand in for each other' }),
    active: z.boolean(),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Resource' });

export const presentResource = ({ id, locationId, name, kind, active, version, createdAt, updatedAt }: ResourceRow) => ({
  id,
  locationId,
  name,
  kind,
  active,
  version,
  createdAt,
  updatedAt,
});
