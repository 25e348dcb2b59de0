import { z } from 'zod';
import type { ApiKeyRow } from '../../db/api-keys';
import { id, instantOut } from '../wire';

export const ApiKeyView = z
  .object({
    id,
    name: z.string(),
    permission_level: z.enum(['viewer', 'staff', 'admin', 'owner']),
    created_at: instantOut,
    last_used_at: instantOut.nullable().meta({ description: 'to the hour' }),
    revoked_at: instantOut.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const presentApiKey = ({ id, name, permissionLevel, createdAt, lastUsedAt, revokedAt }: ApiKeyRow) => ({
  id,
  name,
  permissionLevel,
  createdAt,
  lastUsedAt,
  revokedAt,
});
