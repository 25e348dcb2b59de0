import type { Context } from 'koa';
import { newSecret, secretHash } from '../db/hashing';
import { withBusiness } from '../db/tenancy';
import { findLogin, findPasswordHash, findUser, insertSession, type UserRow } from '../db/users';
import { DAY_MS, plusMs, type Instant } from '../domain/time';
import { SESSION_COOKIE, SESSION_PREFIX } from './credentials';
import type { ApiDeps } from './deps';
import { isPassword } from './passwords';
import { unauthorized } from './problem';

export const SESSION_DAYS = 14;

type SignIn = { email: string; password: string; ip: string; cookies: Context['cookies'] };
type SignedIn = { token: string; expiresAt: Instant; businessId: string; user: UserRow };

/** Opens a session, also as a cookie. Throws 401 `wrong_login`, 429 after ten attempts in ten minutes from one address. */
export async function signIn({ db, hash, clock, limits, settings }: ApiDeps, { email, password, ip, cookies }: SignIn): Promise<SignedIn> {
  await limits.login(hash.login(ip)); // hashed: the table of attempts keeps no addresses
  const login = await findLogin(db, hash.login(email));
  const stored = login && (await withBusiness(db, login.businessId, (tx) => findPasswordHash(tx, login.id)));
  if (!(await isPassword(password, stored)) || !login) throw unauthorized('wrong_login');
  const now = clock.system();
  const expiresAt = plusMs(now, SESSION_DAYS * DAY_MS);
  const token = newSecret(SESSION_PREFIX);
  const user = await withBusiness(db, login.businessId, async (tx) => {
    await insertSession(tx, { userId: login.id, tokenHash: secretHash(token), now, expiresAt });
    return findUser(tx, login.id);
  });
  const secure = settings.publicUrl.startsWith('https:');
  cookies.secure = secure; // TLS ends at a proxy: the connection we see is plain
  cookies.set(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'lax', secure, maxAge: SESSION_DAYS * DAY_MS, overwrite: true });
  return { token, expiresAt, businessId: login.businessId, user };
}
