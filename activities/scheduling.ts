import { dropMessage, findNext, savePlanned } from '../db/messages';
import type { Next, Outcome } from '../db/messages';
import type { VisitFacts } from '../db/plan-facts';
import { noteProcess } from '../db/processes';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { findVisitPlan } from '../db/visit-plan';
import type { PlannedMessage } from '../domain/appointment-facts';
import { planAppointment as planMessages } from '../domain/appointment-plan';
import type { Reach } from '../domain/appointment-facts';
import type { Instant } from '../domain/time';
import { toAppointmentFacts } from '../domain/visit-rows';
import { plusMs } from '../domain/time';
import { appointmentProcess } from '../workflows/contracts/appointment';
import type { Plan, PlanInput } from '../workflows/contracts/doorbell';
import type { Deps } from './deps';
import { isSameMessage, reasonToDrop, sendKeyOf, toRow } from './visit-plan';

export type SchedulingDeps = Pick<Deps, 'db' | 'clock' | 'newId'>;

/**
 * Plans a visit's messages from fresh facts: writes what will happen to each and why, and answers what is next.
 * Safe to run twice because send_key is unique and only rows that nobody has decided are replaced. Throws RowMissing (final).
 */
export async function planAppointment(
  { db, clock, newId }: SchedulingDeps,
  { businessId, id, now: workflowNow }: PlanInput,
): Promise<Plan> {
  const { now, leadMs } = await clock.read(businessId, workflowNow);
  return withBusiness(db, businessId, async (tx) => {
    const found = await findVisitPlan(tx, { appointmentId: id, now, dncSince: null }); // the visit stands still until the plan is written
    const { visit, outcomes } = found;
    const { version } = visit.appointment;
    const { workflowId } = appointmentProcess(id);
    const facts = toAppointmentFacts({ ...found, now });
    const { messages } = planMessages(facts);
    await savePlanned(
      tx,
      messages
        .filter((message) => !isDecided(message, outcomes, id) && !isToldElsewhere(message, outcomes))
        .map((message) => toRow(message, { appointmentId: id, id: newId(), now })),
      now,
    );
    await dropLeftovers(tx, { messages, outcomes, reach: facts.contact.reach, appointment: visit.appointment, now });
    const next = await findNext(tx, id);
    await noteProcess(tx, { workflowId, version, next: next ? { at: next.sendAt, what: next.rule } : null, now, leadMs });
    return { version, next: toNext(next, leadMs) };
  });
}

/** The next step on the workflow's own clock, which the business's may lead. */
export function toNext(next: Next | undefined, leadMs: number): Plan['next'] {
  if (!next) return null;
  const { id: messageId, channel: queue, rule, reason, sendAt } = next;
  return { messageId, queue, what: `${rule} by ${queue}`, ...(reason !== null && { why: reason }), wakeAt: plusMs(sendAt, -leadMs) };
}

const isDecided = (message: PlannedMessage, outcomes: Outcome[], id: string): boolean => {
  const key = sendKeyOf(id, message);
  return outcomes.some((outcome) => outcome.sendKey === key && outcome.settled);
};

/** It is not sent, and the row of another channel says so already, for the same reason: one line is enough. */
const isToldElsewhere = (message: PlannedMessage, outcomes: Outcome[]): boolean =>
  message.skip !== null &&
  outcomes.some((outcome) => outcome.channel !== message.channel && outcome.reason === message.skip && isSameMessage(outcome, message));

type Leftovers = { messages: PlannedMessage[]; outcomes: Outcome[]; reach: Reach; appointment: VisitFacts['appointment']; now: Instant };

/** Pending rows that the plan names no longer say why: another version, a cancelled visit, a rule switched off, or another channel taken. */
async function dropLeftovers(tx: Tx, { outcomes, now, ...plan }: Leftovers): Promise<void> {
  const named = new Set(plan.messages.map((message) => sendKeyOf(plan.appointment.id, message)));
  const left = outcomes.filter(({ sendKey, status }) => (status === 'planned' || status === 'held') && !named.has(sendKey));
  for (const outcome of left) await dropMessage(tx, { id: outcome.id, reason: reasonToDrop(outcome, plan), now });
}
