import type { MessageStatus, Reason } from './message';
import { isBefore, later, MINUTE_MS, plusMs, type Instant } from './time';
import { hasLead } from './waitlist';

/** How long an offer waits for its answer (R60). */
export const OFFER_MS = 30 * MINUTE_MS;
/** So many offers without an answer and the person is off the list. */
export const MOST_IGNORED = 3;

export type OfferStatus = 'offered' | 'accepted' | 'declined' | 'ignored' | 'withdrawn' | 'lost' | 'passed_over';
export type FreedSlotStatus = 'open' | 'filled' | 'taken' | 'too_close' | 'nobody';

/** An open offer, with what became of its message. */
export type OpenOffer = {
  createdAt: Instant;
  message: { status: MessageStatus; reason: Reason | null; sendAt: Instant; sentAt: Instant | null };
};

export type OfferTurn =
  /** Its message waits to be sent, at that time. */
  | { kind: 'send'; at: Instant }
  | { kind: 'wait'; askedAt: Instant; until: Instant }
  | { kind: 'ignored' }
  /** It never reached the person, so it does not count against them. */
  | { kind: 'passed_over'; reason: Reason | null };

/** A vendor that asks for a little patience gets it; a slot does not wait longer than that for one person. */
const PATIENCE_MS = 5 * MINUTE_MS;

/** What an open offer needs at `now`. The half hour runs from the moment in which it was sent. */
export function offerTurn({ createdAt, message }: OpenOffer, now: Instant): OfferTurn {
  const { status, reason, sendAt, sentAt } = message;
  const running = window(sentAt ?? createdAt, now);
  switch (status) {
    case 'planned':
      return waiting({ sendAt, reason }, now);
    case 'sending':
      return { kind: 'send', at: now };
    case 'sent':
    case 'delivered':
      return running ?? { kind: 'ignored' };
    case 'unknown':
      return running ?? { kind: 'passed_over', reason };
    case 'held':
    case 'failed':
    case 'skipped':
      return { kind: 'passed_over', reason };
  }
}

const waiting = ({ sendAt, reason }: { sendAt: Instant; reason: Reason | null }, now: Instant): OfferTurn =>
  isBefore(plusMs(now, PATIENCE_MS), sendAt) ? { kind: 'passed_over', reason } : { kind: 'send', at: later(sendAt, now) };

function window(askedAt: Instant, now: Instant): OfferTurn | null {
  const until = plusMs(askedAt, OFFER_MS);
  return isBefore(now, until) ? { kind: 'wait', askedAt, until } : null;
}

/**
 * How a freed slot stands. `free`: somebody may be asked. `asking`: as many as may be asked at once have an offer. `filled` and `taken`: it is gone and open
 * offers must be closed. `too_close`: nobody can be asked any more. `over`: all of that is done.
 */
export type SlotState = 'free' | 'asking' | 'filled' | 'taken' | 'too_close' | 'over';

export type SlotFactsNow = {
  status: FreedSlotStatus;
  startsAt: Instant;
  /** Nobody has booked the time, and staff and rooms are still there. */
  isFree: boolean;
  /** Offers without an answer so far. */
  open: number;
  /** How many may be open at once. */
  batchSize: number;
};

/** An offer that is open keeps its half hour also when the visit has come closer than an hour meanwhile. */
export function slotState({ status, startsAt, isFree, open, batchSize }: SlotFactsNow, now: Instant): SlotState {
  if (status === 'filled' && open > 0) return 'filled';
  if (status !== 'open') return 'over';
  if (!isFree) return 'taken';
  if (!hasLead({ startsAt }, now)) return open > 0 ? 'asking' : 'too_close';
  return open < batchSize ? 'free' : 'asking';
}

export type Ending = Exclude<FreedSlotStatus, 'open'>;

/** What becomes of offers that are still open when the slot is gone: somebody else was faster, or it is taken back. */
export const closedAs = (ending: Ending): OfferStatus => (ending === 'filled' ? 'lost' : 'withdrawn');

export const isOffTheList = (ignoredCount: number): boolean => ignoredCount >= MOST_IGNORED;
