import type { Fallback, PlanOutcome, Reach } from './appointment-facts';
import type { CadenceClass, CadenceEnding, CadenceStep } from './cadence';
import type { Channel, Reason } from './message';
import { channelOrder, routeOf, type Route } from './message-route';
import { contactHours, isAllowed, type QuietHours } from './quiet-hours';
import type { RecipientPlace } from './recipient-place';
import { quietPlacement } from './reminders';
import { DAY_MS, isBefore, MINUTE_MS, plusMs, type Instant } from './time';

/** A step's message that comes so long after its time is of no use: the next one is (R3). */
export const STEP_USEFUL_MS = 7 * DAY_MS;
/** After the last step an answer is awaited for so long; a carrier that could not bring it says so by then. */
export const LISTEN_MS = DAY_MS;

/** A row of the ledger that belongs to an enrolment. */
export type StepRow = PlanOutcome & { id: string; step: number; sentAt: Instant | null; settledAt: Instant | null };

export type CadenceFacts = {
  now: Instant;
  stateId: string;
  startedAt: Instant;
  cadence: { enabled: boolean; messageClass: CadenceClass };
  /** In the order of their positions. */
  steps: readonly CadenceStep[];
  businessStatus: 'active' | 'paused' | 'canceled';
  quiet: QuietHours;
  contact: { reach: Reach; preferred: Channel | null; place: RecipientPlace };
  /** They have a visit that was booked since the cadence began. */
  hasBooked: boolean;
  rows: readonly StepRow[];
};

/** A step's message, and what will happen to it. */
export type PlannedStep = {
  step: number;
  templateKey: string;
  channel: Channel;
  dueAt: Instant;
  sendAt: Instant;
  notAfter: Instant;
  skip: Reason | null;
  hold: Reason | null;
  fallback: Fallback | null;
};

export type CadencePlan = {
  /** Steps whose turn has come and that nothing can send: settled as not sent, with the reason. */
  passed: PlannedStep[];
  next:
    | { kind: 'end'; reason: CadenceEnding }
    /** Somebody must find out what became of a message first. */
    | { kind: 'unclear'; row: StepRow }
    | { kind: 'message'; message: PlannedStep }
    | { kind: 'listen'; step: number; until: Instant };
};

/**
 * What an enrolment comes to at `now` (R52): its end with the reason, or the next step's message. A step counts its wait from the former's end, whatever that was;
 * a message that cannot go keeps its reason and the cadence goes on, but for one to somebody who wants none.
 */
export function planCadence(facts: CadenceFacts): CadencePlan {
  const unclear = facts.rows.find(({ status }) => status === 'sending');
  if (unclear) return { passed: [], next: { kind: 'unclear', row: unclear } };
  if (facts.hasBooked) return { passed: [], next: { kind: 'end', reason: 'booked' } };
  if (!facts.cadence.enabled) return { passed: [], next: { kind: 'end', reason: 'stopped' } };
  return walk(facts);
}

/** Where the walk stands: when the step before ended, and which one went out last. */
type At = { from: Instant; last: { step: number; sentAt: Instant } | null };

function walk(facts: CadenceFacts): CadencePlan {
  const passed: PlannedStep[] = [];
  let at: At = { from: facts.startedAt, last: null };
  for (const step of facts.steps) {
    const route = routeOfStep(facts, step);
    if (route.kept) {
      at = after(route.kept as StepRow, at, facts.now);
      continue;
    }
    if (route.skip === 'suppressed' || route.skip === 'dnc') return { passed, next: { kind: 'end', reason: 'opted_out' } };
    const message = messageOf(facts, { step, route, from: at.from });
    if (message.skip === null || isBefore(facts.now, message.dueAt)) return { passed, next: { kind: 'message', message } };
    passed.push(message);
    at = { ...at, from: facts.now };
  }
  return { passed, next: lastWord(facts, at) };
}

const routeOfStep = ({ contact, rows }: CadenceFacts, { position, channels }: CadenceStep): Route =>
  routeOf({
    channels: channelOrder(channels, contact.preferred),
    reach: contact.reach,
    rows: rows.filter(({ step }) => step === position),
  });

function after({ step, sentAt, settledAt }: StepRow, at: At, now: Instant): At {
  const from = sentAt ?? settledAt ?? now;
  return { from, last: sentAt === null ? at.last : { step, sentAt } };
}

/** After the last message a day to answer; nothing sent last, nothing to wait for. */
function lastWord({ now, steps }: CadenceFacts, { last }: At): CadencePlan['next'] {
  const until = last === null ? now : plusMs(last.sentAt, LISTEN_MS);
  if (last === null || last.step !== steps.at(-1)?.position || !isBefore(now, until)) return { kind: 'end', reason: 'finished' };
  return { kind: 'listen', step: last.step, until };
}

type Placing = { step: CadenceStep; route: Route; from: Instant };

function messageOf(facts: CadenceFacts, { step, route, from }: Placing): PlannedStep {
  const dueAt = plusMs(from, step.waitMin * MINUTE_MS);
  const notAfter = plusMs(dueAt, STEP_USEFUL_MS);
  const message = {
    step: step.position,
    templateKey: step.templateKey,
    channel: route.channel,
    dueAt,
    sendAt: dueAt,
    notAfter,
    hold: facts.businessStatus === 'paused' ? ('business_inactive' as const) : route.hold,
    fallback: route.fallback,
  };
  const skip = refusal(facts, { route, notAfter });
  if (skip !== null) return { ...message, skip };
  const sendAt = placed(facts, { route, dueAt, notAfter, step });
  return sendAt === null ? { ...message, skip: 'quiet_no_room' } : { ...message, sendAt, skip: null };
}

function refusal({ now, businessStatus }: CadenceFacts, { route, notAfter }: { route: Route; notAfter: Instant }): Reason | null {
  if (businessStatus === 'canceled') return 'business_inactive';
  return route.skip ?? (isBefore(now, notAfter) ? null : 'too_late');
}

type Due = { route: Route; dueAt: Instant; notAfter: Instant; step: CadenceStep };

/** Inside contact hours, as the gate will judge it; a turn that passed unused is late, and now may be night. */
function placed({ now, stateId, cadence, contact, quiet }: CadenceFacts, { route, dueAt, notAfter, step }: Due): Instant | null {
  const hours = contactHours({
    messageClass: cadence.messageClass,
    channel: route.channel,
    place: contact.place,
    quiet,
    causedByRecipientAt: null,
  });
  const place = (from: Instant): Instant | null => {
    const spreadKey = `${stateId}/${String(step.position)}`;
    const at = quietPlacement({ dueAt: from, notAfter, hours, pullBackTo: null, previousAt: null, spreadKey });
    return at.kind === 'at' ? at.sendAt : null;
  };
  const first = place(dueAt);
  return first !== null && isBefore(first, now) && !isAllowed(hours, now) ? place(now) : first;
}
