import type { Context } from 'koa';
import type { Db, Tx } from '../../../db/tenancy';
import { withBusiness } from '../../../db/tenancy';
import { findLinkedOffer, type LinkedOffer } from '../../../db/waitlist-offers';
import { DAY_MS, isBefore, plusMs, type Instant } from '../../../domain/time';
import { findSlots } from '../../booking';
import type { ApiDeps } from '../../deps';
import { askedOf, LinkClosed, openLink, whenOf, type Asked } from '../visit/opened';
import type { OfferState } from './words';

/** A waitlist offer found by its link, at this moment. */
export type OpenedOffer = Asked & {
  businessId: string;
  offer: LinkedOffer;
  now: Instant;
  state: OfferState;
  when: string;
  /** Proof that our page made a form. */
  proof: string;
};

/** Finds the offer of a link. Reads only: programs that scan messages open every link. Throws LinkClosed, 429. */
export async function openOffer(deps: ApiDeps, ctx: Context): Promise<OpenedOffer> {
  const { businessId, id } = await openLink(deps, ctx);
  const now = await deps.clock.now(businessId);
  const offer = await withBusiness(deps.db, businessId, (tx) => findLinkedOffer(tx, id));
  // Whoever finds the link later need not see where somebody was.
  if (!isBefore(now, plusMs(offer.endsAt, DAY_MS))) throw new LinkClosed('ended', offer);
  const asked = askedOf(ctx, offer.contactLocale);
  const proof = deps.hash.linkToken('offer_form', id);
  return { ...asked, businessId, offer, now, state: stateOf(offer), when: whenOf(offer, asked.locale), proof };
}

const STATES: Partial<Record<LinkedOffer['status'], OfferState>> = { offered: 'open', accepted: 'yours', declined: 'declined' };
const stateOf = ({ status }: LinkedOffer): OfferState => STATES[status] ?? 'gone';

const SHOWN = 6;
const AHEAD_MS = 14 * DAY_MS;

type Asking = Pick<OpenedOffer, 'businessId' | 'offer' | 'now'>;

/** The next free times for the same service, if the person still waits. */
export function findNextTimes(db: Db, { businessId, offer, now }: Asking): Promise<Instant[]> {
  if (offer.entryStatus !== 'active') return Promise.resolve([]);
  return withBusiness(db, businessId, async (tx) =>
    (await startsOf(tx, offer, { from: now, to: plusMs(now, AHEAD_MS), now })).slice(0, SHOWN),
  );
}

/** Is this one of the times that the page may show? Who writes their own form gets no odd minute. */
export async function isNextTime(tx: Tx, { offer, now }: Omit<Asking, 'businessId'>, startsAt: Instant): Promise<boolean> {
  if (!isBefore(startsAt, plusMs(now, AHEAD_MS))) return false;
  return (await startsOf(tx, offer, { from: startsAt, to: plusMs(startsAt, 1), now })).includes(startsAt);
}

async function startsOf(tx: Tx, { serviceId }: LinkedOffer, range: { from: Instant; to: Instant; now: Instant }): Promise<Instant[]> {
  const slots = await findSlots(tx, { serviceId, staffId: null, ...range });
  return [...new Set(slots.map(({ startsAt }) => startsAt))];
}
