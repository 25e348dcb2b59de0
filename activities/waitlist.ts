import { closeFreedSlot as closeSlot, findFreedSlot } from '../db/freed-slots';
import { findChain } from '../db/messages';
import { findContactFacts } from '../db/plan-facts';
import { noteProcess } from '../db/processes';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { findAskingBusiness } from '../db/waitlist-asking';
import type { OfferWithMessage } from '../db/waitlist-offers';
import { findOpenOffers, noteMessage, noteWindow } from '../db/waitlist-offers';
import { HOLD_MS } from '../domain/appointment';
import type { Instant } from '../domain/time';
import { isBefore, plusMs } from '../domain/time';
import { offerChannels } from '../domain/waitlist';
import type { Ending, OfferTurn } from '../domain/waitlist-offer';
import { offerTurn, slotState } from '../domain/waitlist-offer';
import type { PlanInput } from '../workflows/contracts/doorbell';
import type { Asked, ClosingInput, FreedSlotNow, OfferMessage } from '../workflows/contracts/waitlist-offer';
import { waitlistOfferProcess } from '../workflows/contracts/waitlist-offer';
import type { Deps } from './deps';
import { planFallback } from './fallback';
import { askPeople } from './waitlist-asking';
import { endOffer, ignoreOffer } from './waitlist-ending';
import { findOpening, type SlotLook } from './waitlist-opening';

export type WaitlistDeps = Pick<Deps, 'db' | 'clock' | 'newId' | 'hash' | 'dnc'>;

type Next = { at: Instant; what: string } | null;
type Step<Answer> = { answer: Answer; next: Next };

/**
 * How the slot stands, after everything was written down that its offers have come to: ran out, never left. Safe to run twice because an offer ends once.
 * Throws RowMissing (final).
 */
export function readFreedSlot(deps: WaitlistDeps, input: PlanInput): Promise<FreedSlotNow> {
  return step<FreedSlotNow>(deps, input, async (tx, look) => {
    const { slot, now } = look;
    const turns = await settleOffers(tx, { ...look, deps });
    const [{ waitlistBatchSize: batchSize }, opening] = [await findAskingBusiness(tx), await findOpening(tx, slot, now)];
    const open = turns.sending.length + turns.waiting.length;
    // Somebody is just looking at the time: a hold ends by itself.
    const isHeld = opening === null && slot.status === 'open' && (await findOpening(tx, slot, plusMs(now, HOLD_MS))) !== null;
    const state = slotState({ ...slot, isFree: opening !== null || isHeld, open, batchSize }, now);
    if (state === 'free' || state === 'asking') return awaited({ ...turns, state: isHeld ? 'asking' : state, isHeld, now });
    return { answer: { state }, next: state === 'over' ? null : { at: now, what: 'waitlist_close' } };
  });
}

/**
 * Asks whoever is next: writes their offers and the messages that carry them; the next look sends them. Safe to run twice because each person is asked once for
 * a slot, an offer that is open takes its place in the batch, and one that has not left counts as asked just now. Throws RowMissing (final).
 */
export function askNext(deps: WaitlistDeps, input: PlanInput): Promise<Asked> {
  return step<Asked>(deps, input, async (tx, look) => {
    const { now } = look;
    const open = await findOpenOffers(tx, look.slot.id);
    const { asked, laterAt } = await askPeople(tx, { ...look, hash: deps.hash, open: open.length });
    if (asked > 0 || open.some((offer) => turnOf(offer, now).kind === 'send'))
      return { answer: { word: 'asked' }, next: { at: now, what: 'waitlist_send' } };
    const until = earliest([...open.map(({ expiresAt }) => expiresAt ?? now), ...(laterAt === null ? [] : [laterAt])]);
    if (until === null) return { answer: { word: 'nobody' }, next: { at: now, what: 'waitlist_close' } };
    return { answer: { word: 'later', wakeAt: until }, next: { at: until, what: 'waitlist_wait' } };
  });
}

/**
 * Ends a slot's story: closes what is still open and tells those who were asked. Does nothing when the slot was given back meanwhile. Safe to run twice because
 * an offer ends once and each apology has its own send_key.
 */
export async function closeFreedSlot(deps: WaitlistDeps, { ending: asked, ...input }: ClosingInput): Promise<void> {
  await step<object>(deps, input, async (tx, look) => {
    const { slot, now } = look;
    const next = { at: now, what: 'waitlist_closed' };
    if (asked === 'taken' && slot.status === 'open' && (await findOpening(tx, slot, now)) !== null) return { answer: {}, next };
    const ending: Ending = slot.status === 'open' ? asked : slot.status;
    await closeSlot(tx, { id: slot.id, status: ending, now });
    for (const offer of await findOpenOffers(tx, slot.id)) await endOffer(tx, { ...look, offer, ending });
    return { answer: {}, next };
  });
}

/** One transaction over one slot, which is locked first, as an answer does. What is next is noted for the sweeper and the sandbox clock. */
async function step<Answer extends object>(
  { db, clock, newId }: WaitlistDeps,
  { businessId, id, atLeast, now: workflowNow }: PlanInput,
  work: (tx: Tx, look: SlotLook) => Promise<Step<Answer>>,
): Promise<Answer> {
  const { now, leadMs } = await clock.read(businessId, workflowNow);
  return withBusiness(db, businessId, async (tx) => {
    const slot = await findFreedSlot(tx, id, 'forUpdate');
    const { answer, next } = await work(tx, { slot, now, newId });
    await noteProcess(tx, { workflowId: waitlistOfferProcess(id).workflowId, version: atLeast, next, now, leadMs });
    return 'wakeAt' in answer ? { ...answer, wakeAt: plusMs(String(answer.wakeAt), -leadMs) } : answer;
  });
}

type DeepLook = SlotLook & { deps: Pick<Deps, 'newId' | 'dnc' | 'clock'> };
type Turns = { sending: (OfferMessage & { at: Instant })[]; waiting: Instant[] };

/** Writes down what each open offer has come to, and answers what is left: messages to be sent, and until when answers are awaited. */
async function settleOffers(tx: Tx, look: DeepLook): Promise<Turns> {
  const turns: Turns = { sending: [], waiting: [] };
  for (const offer of await findOpenOffers(tx, look.slot.id)) {
    const turn = turnOf(offer, look.now);
    if (turn.kind === 'send') turns.sending.push({ messageId: offer.messageId ?? '', queue: offer.messageChannel, at: turn.at });
    else if (turn.kind === 'ignored') await ignoreOffer(tx, { ...look, offer });
    else if (turn.kind === 'passed_over') {
      const otherwise = await askOtherwise(tx, look, offer);
      if (otherwise) turns.sending.push({ ...otherwise, at: look.now });
      else await endOffer(tx, { ...look, offer, ending: { status: 'passed_over', reason: turn.reason } });
    } else {
      if (offer.askedAt !== turn.askedAt) await noteWindow(tx, { id: offer.id, askedAt: turn.askedAt, expiresAt: turn.until });
      turns.waiting.push(turn.until);
    }
  }
  return turns;
}

/** The same offer over the person's next channel, when this one surely did not bring it (R41). Null: there is none, or it may still bring it. */
async function askOtherwise(tx: Tx, look: DeepLook, offer: OfferWithMessage): Promise<OfferMessage | null> {
  const { id, contactId, messageStatus, firstMessageId } = offer;
  if (messageStatus !== 'failed' && messageStatus !== 'skipped') return null;
  const { contact } = await findContactFacts(tx, contactId);
  const order = offerChannels(contact.preferredChannel);
  const next = await planFallback(tx, look.deps, { chain: await findChain(tx, firstMessageId), now: look.now, order });
  if (!next) return null;
  await noteMessage(tx, { id, messageId: next.id });
  return { messageId: next.id, queue: next.channel };
}

function turnOf(offer: OfferWithMessage, now: Instant): OfferTurn {
  const { createdAt, messageStatus: status, messageReason: reason, messageSendAt: sendAt, messageSentAt: sentAt } = offer;
  return offerTurn({ createdAt, message: { status, reason, sendAt, sentAt } }, now);
}

type Awaited = Turns & { state: 'free' | 'asking'; isHeld: boolean; now: Instant };

function awaited({ sending, waiting, state, isHeld, now }: Awaited): Step<FreedSlotNow> {
  const [first] = [...sending].sort((a, b) => (a.at < b.at ? -1 : 1));
  if (first) {
    const messages = sending.filter(({ at }) => at === first.at).map(({ messageId, queue }) => ({ messageId, queue }));
    return { answer: { state: 'sending', messages, wakeAt: first.at }, next: { at: first.at, what: 'waitlist_send' } };
  }
  if (state === 'free') return { answer: { state }, next: { at: now, what: 'waitlist_ask' } };
  const until = earliest([...waiting, ...(isHeld ? [plusMs(now, HOLD_MS)] : [])]) ?? now;
  return { answer: { state, wakeAt: until }, next: { at: until, what: isHeld ? 'waitlist_hold' : 'waitlist_answer' } };
}

const earliest = (instants: Instant[]): Instant | null =>
  instants.reduce<Instant | null>((first, at) => (first === null || isBefore(at, first) ? at : first), null);
