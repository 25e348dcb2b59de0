import { z } from 'zod';
import { spendOtherSignInLinks } from '../../db/sign-in-links';
import { endSession, listSessions, revokeOtherSessions, revokeSession } from '../../db/users';
import { isAtLeast, ROLES } from '../caller';
import { SESSION_COOKIE } from '../credentials';
import { presentSession, SessionView } from '../presenters/session';
import { publicRoute, route } from '../route';
import { SESSION_DAYS, signIn } from '../sign-in';
import { ById, id, instantOut } from '../wire';

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
  async ({ body, from: { ip, userAgent }, cookies, deps }) => {
    const { token, expiresAt, businessId, user } = await signIn(deps, { ...body, ip, userAgent, cookies });
    return { token, expiresAt, businessId, role: user.permissionLevel };
  },
);

const listMine = route(
  {
    method: 'get',
    path: '/sessions',
    tag,
    summary: 'Where I am logged in',
    description: 'The open sessions of the user who asks, the one used last first. None for an API key.',
    role: 'viewer',
    response: z.object({ sessions: z.array(SessionView) }),
  },
  async ({ tx, caller, deps }) => {
    if (caller.kind !== 'user') return { sessions: [] };
    const rows = await listSessions(tx, { userId: caller.id, tokenHash: caller.tokenHash, now: deps.clock.system() });
    return { sessions: rows.map(presentSession) };
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

const logOutOthers = route(
  {
    method: 'delete',
    path: '/sessions/others',
    tag,
    summary: 'Log out everywhere else',
    description: 'Also uses up the links to log in that were mailed and not used.',
    action: 'session.others_ended',
    role: 'viewer',
    status: 204,
  },
  async ({ tx, caller, deps }) => {
    if (caller.kind !== 'user') return;
    const [userId, now] = [caller.id, deps.clock.system()];
    await revokeOtherSessions(tx, { userId, tokenHash: caller.tokenHash, now });
    await spendOtherSignInLinks(tx, { userId, now });
  },
);

const endOne = route(
  {
    method: 'delete',
    path: '/sessions/:id',
    tag,
    summary: 'End a session',
    description: 'One of their own for everybody; any of the business for its owners and administrators.',
    action: 'session.ended',
    role: 'viewer',
    params: ById,
    status: 204,
  },
  async ({ tx, params, caller, deps }) => {
    const userId = isAtLeast(caller.role, 'admin') ? null : caller.id;
    const now = deps.clock.system();
    const holder = await revokeSession(tx, { id: params.id, userId, now });
    if (holder !== caller.id) await spendOtherSignInLinks(tx, { userId: holder, now });
  },
);

// 'current' and 'others' before the id, which they are not.
export const sessionRoutes = [logIn, listMine, logOut, logOutOthers, endOne];
