import type { MessageRow } from '../db/messages';
import type { Tx } from '../db/tenancy';
import type { LinkedOffer } from '../db/waitlist-offers';
import { findLinkedOffer } from '../db/waitlist-offers';
import type { MessageVars, VisitLine } from '../domain/templates/vars';
import type { Instant } from '../domain/time';
import { DAY_MS, plusMs } from '../domain/time';
import { nextStarts } from '../domain/waitlist';
import type { Deps } from './deps';
import { findSlotsNow } from './waitlist-opening';

type Subject = {
  deps: Pick<Deps, 'hash' | 'publicUrl'>;
  message: MessageRow;
  now: Instant;
  whenOf: (startsAt: Instant, venueZone: string) => string;
};

/** What a message about a waitlist offer may say: the visit that is offered and the page to answer it on, or what else is free. */
export async function offerVars(tx: Tx, { deps, message, now, whenOf }: Subject): Promise<Partial<MessageVars>> {
  const offerId = message.facts['offerId'] ?? '';
  const visit = await findLinkedOffer(tx, offerId);
  const { serviceName, staffName, locationName, startsAt, zone } = visit;
  const link = `${deps.publicUrl}/o/${deps.hash.linkToken('waitlist_offer', offerId)}`;
  const shown = { when: whenOf(startsAt, zone), serviceName, staffName, locationName, link };
  if (message.rule !== 'waitlist_lost') return shown;
  return { ...shown, visits: await nextTimes(tx, { visit, now, whenOf }) };
}

const SHOWN = 3;
const AHEAD_MS = 14 * DAY_MS;

type Others = Pick<Subject, 'now' | 'whenOf'> & { visit: LinkedOffer };

/** The next free times for the same service. */
async function nextTimes(tx: Tx, { visit, now, whenOf }: Others): Promise<VisitLine[]> {
  const { serviceId } = visit;
  const range = { from: now, to: plusMs(now, AHEAD_MS), now };
  const facts = await findSlotsNow(tx, { serviceId, staffId: null, ...range, ignoreId: null });
  return (facts === null ? [] : nextStarts(facts, range)).slice(0, SHOWN).map((startsAt) => ({ when: whenOf(startsAt, visit.zone) }));
}
