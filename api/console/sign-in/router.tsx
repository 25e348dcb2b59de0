import type { Context } from 'koa';
import { listSessions } from '../../../db/users';
import type { ApiDeps } from '../../deps';
import { LANGUAGE_COOKIE, localeOf } from '../../middleware/problems';
import { Problem } from '../../problem';
import { originOf } from '../../serve';
import { signIn } from '../../sign-in';
import { askForLink, lookAtLink, signInByLink } from '../../sign-in-link';
import { ask, routeOf } from '../shell/acting';
import { ownPath, readFields, refuseStrangers } from '../shell/form';
import { sendPage, sendTrouble, type ConsolePages, type Seen, type Shown } from '../shell/pages';
import { LinkPage, LinkSentPage, SignInPage, type SignInProps } from './page';
import { SessionsPage } from './sessions-page';
import { signInWords } from './words';

const FORM_BYTES = 4_000;
const YEAR_MS = 365 * 86_400_000;
const END_THIS = routeOf('delete', '/sessions/current');
const END_ONE = routeOf('delete', '/sessions/:id');
const END_OTHERS = routeOf('delete', '/sessions/others');

/** In, out, where else, and in which language. */
export function signInPages({ router, page, form }: ConsolePages, deps: ApiDeps): void {
  const door = (work: (ctx: Context, deps: ApiDeps) => Promise<void> | void) => async (ctx: Context) => {
    try {
      await work(ctx, deps);
    } catch (error) {
      sendTrouble(ctx, deps, { frame: null, error });
    }
  };
  router.get('/login', door(showLogIn));
  router.post('/login', door(logIn));
  router.get('/login/sent', door(showSent));
  router.post('/login/link', door(sendLink));
  router.get('/login/link/:token', door(openLink));
  router.post('/login/link/:token', door(useLink));
  router.post('/language', door(chooseLanguage));
  page('/sessions', { role: 'viewer', show: showSessions });
  form('/sessions/others/end', { role: 'viewer', act: (seen) => end(seen, { route: END_OTHERS, params: {}, said: 'othersEnded' }) });
  form('/sessions/:id/end', { role: 'viewer', act: (seen) => end(seen, { route: END_ONE, params: seen.params, said: 'ended' }) });
  form('/logout', {
    role: 'viewer',
    act: async (seen) => {
      await ask(seen, END_THIS, {});
      return { to: '/login' };
    },
  });
}

const showLogIn = (ctx: Context, deps: ApiDeps): void =>
  show(ctx, deps, { status: 200, email: '', to: ownPath(String(ctx.query['to'] ?? ''), '/'), trouble: null });

async function logIn(ctx: Context, deps: ApiDeps): Promise<void> {
  const fields = await readFields(ctx, FORM_BYTES);
  refuseStrangers(ctx);
  const [email, password, to] = [fields.get('email') ?? '', fields.get('password') ?? '', ownPath(fields.get('to'), '/')];
  try {
    await signIn(deps, { email, password, ...originOf(ctx), cookies: ctx.cookies });
    seeOther(ctx, to);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const words = signInWords(localeOf(ctx));
    const limited = error.code === 'too_many';
    show(ctx, deps, { status: limited ? 429 : 401, email, to, trouble: { of: 'password', text: limited ? words.tooMany : words.wrong } });
  }
}

async function sendLink(ctx: Context, deps: ApiDeps): Promise<void> {
  const fields = await readFields(ctx, FORM_BYTES);
  refuseStrangers(ctx);
  const [email, locale] = [(fields.get('email') ?? '').trim().slice(0, 254), localeOf(ctx)];
  try {
    await askForLink(deps, { email, ip: ctx.ip, locale });
    seeOther(ctx, '/login/sent');
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'too_many') throw error;
    show(ctx, deps, { status: 429, email, to: '/', trouble: { of: 'link', text: signInWords(locale).tooMany } });
  }
}

/** A page of its own: a reload mails nothing. It does not name the address, which has no place in ours. */
const showSent = (ctx: Context): void => sendPage(ctx, { page: <LinkSentPage locale={localeOf(ctx)} /> });

/** Opening is free: programs that look at mail open what is in it. */
async function openLink(ctx: Context, deps: ApiDeps): Promise<void> {
  const token = tokenOf(ctx);
  await deps.limits.link({ token, ip: ctx.ip });
  const found = await lookAtLink(deps, token);
  ctx.set({ 'X-Robots-Tag': 'noindex, nofollow' });
  sendPage(ctx, { status: found ? 200 : 410, page: <LinkPage locale={localeOf(ctx)} token={token} email={found?.email ?? null} /> });
}

async function useLink(ctx: Context, deps: ApiDeps): Promise<void> {
  refuseStrangers(ctx);
  const token = tokenOf(ctx);
  try {
    await signInByLink(deps, { token, ...originOf(ctx), cookies: ctx.cookies });
    seeOther(ctx, '/');
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'sign_in_link_gone') throw error;
    sendPage(ctx, { status: 410, page: <LinkPage locale={localeOf(ctx)} token={token} email={null} /> });
  }
}

const tokenOf = (ctx: Context): string => String((ctx['params'] as { token?: string }).token);

async function showSessions({ tx, deps, caller, frame, business }: Seen): Promise<Shown> {
  const sessions = await listSessions(tx, { userId: caller.id, tokenHash: caller.tokenHash, now: deps.clock.system() });
  return { page: <SessionsPage frame={frame} sessions={sessions} zone={business.zone} /> };
}

type Ending = { route: typeof END_ONE; params: Record<string, string>; said: 'ended' | 'othersEnded' };

async function end(seen: Seen, { route, params, said }: Ending): Promise<Shown> {
  await ask(seen, route, { params });
  return { to: '/sessions', said: { tone: 'done', text: signInWords(seen.locale)[said] } };
}

/** Kept by the browser for a year; it harms nobody who sets it. */
async function chooseLanguage(ctx: Context): Promise<void> {
  const fields = await readFields(ctx, FORM_BYTES);
  const locale = fields.get('locale') === 'es' ? 'es' : 'en';
  ctx.cookies.set(LANGUAGE_COOKIE, locale, { httpOnly: true, sameSite: 'lax', maxAge: YEAR_MS, overwrite: true });
  seeOther(ctx, ownPath(fields.get('back'), '/'));
}

/** After a form: a reload repeats nothing. */
function seeOther(ctx: Context, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
}

type Shows = Omit<SignInProps, 'locale' | 'development'> & { status: number };

function show(ctx: Context, { settings }: Pick<ApiDeps, 'settings'>, { status, ...props }: Shows): void {
  sendPage(ctx, { status, page: <SignInPage locale={localeOf(ctx)} {...props} development={!settings.production} /> });
}
