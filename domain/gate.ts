import type { MessageClass, MessageRule, Reason } from './message';
import { isAllowed, nextAllowed, type ContactHours } from './quiet-hours';
import { spreadAfter } from './reminders';
import { HOUR_MS, isBefore, later, plusMs, type Instant } from './time';

export type GateFacts = {
  /** The clock at the mark, not when the message was planned. */
  now: Instant;
  notAfter: Instant;
  rule: MessageRule;
  messageClass: MessageClass;
  businessStatus: 'active' | 'paused' | 'canceled';
  /** The address is opted out of this business. */
  suppressed: boolean;
  /** Consent of this person for this channel and the message's purpose stands (R25). */
  consent: boolean;
  channelUsable: boolean;
  hours: ContactHours;
  /** Automated messages to this person in the last 24 h; `freesAt`: when the oldest of them is 24 h old, null: not known (R24). */
  contactCap: { sentIn24h: number; limit: number; freesAt: Instant | null };
  /** The sender may not text yet: 10DLC or toll-free registration is under way. */
  registrationPending: boolean;
  /** The message's id: its place in the ten minutes after quiet hours (R4). */
  spreadKey: string;
};

export type GateAnswer =
  | { kind: 'send' }
  | { kind: 'hold'; reason: Reason }
  | { kind: 'defer'; until: Instant; reason: Reason }
  | { kind: 'skip'; reason: Reason };

/** Automated messages a person gets in 24 h at most (R24). */
export const CONTACT_CAP = 3;

/**
 * Whether a message may go now (R23). A final no wins over held, held over deferred; within a kind the first in R23's order is the reason.
 * What could only go when it is of no use any more is skipped, not deferred.
 */
export function gate(facts: GateFacts): GateAnswer {
  const final = finalNo(facts);
  if (final) return { kind: 'skip', reason: final };
  const held = heldBy(facts);
  if (held) return { kind: 'hold', reason: held };
  const deferral = deferralOf(facts);
  if (!deferral) return { kind: 'send' };
  return isBefore(deferral.until, facts.notAfter) ? { kind: 'defer', ...deferral } : { kind: 'skip', reason: 'too_late' };
}

function finalNo(facts: GateFacts): Reason | null {
  if (facts.businessStatus === 'canceled') return 'business_inactive';
  if (facts.suppressed && !passesSuppression(facts)) return 'suppressed';
  if (!facts.consent && needsConsent(facts.messageClass)) return 'no_consent';
  if (!facts.channelUsable) return 'channel_unusable';
  if (facts.messageClass === 'call' && !isAllowed(facts.hours, facts.now)) return 'quiet_hours';
  return isBefore(facts.now, facts.notAfter) ? null : 'too_late';
}

function heldBy(facts: GateFacts): Reason | null {
  if (facts.businessStatus === 'paused') return 'business_inactive';
  return facts.registrationPending ? 'registration_pending' : null;
}

function deferralOf(facts: GateFacts): { until: Instant; reason: Reason } | null {
  const quiet = !isAllowed(facts.hours, facts.now);
  const capped = isCapped(facts);
  if (!quiet && !capped) return null;
  const capEnd = capped ? later(facts.now, facts.contactCap.freesAt ?? plusMs(facts.now, HOUR_MS)) : facts.now;
  const openedAt = nextAllowed(facts.hours, capEnd);
  const until = openedAt === capEnd || !isBefore(openedAt, facts.notAfter) ? openedAt : spreadAfter({ ...facts, openedAt });
  return { until, reason: quiet ? 'quiet_hours' : 'contact_cap' };
}

/** The one confirmation of an opt-out, and HELP, answer somebody who is opted out (R20, R33). */
const passesSuppression = ({ messageClass, rule }: GateFacts): boolean =>
  messageClass === 'reply' && (rule === 'opt_out_ack' || rule === 'help');

/** A reply answers the person's own message, and staff are no contacts. */
const needsConsent = (messageClass: MessageClass): boolean => messageClass !== 'reply' && messageClass !== 'staff';

/** Reminders and notices count and are never held back by the cap: only what can wait waits (R24). */
const isCapped = ({ messageClass, contactCap }: GateFacts): boolean =>
  (messageClass === 'review' || messageClass === 'marketing') && contactCap.sentIn24h >= contactCap.limit;
