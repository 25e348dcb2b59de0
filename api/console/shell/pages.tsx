import Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { findBusiness, type BusinessRow } from '../../../db/businesses';
import { withBusiness, type Tx } from '../../../db/tenancy';
import { findUser, type UserRow } from '../../../db/users';
import type { Locale } from '../../../domain/message';
import type { Instant } from '../../../domain/time';
import { isAtLeast, type Caller, type Role } from '../../caller';
import { authorize, identify } from '../../credentials';
import type { ApiDeps } from '../../deps';
import { localeOf, noteFailure, problemOf } from '../../middleware/problems';
import { requestIdOf } from '../../middleware/request-id';
import { forbidden, unauthorized, type Problem } from '../../problem';
import { PROBLEMS } from '../../problem-codes';
import { twiceIfDeadlocked } from '../../serve';
import { checkProof, formProof, ownPath, readFields } from './form';
import { refusalWords } from './refusals';
import { keepSaid, takeSaid, type Said } from './said';
import type { Frame } from './shell';
import { TroublePage } from './trouble-page';

/** Who looks at which business, and when: what every page and every form gets, inside one transaction of that business. */
export type Seen = {
  ctx: Context;
  deps: ApiDeps;
  tx: Tx;
  /** The business's time. */
  now: Instant;
  locale: Locale;
  business: BusinessRow;
  user: UserRow;
  caller: Caller;
  frame: Frame;
  /** Of the path. */
  params: Record<string, string>;
};

/** What comes of a request: a page, a piece of one for a script, or another address, perhaps with something to say there. */
export type Shown = { page: VNode; status?: number } | { piece: VNode; status?: number } | { to: string; said?: Said };

type PageOf = { role: Role; show: (seen: Seen) => Promise<Shown> };
type FormOf = {
  role: Role;
  /** Does it, by the API's own routes (acting.ts), and says where to go then. */
  act: (seen: Seen, fields: URLSearchParams) => Promise<Shown>;
  /** The form once more, with what was wrong beside its fields; without it the problem is told where the form came from. */
  again?: (seen: Seen, refused: { fields: URLSearchParams; problem: Problem }) => Promise<Shown>;
};
export type ConsolePages = { router: Router; page: (path: string, of: PageOf) => void; form: (path: string, of: FormOf) => void };

/** Where pages and forms of the console are declared. Each needs a log-in with at least its role; whatever goes wrong is a page too. */
export function consolePages(deps: ApiDeps): ConsolePages {
  const router = new Router();
  return {
    router,
    page: (path, of) => router.get(path, (ctx) => answer(ctx, deps, (entry) => entry.enter(of.role, of.show))),
    form: (path, of) => router.post(path, (ctx) => answer(ctx, deps, (entry) => submit(ctx, entry, of))),
  };
}

type Entry = { enter: <T>(role: Role, work: (seen: Seen) => Promise<T>) => Promise<T>; frame: Frame | null };

async function answer(ctx: Context, deps: ApiDeps, work: (entry: Entry) => Promise<Shown>): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'same-origin' });
  const entry: Entry = { frame: null, enter: (role, inside) => enterAs(ctx, deps, { role, inside, entry }) };
  try {
    send(ctx, deps, await work(entry));
  } catch (error) {
    if (PROBLEMS[problemOf(error).code].status === 401) send(ctx, deps, { to: signInPath(ctx) });
    else sendTrouble(ctx, deps, { frame: entry.frame, error });
  }
}

/** What went wrong, as a page. */
export function sendTrouble(ctx: Context, { log }: Pick<ApiDeps, 'log'>, { frame, error }: { frame: Frame | null; error: unknown }): void {
  const problem = problemOf(error);
  noteFailure(log, { requestId: requestIdOf(ctx), problem, error });
  if (problem.extra.retryAfterS !== undefined) ctx.set('Retry-After', String(problem.extra.retryAfterS));
  sendPage(ctx, {
    page: <TroublePage frame={frame} locale={localeOf(ctx)} problem={problem} />,
    status: PROBLEMS[problem.code].status,
  });
}

/** A page that was asked for is shown after the log-in. */
const signInPath = ({ method, url }: Context): string =>
  method === 'GET' && url !== '/' ? `/login?to=${encodeURIComponent(ownPath(url, '/'))}` : '/login';

type Entering<T> = { role: Role; inside: (seen: Seen) => Promise<T>; entry: Entry };

async function enterAs<T>(ctx: Context, deps: ApiDeps, { role, inside, entry }: Entering<T>): Promise<T> {
  const credential = await identify(ctx, deps);
  if (credential.kind !== 'user') throw unauthorized(); // pages are for people
  await deps.limits.request(`${credential.kind} ${credential.id}`);
  const { businessId, tokenHash } = credential;
  ctx.state['businessId'] = businessId;
  const now = await deps.clock.now(businessId);
  return twiceIfDeadlocked(() =>
    withBusiness(deps.db, businessId, async (tx) => {
      const anybody = { role: 'viewer' as const, operator: null };
      const caller = await authorize(tx, credential, { route: anybody, businessId, systemNow: deps.clock.system() });
      const [business, user, locale] = [await findBusiness(tx, businessId), await findUser(tx, caller.id), localeOf(ctx)];
      const about = {
        path: ctx.url,
        business: business.name,
        email: user.email,
        role: caller.role,
        proof: formProof(deps.hash, tokenHash),
      };
      const frame = { ...about, locale, said: isWholePage(ctx) ? takeSaid(ctx, deps.hash) : null };
      entry.frame = frame;
      if (!isAtLeast(caller.role, role)) throw forbidden('forbidden', { needs: role });
      const params = ctx['params'] as Record<string, string>;
      return inside({ ctx, deps, tx, now, locale, business, user, caller, frame, params });
    }),
  );
}

async function submit(ctx: Context, entry: Entry, { role, act, again }: FormOf): Promise<Shown> {
  const fields = await readFields(ctx);
  try {
    return await entry.enter(role, (seen) => {
      checkProof(fields, seen.frame.proof);
      return act(seen, fields);
    });
  } catch (error) {
    const problem = problemOf(error);
    const { status } = PROBLEMS[problem.code];
    if (status >= 500 || status === 401 || problem.code === 'cross_site') throw error;
    const said = { tone: 'trouble' as const, text: refusalWords(problem.code, localeOf(ctx)) };
    if (!again) return { to: ownPath(fields.get('back'), '/'), said };
    const shown = await entry.enter(role, (seen) => again(seen, { fields, problem }));
    return 'to' in shown ? { said, ...shown } : { status, ...shown };
  }
}

/** A piece for a script does not use up what the next page has to say. */
const isWholePage = (ctx: Context): boolean => ctx.method === 'GET' && ctx.get('HX-Request-Type') !== 'partial';

function send(ctx: Context, { hash }: ApiDeps, shown: Shown): void {
  if (!('to' in shown)) {
    sendPage(ctx, shown);
    return;
  }
  if (shown.said) keepSaid(ctx, hash, shown.said);
  ctx.redirect(shown.to);
  ctx.status = ctx.method === 'GET' ? 302 : 303; // after a form: a reload repeats nothing
}

/** A page, or a piece of one, as HTML that nobody keeps. */
export function sendPage(ctx: Context, shown: Exclude<Shown, { to: string }>): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = shown.status ?? 200;
  ctx.type = 'html';
  ctx.body = 'page' in shown ? `<!doctype html>${renderToString(shown.page)}` : renderToString(shown.piece);
}
