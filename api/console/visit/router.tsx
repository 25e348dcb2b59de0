import Router from '@koa/router';
import type { Context } from 'koa';
import { findBookedSince } from '../../../db/links';
import { withBusiness } from '../../../db/tenancy';
import type { ApiDeps } from '../../deps';
import { requestIdOf } from '../../middleware/request-id';
import { bookAgain, cancelVisit, confirmVisit, moveVisit } from './actions';
import { CancelPage } from './cancel-page';
import { formFacts, readForm } from './form';
import { asPage, CSS, CSS_PATH, send, STYLESHEET } from './link-page';
import { LinkClosed, openVisit, whenOf, type Opened } from './opened';
import { canBookAgain, canChange } from './state';
import { choiceOf, findWeek, LAST_WEEK, weekOf, type Choice } from './times';
import { TimesPage } from './times-page';
import { saidOf, VisitPage, type NextVisit } from './visit-page';
import type { Said } from './wording';

/**
 * A visit's own page, by the link in its messages: see it, confirm, cancel, pick another time, or book again when it is no more. Needs no log-in and no JavaScript. Opening changes nothing;
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
  const next = canBookAgain(opened.state) ? await nextOf(deps, opened) : null;
  send(ctx, 200, <VisitPage opened={opened} form={formFacts(opened, deps.hash)} said={said} next={next} stylesheet={STYLESHEET} />);
}

async function nextOf({ db, hash }: ApiDeps, opened: Opened): Promise<NextVisit | null> {
  const { businessId, visit, now, locale } = opened;
  const next = await withBusiness(db, businessId, (tx) => findBookedSince(tx, { id: visit.id, now }));
  if (!next) return null;
  return { path: opened.pathTo('', {}, hash.linkToken('appointment', next.id)), when: whenOf({ ...visit, ...next }, locale) };
}

async function showCancel(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  if (canChange(opened.state)) send(ctx, 200, <CancelPage opened={opened} form={formFacts(opened, deps.hash)} stylesheet={STYLESHEET} />);
  else seeVisit(ctx, opened, 'stands');
}

async function showTimes(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await openVisit(deps, ctx);
  const asked = /^\d$/.test(String(ctx.query['week'])) ? Number(ctx.query['week']) : 0;
  if (canChange(opened.state) || canBookAgain(opened.state))
    await sendTimes(ctx, deps, { opened, number: Math.min(asked, LAST_WEEK), taken: false });
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
  if (canBookAgain(opened.state)) return again(ctx, deps, { opened, choice });
  const said = await moveVisit(deps, { opened, seen, requestId: requestIdOf(ctx) }, choice);
  if (said === 'taken') await sendTimes(ctx, deps, { opened, number: weekOf(choice.startsAt, opened), taken: true });
  else seeVisit(ctx, opened, said);
}

async function again(ctx: Context, deps: ApiDeps, { opened, choice }: { opened: Opened; choice: Choice }): Promise<void> {
  const { said, id } = await bookAgain(deps, { opened, requestId: requestIdOf(ctx) }, choice);
  if (said === 'taken') return sendTimes(ctx, deps, { opened, number: weekOf(choice.startsAt, opened), taken: true });
  ctx.redirect(opened.pathTo('', { said }, id === null ? opened.token : deps.hash.linkToken('appointment', id)));
  ctx.status = 303;
}

/** Back to the visit's page, so that a reload repeats nothing. */
function seeVisit(ctx: Context, { pathTo }: Opened, said: Said): void {
  ctx.redirect(pathTo('', { said }));
  ctx.status = 303;
}
