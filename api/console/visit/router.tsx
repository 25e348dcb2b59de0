import Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { isUnavailable, RowMissing } from '../../../db/errors';
import { withBusiness } from '../../../db/tenancy';
import type { ApiDeps } from '../../deps';
import { requestIdOf } from '../../middleware/request-id';
import { Problem } from '../../problem';
import { cancelVisit, confirmVisit, moveVisit } from './actions';
import { CancelPage } from './cancel-page';
import { ClosedPage } from './closed-page';
import { formFacts, readForm } from './form';
import { askedOf, LinkClosed, openVisit, type Opened } from './opened';
import { canChange } from './state';
import { CSS, CSS_PATH, STYLESHEET } from './stylesheet';
import { choiceOf, findWeek, LAST_WEEK, weekOf } from './times';
import { TimesPage } from './times-page';
import { saidOf, VisitPage } from './visit-page';
import type { Closed, Said } from './wording';

/**
 * A visit's own page, by the link in its messages: see it, confirm, cancel, pick another time. Needs no log-in and no JavaScript. Opening changes nothing;
 * what changes something is a form sent by POST.
 */
export function visitPageRouter(deps: ApiDeps): Router {
  const router = new Router();
  const page = (work: (ctx: Context) => Promise<void>) => (ctx: Context) => asPage(ctx, deps, work);

  router.get(CSS_PATH, (ctx) => {
    ctx.type = 'css';
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.body = CSS;
  });
  router.get(
    '/v/:token',
    page(async (ctx) => showVisit(ctx, deps)),
  );
  router.get(
    '/v/:token/cancel',
    page(async (ctx) => showCancel(ctx, deps)),
  );
  router.get(
    '/v/:token/times',
    page(async (ctx) => showTimes(ctx, deps)),
  );
  router.post(
    '/v/:token/confirm',
    page(async (ctx) => confirm(ctx, deps)),
  );
  router.post(
    '/v/:token/cancel',
    page(async (ctx) => cancel(ctx, deps)),
  );
  router.post(
    '/v/:token/times',
    page(async (ctx) => move(ctx, deps)),
  );
  return router;
}

async function showVisit(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  const said = saidOf(String(ctx.query['said'] ?? ''), opened.state);
  send(ctx, 200, <VisitPage opened={opened} form={formFacts(opened, deps.hash)} said={said} stylesheet={STYLESHEET} />);
}

async function showCancel(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  if (canChange(opened.state)) send(ctx, 200, <CancelPage opened={opened} form={formFacts(opened, deps.hash)} stylesheet={STYLESHEET} />);
  else seeVisit(ctx, opened, 'stands');
}

async function showTimes(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  const asked = /^\d$/.test(String(ctx.query['week'])) ? Number(ctx.query['week']) : 0;
  if (canChange(opened.state)) await sendTimes(ctx, deps, { opened, number: Math.min(asked, LAST_WEEK), taken: false });
  else seeVisit(ctx, opened, 'stands');
}

type Times = { opened: Opened; number: number; taken: boolean };

async function sendTimes(ctx: Context, deps: ApiDeps, { opened, number, taken }: Times): Promise<void> {
  const { businessId, visit, now } = opened;
  const week = await withBusiness(deps.db, businessId, (tx) => findWeek(tx, { visit, now, number }));
  const form = formFacts(opened, deps.hash);
  send(ctx, taken ? 409 : 200, <TimesPage opened={opened} form={form} week={week} taken={taken} stylesheet={STYLESHEET} />);
}

async function confirm(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  const { seen } = await readForm(ctx, opened, deps.hash);
  seeVisit(ctx, opened, await confirmVisit(deps, { opened, seen, requestId: requestIdOf(ctx) }));
}

async function cancel(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  const { seen } = await readForm(ctx, opened, deps.hash);
  seeVisit(ctx, opened, await cancelVisit(deps, { opened, seen, requestId: requestIdOf(ctx) }));
}

async function move(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  const { seen, pick } = await readForm(ctx, opened, deps.hash);
  const choice = choiceOf(pick);
  if (choice === null) throw new LinkClosed('refused');
  const said = await moveVisit(deps, { opened, seen, requestId: requestIdOf(ctx) }, choice);
  if (said === 'taken') await sendTimes(ctx, deps, { opened, number: weekOf(choice.startsAt, opened), taken: true });
  else seeVisit(ctx, opened, said);
}

/** Back to the visit's page, so that a reload repeats nothing. */
function seeVisit(ctx: Context, { pathTo }: Opened, said: Said): void {
  ctx.redirect(pathTo('', { said }));
  ctx.status = 303;
}

/** A page of a person's own: not kept, not indexed, its address told to nobody. What goes wrong is a page too. */
async function asPage(ctx: Context, deps: ApiDeps, work: (ctx: Context) => Promise<void>): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' });
  try {
    await work(ctx);
  } catch (error) {
    const closed = closedBy(error);
    const { locale, inOtherLanguage } = askedOf(ctx, closed.visit?.contactLocale ?? null);
    if (error instanceof Problem && error.extra.retryAfterS !== undefined) ctx.set('Retry-After', String(error.extra.retryAfterS));
    if (closed.kind === 'failed')
      deps.log.error({ requestId: requestIdOf(ctx), err: { type: (error as Error).name } }, 'a visit page failed');
    const status = isUnavailable(error) ? 503 : STATUS[closed.kind];
    send(ctx, status, <ClosedPage {...closed} locale={locale} inOtherLanguage={inOtherLanguage} stylesheet={STYLESHEET} />);
  }
}

const STATUS: Record<Closed, number> = { unknown: 404, ended: 410, limited: 429, refused: 403, failed: 500 };

function closedBy(error: unknown): Pick<LinkClosed, 'kind' | 'visit'> {
  if (error instanceof LinkClosed) return { kind: error.kind, visit: error.visit };
  if (error instanceof RowMissing) return { kind: 'unknown', visit: null };
  return { kind: error instanceof Problem && error.code === 'too_many' ? 'limited' : 'failed', visit: null };
}

function send(ctx: Context, status: number, page: VNode): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = `<!doctype html>${renderToString(page)}`;
}
