import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { findKeyHolder, useKey } from '../db/api-keys';
import { secretHash } from '../db/hashing';
import { findSessionHolder, useSession } from '../db/users';
import type { Tx } from '../db/tenancy';
import { isAtLeast, type Caller } from './caller';
import type { ApiDeps } from './deps';
import { forbidden, notFound, unauthorized } from './problem';
import type { BusinessRoute } from './route';

export const SESSION_COOKIE = 'usher_session';
export const SESSION_PREFIX = 'usher_session_';
export const KEY_PREFIX = 'usher_key_';

/** Who a request claims to be, found by one look-up. What the caller may do is read later, in the request's own transaction. */
export type Credential =
  { kind: 'api_key' | 'user'; businessId: string; id: string; tokenHash: string } | { kind: 'operator'; id: 'operator' };

/** Throws 401 without a valid key or session, 403 for a write that another site made the browser send. */
export async function identify(ctx: Context, { db, settings }: Pick<ApiDeps, 'db' | 'settings'>): Promise<Credential> {
  const [, bearer] = /^Bearer ([\x21-\x7e]{8,200})$/i.exec(ctx.get('Authorization')) ?? [];
  const cookie = bearer === undefined ? ctx.cookies.get(SESSION_COOKIE) : undefined;
  const token = bearer ?? cookie;
  if (token === undefined) throw unauthorized();
  if (cookie !== undefined) refuseOtherSites(ctx, settings.publicUrl);
  if (settings.operatorApiKey !== null && equal(token, settings.operatorApiKey)) return { kind: 'operator', id: 'operator' };

  const tokenHash = secretHash(token);
  const session = token.startsWith(SESSION_PREFIX);
  const holder = session ? await findSessionHolder(db, tokenHash) : await findKeyHolder(db, tokenHash);
  if (!holder) throw unauthorized();
  return { kind: session ? 'user' : 'api_key', tokenHash, ...holder };
}

const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A cookie comes along whoever makes the browser send: such a write must come from our own pages. Throws 403 `cross_site`. */
export function refuseOtherSites(ctx: Context, publicUrl: string): void {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return;
  const site = ctx.get('Sec-Fetch-Site');
  const own = site === '' ? ctx.get('Origin') === new URL(publicUrl).origin : site === 'same-origin';
  if (!own) throw forbidden('cross_site');
}

/** The caller with the role held at this moment. Throws 401 for a key or session that ended, 403 for a role too low (404 where the route is hidden). */
export async function authorize(
  tx: Tx,
  credential: Credential,
  asked: { route: Pick<BusinessRoute, 'role' | 'operator'>; businessId: string; systemNow: string },
): Promise<Caller> {
  const { route, businessId, systemNow } = asked;
  if (credential.kind === 'operator') {
    if (!route.operator) throw forbidden();
    return { kind: 'operator', id: 'operator', businessId, role: 'owner', tokenHash: null };
  }
  const { kind, id, tokenHash } = credential;
  const role = kind === 'api_key' ? await useKey(tx, id, systemNow) : await useSession(tx, tokenHash, systemNow);
  if (role === null) throw unauthorized();
  if (route.operator?.hidden) throw notFound();
  if (route.operator?.only || !isAtLeast(role, route.role)) throw forbidden('forbidden', { needs: route.role });
  return { kind, id, businessId, role, tokenHash };
}
