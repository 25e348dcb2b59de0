import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Db, Tx } from './tenancy';

export type PermissionLevel = 'owner' | 'admin' | 'staff' | 'viewer';
export type ApiKeyRow = {
  id: string;
  name: string;
  permissionLevel: PermissionLevel;
  createdAt: Instant;
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
};
const COLUMNS = ['id', 'name', 'permissionLevel', 'createdAt', 'lastUsedAt', 'revokedAt'];

/** Whose key this is, before any business is known; undefined for an unknown or revoked one. One statement without a transaction: one trip. */
export async function findKeyHolder({ pool }: Db, keyHash: string): Promise<{ businessId: string; id: string } | undefined> {
  const { rows } = await pool.raw<{ rows: { businessId: string; id: string }[] }>('select business_id, id from business_of_api_key(?)', [
    keyHash,
  ]);
  return rows[0];
}

/** The role of a key, or null if it was revoked. Notes its use, at most once an hour so that reads stay reads. */
export async function useKey(tx: Tx, id: string, systemNow: Instant): Promise<PermissionLevel | null> {
  const { rows } = await tx.raw<{ rows: { permissionLevel: PermissionLevel }[] }>(
    `with used as (update api_keys set last_used_at = :systemNow
       where id = :id and (last_used_at is null or last_used_at < :systemNow::timestamptz - interval '1 hour'))
     select permission_level from api_keys where id = :id and revoked_at is null`,
    { id, systemNow },
  );
  return rows[0]?.permissionLevel ?? null;
}

export async function insertApiKey(
  tx: Tx,
  row: { id: string; name: string; keyHash: string; permissionLevel: PermissionLevel; now: Instant },
): Promise<ApiKeyRow> {
  const { now, ...fields } = row;
  return one(
    'api key',
    await tx('apiKeys')
      .insert({ businessId: tx.raw('current_business()'), ...fields, createdAt: now })
      .returning<ApiKeyRow[]>(COLUMNS),
  );
}

/** Newest first, revoked ones included. */
export async function listApiKeys(tx: Tx, { before, limit }: { before?: string; limit: number }): Promise<ApiKeyRow[]> {
  const query = tx('apiKeys').orderBy('id', 'desc').limit(limit);
  if (before !== undefined) void query.where('id', '<', before);
  return query.select<ApiKeyRow[]>(COLUMNS);
}

/** Ends a key at once, for all processes. A second time changes nothing. Throws RowMissing. */
export async function revokeApiKey(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<ApiKeyRow> {
  return one(
    'api key',
    await tx('apiKeys')
      .where({ id })
      .update({ revokedAt: tx.raw('coalesce(revoked_at, ?::timestamptz)', [now]) })
      .returning<ApiKeyRow[]>(COLUMNS),
  );
}
