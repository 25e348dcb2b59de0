import Router from '@koa/router';
import type { Context } from 'koa';
import type { ApiDeps } from '../../deps';
import { requestIdOf } from '../../middleware/request-id';
import { readFields } from '../visit/form';
import { asPage, send, STYLESHEET } from '../visit/link-page';
import { LinkClosed } from '../visit/opened';
import { bookInstead, passOffer, takeOffer } from './actions';
import { OfferPage } from './offer-page';
import { findNextTimes, openOffer, type OpenedOffer } from './opened';
import type { Said } from './words';

/**
 * The page of a waitlist offer, by the link in its message: take it, let it pass, or pick another time when it is gone. Needs no log-in and no JavaScript.
 * Opening changes nothing; what changes something is a form sent by POST.
 */
export function offerPageRouter(deps: ApiDeps): Router {
  const router = new Router();
  const page = (work: (ctx: Context, opened: OpenedOffer) => Promise<void>) => (ctx: Context) =>
    asPage(ctx, deps, async () => work(ctx, await openOffer(deps, ctx)));
  const tap = (work: (tapped: { opened: OpenedOffer; requestId: string }, pick: string) => Promise<Said | null>) =>
    page(async (ctx, opened) => {
      const fields = await readFields(ctx, opened.proof);
      seeOffer(ctx, opened, await work({ opened, requestId: requestIdOf(ctx) }, fields.get('pick') ?? ''));
    });

  router.get(
    '/o/:token',
    page((ctx, opened) => showOffer(ctx, deps, opened)),
  );
  router.post(
    '/o/:token/take',
    tap((tapped) => takeOffer(deps, tapped)),
  );
  router.post(
    '/o/:token/pass',
    tap((tapped) => passOffer(deps, tapped)),
  );
  router.post(
    '/o/:token/times',
    tap((tapped, pick) => {
      if (Number.isNaN(Date.parse(pick))) throw new LinkClosed('refused');
      return bookInstead(deps, tapped, new Date(Date.parse(pick)).toISOString());
    }),
  );
  return router;
}

async function showOffer(ctx: Context, deps: ApiDeps, opened: OpenedOffer): Promise<void> {
  const { offer, state } = opened;
  const nextTimes = state === 'gone' ? await findNextTimes(deps.db, opened) : [];
  const visitPath = offer.appointmentId === null ? null : `/v/${deps.hash.linkToken('appointment', offer.appointmentId)}`;
  send(ctx, 200, <OfferPage {...{ opened, nextTimes, visitPath, said: saidOf(ctx, offer), stylesheet: STYLESHEET }} />);
}

const SAID: Record<Said, true> = { late: true, taken: true, again: true, booked: true };

/** What the address asks to say, if it is true. */
function saidOf({ query }: Context, { entryStatus }: OpenedOffer['offer']): Said | null {
  const asked = String(query['said'] ?? '');
  if (asked === 'booked' && entryStatus !== 'booked') return null;
  return Object.hasOwn(SAID, asked) ? (asked as Said) : null;
}

/** Back to the offer's page, so that a reload repeats nothing. */
function seeOffer(ctx: Context, { pathTo }: OpenedOffer, said: Said | null): void {
  ctx.redirect(pathTo('', said === null ? {} : { said }));
  ctx.status = 303;
}
