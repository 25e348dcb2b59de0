import { ensureOfferLink } from '../db/links';
import type { Hasher } from '../db/hashing';
import { savePlanned } from '../db/messages';
import type { Tx } from '../db/tenancy';
import { noteAsked } from '../db/waitlist';
import type { Candidate } from '../db/waitlist-asking';
import { findAskingBusiness, findCandidates } from '../db/waitlist-asking';
import { insertOffer, insertPassedOver, noteMessage } from '../db/waitlist-offers';
import type { Channel } from '../domain/message';
import { reachOf } from '../domain/reach';
import { recipientPlace } from '../domain/recipient-place';
import type { Instant } from '../domain/time';
import { HOUR_MS, MINUTE_MS, plusMs } from '../domain/time';
import type { Waiting } from '../domain/waitlist';
import { nextToAsk } from '../domain/waitlist';
import { OFFER_MS } from '../domain/waitlist-offer';
import { findOpening, type SlotLook } from './waitlist-opening';

type AskingLook = SlotLook & { hash: Hasher; open: number };
type AskedNow = { asked: number; laterAt: Instant | null };

const NOBODY: AskedNow = { asked: 0, laterAt: null };

/** Writes an offer for everybody who is to be asked now, and a line for each who was passed over. */
export async function askPeople(tx: Tx, look: AskingLook): Promise<AskedNow> {
  const { slot, now, open } = look;
  const business = await findAskingBusiness(tx);
  if (business.businessStatus === 'canceled') return NOBODY;
  // A paused business asks nobody; when it goes on, the slot may still be there.
  if (business.businessStatus === 'paused') return { asked: 0, laterAt: plusMs(now, HOUR_MS) };
  const opening = await findOpening(tx, slot, now);
  if (!opening) return { asked: 0, laterAt: now };
  const candidates = await findCandidates(tx, slot, now);
  const { ask, passedOver, laterAt } = nextToAsk({
    opening,
    now,
    waiting: candidates.map((candidate) => toWaiting(candidate, now)),
    room: business.waitlistBatchSize - open,
    quiet: { startMinute: business.quietStartMinute, endMinute: business.quietEndMinute },
  });
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  for (const { entryId, reason } of passedOver)
    await insertPassedOver(tx, { id: look.newId(), freedSlotId: slot.id, entryId, contactId: contactOf(byId, entryId), reason, now });
  let asked = 0;
  for (const { entryId, channel } of ask) {
    if (await offer(tx, { ...look, entryId, contactId: contactOf(byId, entryId), channel })) asked += 1;
  }
  await noteAsked(
    tx,
    ask.map(({ entryId }) => entryId),
    now,
  );
  // Another slot was faster with one of them: looked at again in a minute.
  return { asked, laterAt: ask.length > asked ? plusMs(now, MINUTE_MS) : laterAt };
}

const contactOf = (candidates: Map<string, Candidate>, entryId: string): string => candidates.get(entryId)?.contactId ?? '';

const toWaiting = ({ permission, ...candidate }: Candidate, now: Instant): Waiting => ({
  ...candidate,
  reach: reachOf(permission, { messageClass: 'marketing', now }),
  place: recipientPlace(permission.contact),
  contactCap: permission.contactCap,
});

type OneOffer = AskingLook & { entryId: string; contactId: string; channel: Channel };

/** The offer, the link to its page and the message that carries it. False: the person has another offer open since a moment ago. */
async function offer(tx: Tx, { slot, now, newId, hash, entryId, contactId, channel }: OneOffer): Promise<boolean> {
  const [id, messageId] = [newId(), newId()];
  if (!(await insertOffer(tx, { id, freedSlotId: slot.id, entryId, contactId, expiresAt: plusMs(now, OFFER_MS), now }))) return false;
  await ensureOfferLink(tx, { offerId: id, hash, now });
  const message = {
    id: messageId,
    sendKey: `waitlist/${slot.id}/${entryId}/waitlist_offer/${channel}`,
    appointmentId: null,
    contactId,
    staffId: null,
    rule: 'waitlist_offer' as const,
    messageClass: 'marketing' as const,
    channel,
    scheduleVersion: null,
    facts: { offerId: id },
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    // An outage that lasts longer than the offer would: the next one is asked.
    notAfter: plusMs(now, OFFER_MS),
  };
  await savePlanned(tx, [message], now);
  await noteMessage(tx, { id, messageId });
  return true;
}
