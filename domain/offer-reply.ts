import { answerReply, parseReply, type OpenQuestion, type ReplyDecision, type WhichQuestion } from './reply';
import type { Instant } from './time';
import { bareWords } from './words';

/** A freed time that a person was offered and has not answered. */
export type OfferQuestion = { offerId: string; startsAt: Instant };

export type OfferReply =
  | { kind: 'take' | 'pass'; offerId: string }
  /** A yes to an offer that has ended. */
  | { kind: 'late'; offerId: string };

export type Asked = {
  text: string;
  visits: OpenQuestion[];
  offers: OfferQuestion[];
  which: WhichQuestion | null;
  /** The last thing we said was this offer, whether it still stands or not. */
  lastOfferId: string | null;
};

/**
 * What a text to us means when waitlist offers are among our open questions (R40, R60). An offer is a question like that of a visit: one open question is
 * answered by 1 or 2, of several we ask which. A plain no lets a single offer pass. A yes or no to an offer that has ended never answers another question.
 */
export function answerQuestions({ text, visits, offers, which, lastOfferId }: Asked): ReplyDecision | OfferReply {
  const [only, ...others] = offers;
  if (only && others.length === 0 && NO.has(bareWords(text))) return { kind: 'pass', offerId: only.offerId };
  const intent = parseReply(text);
  const hasEnded = lastOfferId !== null && !offers.some(({ offerId }) => offerId === lastOfferId);
  if (hasEnded && intent !== null) return { kind: intent === 'confirm' ? 'late' : 'pass', offerId: lastOfferId };
  return ofOffer(answerReply({ text, open: [...visits, ...offers.map(toQuestion)], which }));
}

/** How an offer stands in a list of questions beside visits. */
export const offerRef = (offerId: string): string => `${REF}${offerId}`;
/** The offer that a question of such a list is about; null: a visit. */
export const offerOf = (ref: string): string | null => (ref.startsWith(REF) ? ref.slice(REF.length) : null);

const REF = 'offer/';
const NO = new Set(['NO', 'N', 'PASS', 'NO THANKS', 'NO THANK YOU', 'NOT NOW', 'NO GRACIAS', 'NO PUEDO', 'PASO']);

const toQuestion = ({ offerId, startsAt }: OfferQuestion): OpenQuestion => ({ appointmentId: offerRef(offerId), startsAt });

function ofOffer(decision: ReplyDecision): ReplyDecision | OfferReply {
  if (decision.kind !== 'confirm' && decision.kind !== 'reschedule') return decision;
  const offerId = offerOf(decision.appointmentId);
  if (offerId === null) return decision;
  return { kind: decision.kind === 'confirm' ? 'take' : 'pass', offerId };
}
