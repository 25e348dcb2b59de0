import { findLastWord, findOpenQuestions } from '../../db/inbound';
import type { Tx } from '../../db/tenancy';
import { findOfferQuestions } from '../../db/waitlist-offers';
import type { Channel } from '../../domain/message';
import type { OfferReply } from '../../domain/offer-reply';
import type { Instant } from '../../domain/time';
import { acceptOffer, apologize, declineOffer } from '../waitlist';
import type { WebhookDeps } from './deps';

/** All that we asked these people and that has no answer yet, and the last thing we said. */
export async function findQuestions(tx: Tx, { contactIds, now }: { contactIds: string[]; now: Instant }) {
  const last = await findLastWord(tx, contactIds);
  return {
    visits: await findOpenQuestions(tx, { contactIds, now }),
    offers: await findOfferQuestions(tx, contactIds),
    last,
    lastOfferId: last?.rule === 'waitlist_offer' ? (last.facts['offerId'] ?? null) : null,
  };
}

/** Answers an offer by text. The winner's confirmation comes from the visit itself; who is too late hears so. Answers whether a thank-you is due. */
export async function answerOffer(
  tx: Tx,
  deps: Pick<WebhookDeps, 'hash'>,
  { reply, channel, now }: { reply: OfferReply; channel: Channel; now: Instant },
): Promise<'thank' | 'done'> {
  const { offerId } = reply;
  if (reply.kind === 'pass') {
    await declineOffer(tx, { offerId, now });
    return 'thank';
  }
  const answered = reply.kind === 'late' ? null : await acceptOffer(tx, { offerId, by: 'contact', now }, deps);
  if (answered?.kind !== 'accepted') await apologize(tx, { offerId, channel, now });
  return 'done';
}
