import { ring } from '../db/doorbell';
import { dropMessage, savePlanned } from '../db/messages';
import type { Tx } from '../db/tenancy';
import { countIgnored, removeEntry } from '../db/waitlist';
import type { OfferWithMessage } from '../db/waitlist-offers';
import { closeOffer } from '../db/waitlist-offers';
import type { MessageRule, Reason } from '../domain/message';
import { DAY_MS, plusMs, type Instant } from '../domain/time';
import type { Ending, OfferStatus } from '../domain/waitlist-offer';
import { closedAs, isOffTheList } from '../domain/waitlist-offer';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import type { SlotLook } from './waitlist-opening';

type OfferLook = SlotLook & { offer: OfferWithMessage };

/** Nobody answered. The third time the person is off the list, and told so once (R60). */
export async function ignoreOffer(tx: Tx, { offer, now, newId }: OfferLook): Promise<void> {
  const { entryId } = offer;
  if (!(await closeOffer(tx, { id: offer.id, status: 'ignored', now }))) return;
  if (!isOffTheList(await countIgnored(tx, { id: entryId, now }))) return;
  if (!(await removeEntry(tx, { id: entryId, reason: 'ignored', now }))) return;
  const rule = 'waitlist_removed' as const;
  await tell(tx, { id: newId(), offer, rule, sendKey: `waitlist/${entryId}/${rule}`, notAfter: plusMs(now, 3 * DAY_MS), now });
}

/** The slot is gone while somebody had it offered, or the offer never left. Who was asked hears of it; what has not left yet does not leave. */
export async function endOffer(
  tx: Tx,
  { slot, offer, ending, now, newId }: OfferLook & { ending: Ending | { status: OfferStatus; reason: Reason | null } },
): Promise<void> {
  const end = typeof ending === 'string' ? { status: closedAs(ending), reason: null } : ending;
  if (!(await closeOffer(tx, { id: offer.id, ...end, now }))) return;
  if (offer.messageId !== null) await dropMessage(tx, { id: offer.messageId, reason: end.reason ?? 'not_needed', now });
  if (offer.messageSentAt === null || end.status === 'passed_over') return;
  const rule = 'waitlist_lost' as const;
  await tell(tx, { id: newId(), offer, rule, sendKey: lostKey(offer.id), notAfter: slot.startsAt, now });
}

/** An apology is made once for each offer, whoever finds that it came too late. */
export const lostKey = (offerId: string): string => `waitlist/${offerId}/waitlist_lost`;

type Word = { id: string; offer: OfferWithMessage; rule: MessageRule; sendKey: string; notAfter: Instant; now: Instant };

/** A message outside the story, over the channel by which the person was asked. */
async function tell(tx: Tx, { id, offer, rule, sendKey, notAfter, now }: Word): Promise<void> {
  const message = {
    id,
    sendKey,
    appointmentId: null,
    contactId: offer.contactId,
    staffId: null,
    rule,
    messageClass: 'marketing' as const,
    channel: offer.messageChannel,
    scheduleVersion: null,
    facts: { offerId: offer.id },
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    notAfter,
  };
  await savePlanned(tx, [message], now);
  await ring(tx, { ...messageDeliveryProcess(id), version: 1, now });
}
