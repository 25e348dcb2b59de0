import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { findBusiness, type BusinessRow } from '../../../db/businesses';
import { findDeskDay, findDeskVisit } from '../../../db/day-schedules';
import { listAppointmentMessages } from '../../../db/messages';
import { findStaffNames } from '../../../db/staff';
import type { Tx } from '../../../db/tenancy';
import { withBusiness } from '../../../db/tenancy';
import { endSession, useSession } from '../../../db/users';
import type { Locale } from '../../../domain/message';
import { localDate, plusDays, ruleInstant, type Instant } from '../../../domain/time';
import { identify, SESSION_COOKIE } from '../../credentials';
import type { ApiDeps } from '../../deps';
import { readRaw } from '../../payload';
import { presentMessage } from '../../presenters/message';
import { notFound, Problem } from '../../problem';
import { signIn } from '../../sign-in';
import { STYLESHEET } from '../visit/link-page';
import { DayPage, SignInPage, VisitTimelinePage } from './pages';
import { deskWords } from './words';

const CSS = readFileSync(join(__dirname, '..', 'assets', 'desk.css'), 'utf8');
const CSS_VERSION = createHash('sha256').update(CSS).digest('base64url').slice(0, 10);
const STYLESHEETS = [STYLESHEET, `/assets/desk.css?v=${CSS_VERSION}`];
const FORM_BYTES = 4_000;

/** The front desk: log in, the day's visits, one visit with its messages. The rest of the console comes with later capabilities. */
export function deskRouter(deps: ApiDeps): Router {
  const router = new Router();
  router.get('/assets/desk.css', (ctx) => {
    ctx.type = 'css';
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.body = CSS;
  });
  router.get('/login', (ctx) => showSignIn(ctx, 200, { email: '', trouble: null }));
  router.post('/login', (ctx) => logIn(ctx, deps));
  router.post('/logout', (ctx) => logOut(ctx, deps));
  router.get('/', (ctx) => forPeople(ctx, deps, showDay));
  router.get('/visits/:id', (ctx) => forPeople(ctx, deps, showVisit));
  return router;
}

type Seen = { tx: Tx; now: Instant; locale: Locale; business: BusinessRow; development: boolean };

/** A page for somebody who is logged in; anybody else is sent to the log-in. */
async function forPeople(ctx: Context, deps: ApiDeps, page: (ctx: Context, seen: Seen) => Promise<void>): Promise<void> {
  const credential = await identify(ctx, deps).catch(signedOut);
  if (!credential || credential.kind !== 'user') {
    ctx.redirect('/login');
    return;
  }
  const { businessId, tokenHash } = credential;
  const now = await deps.clock.now(businessId);
  await withBusiness(deps.db, businessId, async (tx) => {
    if ((await useSession(tx, tokenHash, deps.clock.system())) === null) {
      ctx.redirect('/login');
      return;
    }
    const business = await findBusiness(tx, businessId);
    return page(ctx, { tx, now, locale: localeOf(ctx), business, development: !deps.settings.production });
  });
}

function signedOut(error: unknown): null {
  if (error instanceof Problem) return null;
  throw error;
}

async function showDay(ctx: Context, { tx, now, locale, business: { name: business, zone }, development }: Seen): Promise<void> {
  const today = localDate(now, zone);
  const asked = String(ctx.query['date'] ?? '');
  const date = /^\d{4}-\d{2}-\d{2}$/.test(asked) && plusDays(asked, 0) === asked ? asked : today;
  const span = { from: ruleInstant({ date, time: '00:00' }, zone), to: ruleInstant({ date: plusDays(date, 1), time: '00:00' }, zone) };
  const shown = { locale, stylesheets: STYLESHEETS, business, development, date, today };
  send(ctx, 200, <DayPage {...shown} visits={await findDeskDay(tx, span)} />);
}

async function showVisit(ctx: Context, { tx, now, locale, business }: Seen): Promise<void> {
  const id = String((ctx.params as { id?: string }).id);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw notFound('appointment');
  const visit = await findDeskVisit(tx, id);
  const rows = await listAppointmentMessages(tx, id);
  const messages = rows.map((row) => presentMessage(row, { now, locale, zone: visit.zone }));
  const staff = await findStaffNames(
    tx,
    rows.flatMap(({ staffId }) => staffId ?? []),
  );
  const shown = { locale, stylesheets: STYLESHEETS, business: business.name, visit, messages, staff };
  send(ctx, 200, <VisitTimelinePage {...shown} />);
}

async function logIn(ctx: Context, deps: ApiDeps): Promise<void> {
  const form = new URLSearchParams((await readRaw(ctx, FORM_BYTES)).toString('utf8'));
  const [email, password] = [form.get('email') ?? '', form.get('password') ?? ''];
  try {
    await signIn(deps, { email, password, ip: ctx.ip, cookies: ctx.cookies });
    ctx.redirect('/');
    ctx.status = 303;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const words = deskWords(localeOf(ctx));
    const limited = error.code === 'too_many';
    showSignIn(ctx, limited ? 429 : 401, { email, trouble: limited ? words.tooMany : words.wrong });
  }
}

async function logOut(ctx: Context, deps: ApiDeps): Promise<void> {
  const credential = await identify(ctx, deps).catch(signedOut);
  if (credential?.kind === 'user')
    await withBusiness(deps.db, credential.businessId, (tx) =>
      endSession(tx, { tokenHash: credential.tokenHash, now: deps.clock.system() }),
    );
  ctx.cookies.set(SESSION_COOKIE, null, { httpOnly: true, sameSite: 'lax', overwrite: true });
  ctx.redirect('/login');
  ctx.status = 303;
}

function showSignIn(ctx: Context, status: number, form: { email: string; trouble: string | null }): void {
  send(ctx, status, <SignInPage locale={localeOf(ctx)} stylesheets={STYLESHEETS} {...form} />);
}

const localeOf = (ctx: Context): Locale => (ctx.acceptsLanguages('en', 'es') === 'es' ? 'es' : 'en');

function send(ctx: Context, status: number, page: VNode): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = `<!doctype html>${renderToString(page)}`;
}
