import type { Context } from 'koa';
import { newSecret, secretHash } from '../db/hashing';
import { withBusiness, type Tx } from '../db/tenancy';
import { findLogin, findPasswordHash, findUser, insertSession, type UserRow } from '../db/users';
import { deviceOf } from '../domain/device';
import { DAY_MS, plusMs, type Instant } from '../domain/time';
import { SESSION_COOKIE, SESSION_PREFIX } from './credentials';
import type { ApiDeps } from './deps';
import { isPassword } from './passwords';
import { unauthorized } from './problem';

export const SESSION_DAYS = 14;

/** By what somebody comes in: its address, what it says of itself, and where the cookie goes. */
export type Browser = { ip: string; userAgent: string | null; cookies: Context['cookies'] };
type SignIn = Browser & { email: string; password: string };
type SignedIn = { token: string; expiresAt: Instant; businessId: string; user: UserRow };

/** Opens a session, also as a cookie. Throws 401 `wrong_login`, 429 after ten attempts in ten minutes from one address. */
export async function signIn(deps: ApiDeps, { email, password, ...browser }: SignIn): Promise<SignedIn> {
  const { db, hash, limits } = deps;
  await limits.login(hash.login(browser.ip)); // hashed: the table of attempts keeps no addresses
  const login = await findLogin(db, hash.login(email));
  const stored = login && (await withBusiness(db, login.businessId, (tx) => findPasswordHash(tx, login.id)));
  if (!(await isPassword(password, stored)) || !login) throw unauthorized('wrong_login');
  const opened = await withBusiness(db, login.businessId, (tx) =>
    openSession(tx, deps, { userId: login.id, userAgent: browser.userAgent }),
  );
  setSessionCookie(deps, browser, opened.token);
  return { ...opened, businessId: login.businessId };
}

type Opening = { userId: string; userAgent: string | null };

/** A new session of a user, who has shown who they are. Its secret is in the answer and nowhere else. */
export async function openSession(
  tx: Tx,
  { clock }: Pick<ApiDeps, 'clock'>,
  { userId, userAgent }: Opening,
): Promise<Omit<SignedIn, 'businessId'>> {
  const now = clock.system();
  const expiresAt = plusMs(now, SESSION_DAYS * DAY_MS);
  const token = newSecret(SESSION_PREFIX);
  await insertSession(tx, { userId, tokenHash: secretHash(token), device: deviceOf(userAgent), now, expiresAt });
  return { token, expiresAt, user: await findUser(tx, userId) };
}

/** After the session is committed. */
export function setSessionCookie({ settings }: Pick<ApiDeps, 'settings'>, { cookies }: Pick<Browser, 'cookies'>, token: string): void {
  const secure = settings.publicUrl.startsWith('https:');
  cookies.secure = secure; // TLS ends at a proxy: the connection we see is plain
  cookies.set(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'lax', secure, maxAge: SESSION_DAYS * DAY_MS, overwrite: true });
}
