import type { Instant } from '../domain/time';
import type { PermissionLevel } from './api-keys';
import { one } from './errors';
import type { Db, Tx } from './tenancy';

export type UserRow = { id: string; email: string; permissionLevel: PermissionLevel; createdAt: Instant };
const COLUMNS = ['id', 'email', 'permissionLevel', 'createdAt'];

export type NewUser = {
  id: string;
  email: string;
  emailHash: string;
  passwordHash: string;
  permissionLevel: PermissionLevel;
  now: Instant;
};

/** Throws a duplicate (23505) when the address logs in somewhere already, in whatever business. */
export async function insertUser(tx: Tx, { now, ...row }: NewUser): Promise<UserRow> {
  const rows = await tx('users')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now })
    .returning<UserRow[]>(COLUMNS);
  return one('user', rows);
}

/** Throws RowMissing. */
export async function findUser(tx: Tx, id: string): Promise<UserRow> {
  return one('user', await tx('users').where({ id }).select<UserRow[]>(COLUMNS));
}

/** Where somebody logs in, before any business is known. */
export async function findLogin({ pool }: Db, emailHash: string): Promise<{ businessId: string; id: string } | undefined> {
  const { rows } = await pool.raw<{ rows: { businessId: string; id: string }[] }>('select business_id, id from business_of_email(?)', [
    emailHash,
  ]);
  return rows[0];
}

export async function findPasswordHash(tx: Tx, id: string): Promise<string | undefined> {
  const [row] = await tx('users').where({ id }).select<{ passwordHash: string }[]>('passwordHash');
  return row?.passwordHash;
}

export async function insertSession(
  tx: Tx,
  { now, ...row }: { userId: string; tokenHash: string; device: string | null; now: Instant; expiresAt: Instant },
): Promise<void> {
  await tx('sessions').insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, lastUsedAt: now });
}

/** Whose session this is, before any business is known; undefined for an unknown or ended one. */
export async function findSessionHolder({ pool }: Db, tokenHash: string): Promise<{ businessId: string; id: string } | undefined> {
  const { rows } = await pool.raw<{ rows: { businessId: string; id: string }[] }>(
    'select business_id, user_id as id from business_of_session(?)',
    [tokenHash],
  );
  return rows[0];
}

/**
 * The role of a session's user, or null if it has expired or was ended. Notes that it was used, every five minutes at most: a look at a page should not be
 * a write.
 */
export async function useSession(tx: Tx, tokenHash: string, systemNow: Instant): Promise<PermissionLevel | null> {
  const { rows } = await tx.raw<{ rows: { permissionLevel: PermissionLevel }[] }>(
    `with open as (
       select u.permission_level, coalesce(s.last_used_at, s.created_at) < :now::timestamptz - interval '5 minutes' as stale
       from sessions s join users u on u.business_id = s.business_id and u.id = s.user_id
       where s.token_hash = :tokenHash and s.revoked_at is null and s.expires_at > :now),
     used as (update sessions set last_used_at = :now where token_hash = :tokenHash and exists (select 1 from open where stale))
     select permission_level from open`,
    { tokenHash, now: systemNow },
  );
  return rows[0]?.permissionLevel ?? null;
}

export async function endSession(tx: Tx, { tokenHash, now }: { tokenHash: string; now: Instant }): Promise<void> {
  await tx('sessions').where({ tokenHash }).whereNull('revokedAt').update({ revokedAt: now });
}

export type SessionRow = {
  id: string;
  device: string | null;
  createdAt: Instant;
  lastUsedAt: Instant | null;
  expiresAt: Instant;
  current: boolean;
};

/** Somebody's open sessions, the one used last first. `tokenHash`: of the session that asks. */
export async function listSessions(tx: Tx, of: { userId: string; tokenHash: string | null; now: Instant }): Promise<SessionRow[]> {
  return tx('sessions')
    .where({ userId: of.userId })
    .whereNull('revokedAt')
    .where('expiresAt', '>', of.now)
    .orderByRaw('coalesce(last_used_at, created_at) desc, id')
    .select<SessionRow[]>(
      'id',
      'device',
      'createdAt',
      'lastUsedAt',
      'expiresAt',
      tx.raw('coalesce(token_hash = ?, false) as current', [of.tokenHash]),
    );
}

/** Ends a session of one user, or of anybody (null), and answers whose it was. Throws RowMissing for one that is not theirs, or has ended. */
export async function revokeSession(tx: Tx, { id, userId, now }: { id: string; userId: string | null; now: Instant }): Promise<string> {
  const open = tx('sessions').where({ id }).whereNull('revokedAt');
  const ended = (userId === null ? open : open.where({ userId })).update({ revokedAt: now });
  return one('session', await ended.returning<{ userId: string }[]>('userId')).userId;
}

/** Ends all of somebody's sessions but the one that asks, and answers how many. */
export async function revokeOtherSessions(tx: Tx, of: { userId: string; tokenHash: string | null; now: Instant }): Promise<number> {
  return tx('sessions')
    .where({ userId: of.userId })
    .whereRaw('token_hash is distinct from ?', [of.tokenHash])
    .whereNull('revokedAt')
    .update({ revokedAt: of.now });
}
