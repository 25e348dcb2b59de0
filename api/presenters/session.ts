import { z } from 'zod';
import type { SessionRow } from '../../db/users';
import { id, instantOut } from '../wire';

export const SessionView = z
  .object({
    id,
    current: z.boolean().meta({ description: 'the one that asks' }),
    device: z.string().nullable().meta({ description: 'the browser as it names itself, in a few words', example: 'Chrome, Android' }),
    created_at: instantOut,
    last_used_at: instantOut.nullable().meta({ description: 'to five minutes' }),
    expires_at: instantOut,
  })
  .meta({ id: 'OpenSession' });

/** A session as its user sees it. */
export const presentSession = ({ id: sessionId, current, device, createdAt, lastUsedAt, expiresAt }: SessionRow) => ({
  id: sessionId,
  current,
  device,
  createdAt,
  lastUsedAt,
  expiresAt,
});
