import type { ContactChannel, MessageClass, MessageRule, Reason } from './message';
import { isAllowed, nextAllowed, type ContactHours } from './quiet-hours';
import type { RecipientPlace } from './recipient-place';
import { spreadAfter } from './reminders';
import { passesSuppression } from './suppression';
import { HOUR_MS, isBefore, later, MINUTE_MS, plusMs, type Instant } from './time';

/** A limit over a sliding span. `freesAt`: when there is room again; null while there is, and when there never will be. */
export type Cap = { used: number; limit: number; freesAt: Instant | null };

/** The external do-not-call list's word. `off`: none is asked. `unknown`: it did not answer, or has not been asked lately. */
export type DncCheck = 'off' | 'clear' | 'listed' | 'unknown';

/** Numbers abroad: all are written to, those of people with visits here, or none. */
export type InternationalPolicy = 'none' | 'visits' | 'all';

/** All that the gate looks at. Holds nothing that tells who somebody is: it is stored with the decision. */
export type GateFacts = {
  /** The clock at the mark, not when the message was planned. */
  now: Instant;
  notAfter: Instant;
  /** Null: no message, a question about what would be allowed. */
  rule: MessageRule | null;
  messageClass: MessageClass;
  channel: ContactChannel;
  businessStatus: 'active' | 'paused' | 'canceled';
  /** An opt-out closes this channel for this class (suppression.ts). */
  suppressed: boolean;
  /** The number is on the business's own do-not-call list. */
  onOwnDncList: boolean;
  dncCheck: DncCheck;
  /** Consent of this person for this channel and the class's purpose stands (R25). */
  consent: boolean;
  channelUsable: boolean;
  /** The business has said where it can be reached by post: marketing e-mail must (CAN-SPAM). */
  postalAddressKnown: boolean;
  hours: ContactHours;
  /** What the recipient's zones come from; null for staff. */
  zoneSource: RecipientPlace['source'] | null;
  /** Calls of the business in the last minute and in the last 24 h. */
  callsPerMin: Cap;
  callsPerDay: Cap;
  /** Automated messages to this person in the last 24 h (R24). */
  contactCap: Cap;
  /** The number is of another country than the business's own sender. */
  abroad: boolean;
  international: InternationalPolicy;
  /** The call is a trial's, and trials may not call out. */
  trialOutboundDisabled: boolean;
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

/** Automated messages a person gets in 24 h at most, calls of a business per minute and per day (R24). */
export const CONTACT_CAP = 3;
export const CALLS_PER_MIN = 5;
export const CALLS_PER_DAY = 50;

/**
 * Whether a message or call may go now (R23). A final no wins over held, held over deferred; within a kind the first in R23's order is the reason.
 * What could only go when it is of no use any more is skipped, not deferred. A call that is refused is refused for good (R51), but waits for a
 * do-not-call list that does not answer.
 */
export function gate(facts: GateFacts): GateAnswer {
  const final = first(FINAL, facts);
  if (final) return { kind: 'skip', reason: final };
  const deferral = deferralOf(facts);
  if (deferral && !isBefore(deferral.until, facts.notAfter)) return { kind: 'skip', reason: 'too_late' };
  const held = first(HELD, facts);
  if (held) return { kind: 'hold', reason: held };
  return deferral ? { kind: 'defer', ...deferral } : { kind: 'send' };
}

/** Why this address cannot be written to over this channel at any hour, in R23's order: another channel may be open (B1). Null: it can. */
export const closedBy = (facts: GateFacts): Reason | null =>
  first(
    FINAL.filter(([reason]) => OF_THE_ADDRESS.includes(reason)),
    facts,
  ) ?? (facts.registrationPending ? 'registration_pending' : null);

/** Reminders and notices count and are never held back by the cap: only what can wait waits (R24). */
export const isCapped = ({ messageClass }: Pick<GateFacts, 'messageClass'>): boolean =>
  messageClass === 'review' || messageClass === 'marketing';

type Check = (facts: GateFacts) => boolean;
type Checks = readonly (readonly [Reason, Check])[];

const first = (checks: Checks, facts: GateFacts): Reason | null => checks.find(([, applies]) => applies(facts))?.[0] ?? null;

const isCall: Check = ({ messageClass }) => messageClass === 'call';
/** A reply answers the person's own message, and staff are no contacts. */
const isToContactUnasked: Check = ({ messageClass }) => messageClass !== 'reply' && messageClass !== 'staff';
/** What we start by ourselves, without a visit that it is about. */
const isSolicitation: Check = ({ messageClass }) => messageClass === 'marketing' || messageClass === 'call';
const isFull = ({ used, limit }: Cap): boolean => used >= limit;
const isQuiet: Check = ({ hours, now }) => !isAllowed(hours, now);
/** Do-not-call lists hold numbers. */
const isByNumber: Check = ({ channel }) => channel !== 'email';

/** In the order of R23, each list. */
const FINAL: Checks = [
  // Nobody waits for a call until the business resumes.
  ['business_inactive', (facts) => facts.businessStatus === 'canceled' || (isCall(facts) && facts.businessStatus === 'paused')],
  ['suppressed', (facts) => facts.suppressed && facts.messageClass !== 'staff' && !passesSuppression(facts)],
  [
    'dnc',
    (facts) => isByNumber(facts) && (facts.onOwnDncList ? isToContactUnasked(facts) : facts.dncCheck === 'listed' && isSolicitation(facts)),
  ],
  ['no_consent', (facts) => !facts.consent && isToContactUnasked(facts)],
  ['channel_unusable', ({ channelUsable }) => !channelUsable],
  ['no_postal_address', (facts) => !facts.postalAddressKnown && facts.channel === 'email' && facts.messageClass === 'marketing'],
  ['quiet_hours', (facts) => isCall(facts) && isQuiet(facts)],
  ['velocity_per_min', (facts) => isCall(facts) && isFull(facts.callsPerMin)],
  ['velocity_daily', (facts) => isCall(facts) && isFull(facts.callsPerDay)],
  ['international_blocked', (facts) => isByNumber(facts) && facts.abroad && isBlockedAbroad(facts)],
  ['trial_outbound_disabled', (facts) => facts.trialOutboundDisabled && isToContactUnasked(facts)],
  ['too_late', ({ now, notAfter }) => !isBefore(now, notAfter)],
];

const OF_THE_ADDRESS: readonly Reason[] = [
  'suppressed',
  'dnc',
  'no_consent',
  'channel_unusable',
  'no_postal_address',
  'international_blocked',
];

const HELD: Checks = [
  ['business_inactive', ({ businessStatus }) => businessStatus === 'paused'],
  ['registration_pending', (facts) => facts.registrationPending && !isCall(facts)],
];

const DEFERRED: Checks = [
  ['dnc', (facts) => isByNumber(facts) && isSolicitation(facts) && facts.dncCheck === 'unknown'],
  ['quiet_hours', isQuiet],
  ['contact_cap', (facts) => isCapped(facts) && isFull(facts.contactCap)],
];

/** A list that did not answer is asked again after so long. */
const ASK_LIST_AGAIN_MS = 5 * MINUTE_MS;

/** Somebody with a visit here gave the number for it; nobody abroad asked for the rest. */
function isBlockedAbroad({ international, messageClass }: GateFacts): boolean {
  if (messageClass === 'reply' || messageClass === 'staff' || international === 'all') return false;
  return international === 'none' || (messageClass !== 'notice' && messageClass !== 'reminder');
}

/** Until everything that stands in the way is over, then to the next allowed minute. */
function deferralOf(facts: GateFacts): { until: Instant; reason: Reason } | null {
  const reasons = DEFERRED.filter(([, applies]) => applies(facts)).map(([reason]) => reason);
  const [reason] = reasons;
  if (reason === undefined) return null;
  const waitedFor = reasons.map((each) => waitedForUntil(each, facts)).reduce(later, facts.now);
  const openedAt = nextAllowed(facts.hours, waitedFor);
  const until = openedAt === waitedFor || !isBefore(openedAt, facts.notAfter) ? openedAt : spreadAfter({ ...facts, openedAt });
  return { until, reason };
}

function waitedForUntil(reason: Reason, { now, contactCap }: GateFacts): Instant {
  if (reason === 'dnc') return plusMs(now, ASK_LIST_AGAIN_MS);
  if (reason === 'contact_cap') return contactCap.freesAt ?? plusMs(now, HOUR_MS);
  return now; // quiet hours: nextAllowed
}
