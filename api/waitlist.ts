import { v7 as newId } from 'uuid';
import type { Actor } from '../db/appointments';
import { ring } from '../db/doorbell';
import { closeFreedSlot, findFreedSlot, type FreedSlotRow } from '../db/freed-slots';
import type { Hasher } from '../db/hashing';
import { dropMessage, isNamed, savePlanned } from '../db/messages';
import type { Tx } from '../db/tenancy';
import { dropEntriesOf, findEntry, noteBooked, removeEntry, type RemovedReason } from '../db/waitlist';
import { closeOffer, findOffer, findOpenOffersOf, type OfferRow } from '../db/waitlist-offers';
import type { Channel } from '../domain/message';
import type { Instant } from '../domain/time';
import { isBefore, MINUTE_MS, plusMs } from '../domain/time';
import type { OfferStatus } from '../domain/waitlist-offer';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import { book } from './booking';
import { wakeSlots } from './freed-slots';
import { Problem } from './problem';

// What becomes of an offer by its person's answer, or because they leave the list. The slot is locked first, as its process does, so that an answer and the
// closing timer come one after the other: what was answered in time is answered.

type Answering = { offerId: string; by: Actor; now: Instant };

export type Answered =
  /** The slot is theirs. */
  | { kind: 'accepted'; appointmentId: string }
  | { kind: 'declined' }
  /** Somebody else has the time, since a moment ago. */
  | { kind: 'lost' }
  /** It had ended before. */
  | { kind: 'ended'; status: Exclude<OfferStatus, 'offered' | 'accepted'> };

/** Takes an offer: the visit is booked in the same transaction, and the constraint against double booking decides who was first (R60). The same twice changes nothing. */
export async function acceptOffer(tx: Tx, { offerId, by, now }: Answering, links: { hash: Pick<Hasher, 'linkToken'> }): Promise<Answered> {
  const { offer, slot } = await lockOffer(tx, offerId);
  if (offer.status !== 'offered') return endedAs(offer);
  const appointmentId = await tryToBook(tx, { offer, slot, by, now }, links);
  if (appointmentId === null) {
    await end(tx, { offer, status: 'lost', now });
    return { kind: 'lost' };
  }
  await closeOffer(tx, { id: offerId, status: 'accepted', appointmentId, now });
  await noteBooked(tx, { id: offer.entryId, now });
  await closeFreedSlot(tx, { id: slot.id, status: 'filled', now });
  await wakeSlots(tx, [slot.id], now);
  return { kind: 'accepted', appointmentId };
}

/** No, thank you: the next person is asked at once, and it does not count as ignored. */
export async function declineOffer(tx: Tx, { offerId, now }: Omit<Answering, 'by'>): Promise<Answered> {
  const { offer } = await lockOffer(tx, offerId);
  if (offer.status !== 'offered') return endedAs(offer);
  await end(tx, { offer, status: 'declined', now });
  return { kind: 'declined' };
}

/** Takes an entry off the list; an offer that it has open is withdrawn. */
export async function withdrawEntry(tx: Tx, { id, reason, now }: { id: string; reason: RemovedReason; now: Instant }): Promise<void> {
  await findEntry(tx, id);
  for (const { id: offerId } of await findOpenOffersOf(tx, { entryId: id })) await withdraw(tx, offerId, now);
  await removeEntry(tx, { id, reason, now });
}

/** Takes a person off every list. */
export async function leaveWaitlist(tx: Tx, about: { contactId: string; now: Instant }): Promise<void> {
  await withdrawOffers(tx, about);
  await dropEntriesOf(tx, about);
}

/** Withdraws what a person has offered. */
export async function withdrawOffers(tx: Tx, { contactId, now }: { contactId: string; now: Instant }): Promise<void> {
  for (const { id: offerId } of await findOpenOffersOf(tx, { contactId })) await withdraw(tx, offerId, now);
}

type Locked = { offer: OfferRow; slot: FreedSlotRow };

async function lockOffer(tx: Tx, offerId: string): Promise<Locked> {
  const { freedSlotId } = await findOffer(tx, offerId);
  const slot = await findFreedSlot(tx, freedSlotId, 'forUpdate');
  return { slot, offer: await findOffer(tx, offerId) };
}

function endedAs({ status, appointmentId }: OfferRow): Answered {
  if (status === 'accepted' && appointmentId !== null) return { kind: 'accepted', appointmentId };
  return { kind: 'ended', status: status === 'offered' || status === 'accepted' ? 'withdrawn' : status };
}

async function withdraw(tx: Tx, offerId: string, now: Instant): Promise<void> {
  const { offer } = await lockOffer(tx, offerId);
  await end(tx, { offer, status: 'withdrawn', now });
}

async function end(tx: Tx, { offer, status, now }: { offer: OfferRow; status: OfferStatus; now: Instant }): Promise<void> {
  await closeOffer(tx, { id: offer.id, status, now });
  if (offer.messageId !== null) await dropMessage(tx, { id: offer.messageId, reason: 'not_needed', now });
  await wakeSlots(tx, [offer.freedSlotId], now);
}

/** The visit's id, or null when the time is gone. */
async function tryToBook(
  tx: Tx,
  { offer, slot, by, now }: Locked & { by: Actor; now: Instant },
  links: { hash: Pick<Hasher, 'linkToken'> },
): Promise<string | null> {
  if (slot.status !== 'open') return null;
  const { staffId } = await findEntry(tx, offer.entryId);
  const { contactId } = offer;
  const { serviceId, startsAt } = slot;
  const visit = { id: newId(), contactId, serviceId, staffId: slot.staffId ?? staffId, startsAt, by, now };
  try {
    return (await book(tx, { ...visit, source: 'waitlist', externalRef: null, note: null }, links)).id;
  } catch (error) {
    if (error instanceof Problem && (error.code === 'conflict' || error.code === 'appointment.in_the_past')) return null;
    throw error;
  }
}

/** How long an apology is of use when the visit itself is about to begin. */
const APOLOGY_USEFUL_MS = 30 * MINUTE_MS;

/** Tells somebody whose yes came too late, once for each offer, with the next free times (R60). Answers their own message, so it may go at any hour. */
export async function apologize(tx: Tx, { offerId, channel, now }: { offerId: string; channel: Channel; now: Instant }): Promise<void> {
  const sendKey = `waitlist/${offerId}/waitlist_lost`;
  if (await isNamed(tx, sendKey)) return;
  const offer = await findOffer(tx, offerId);
  const { startsAt } = await findFreedSlot(tx, offer.freedSlotId);
  const id = newId();
  const soonest = plusMs(now, APOLOGY_USEFUL_MS);
  const message = {
    id,
    sendKey,
    appointmentId: null,
    contactId: offer.contactId,
    staffId: null,
    rule: 'waitlist_lost' as const,
    messageClass: 'reply' as const,
    channel,
    scheduleVersion: null,
    facts: { offerId },
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    notAfter: isBefore(startsAt, soonest) ? soonest : startsAt,
  };
  await savePlanned(tx, [message], now);
  await ring(tx, { ...messageDeliveryProcess(id), version: 1, now });
}
