import { z } from 'zod';
import { endSession } from '../../db/users';
import { ROLES } from '../caller';
import { SESSION_COOKIE } from '../credentials';
import { publicRoute, route } from '../route';
import { SESSION_DAYS, signIn } from '../sign-in';
import { id, instantOut } from '../wire';

const tag = 'Access';

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
  async ({ body, from, cookies, deps }) => {
    const { token, expiresAt, businessId, user } = await signIn(deps, { ...body, ip: from.ip, cookies });
    return { token, expiresAt, businessId, role: user.permissionLevel };
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
