import { z } from 'zod';
import { newSecret, secretHash } from '../../db/hashing';
import { withBusiness } from '../../db/tenancy';
import { endSession, findLogin, findPasswordHash, findUser, insertSession } from '../../db/users';
import { DAY_MS, plusMs } from '../../domain/time';
import { ROLES } from '../caller';
import { SESSION_COOKIE, SESSION_PREFIX } from '../credentials';
import { isPassword } from '../passwords';
import { unauthorized } from '../problem';
import { publicRoute, route } from '../route';
import { id, instantOut } from '../wire';

const tag = 'Access';
const SESSION_DAYS = 14;

const logIn = publicRoute(
  {
    method: 'post',
    path: '/sessions',
    tag,
    summary: 'Log in with e-mail and password',
    description: `Answers a session for ${String(SESSION_DAYS)} days, also as a cookie. Ten attempts in ten minutes from one address.`,
    action: 'session.created',
    body: z.object({ email: z.string().max(254), password: z.string().max(200) }),
    status: 201,
    response: z.object({ token: z.string(), expires_at: instantOut, business_id: id, role: z.enum(ROLES) }).meta({ id: 'Session' }),
    problems: ['wrong_login', 'too_many'],
  },
  async ({ body, from, cookies, deps: { db, hash, clock, limits, settings } }) => {
    await limits.login(hash.login(from.ip)); // hashed: the table of attempts keeps no addresses
    const login = await findLogin(db, hash.login(body.email));
    const stored = login && (await withBusiness(db, login.businessId, (tx) => findPasswordHash(tx, login.id)));
    if (!(await isPassword(body.password, stored)) || !login) throw unauthorized('wrong_login');
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
    return { token, expiresAt, businessId: login.businessId, role: user.permissionLevel };
  },
);

const logOut = route(
  { method: 'delete', path: '/sessions/current', tag, summary: 'Log out', action: 'session.ended', role: 'viewer', status: 204 },
  async ({ tx, caller, cookies, deps }) => {
    if (caller.kind === 'user' && caller.tokenHash !== null)
      await endSession(tx, { tokenHash: caller.tokenHash, now: deps.clock.system() });
    cookies.set(SESSION_COOKIE, null, { httpOnly: true, sameSite: 'lax', overwrite: true });
  },
);

export const sessionRoutes = [logIn, logOut];
