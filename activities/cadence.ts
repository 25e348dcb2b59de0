import type { EnrolmentFacts } from '../db/cadence-facts';
import { findEnrolmentFacts } from '../db/cadence-facts';
import type { StepMessage } from '../db/cadence-messages';
import { findStepMessages, rewordPlanned, settlePassed } from '../db/cadence-messages';
import type { CadenceStateRow } from '../db/cadence-states';
import { dropPlanned, endStates, findState, noteFares, noteProgress } from '../db/cadence-states';
import { recordEvent } from '../db/events-ledger';
import { dropMessage, savePlanned } from '../db/messages';
import { findPermissionFacts } from '../db/permission-facts';
import { noteProcess } from '../db/processes';
import type { Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { cadenceSendKey, outcomesToTell } from '../domain/cadence';
import type { CadencePlan } from '../domain/cadence-plan';
import { planCadence as planSteps } from '../domain/cadence-plan';
import { plusMs, type Instant } from '../domain/time';
import { cadenceProcess } from '../workflows/contracts/cadence';
import type { Plan, PlanInput } from '../workflows/contracts/doorbell';
import { factsOf, lastStatusOf, lastSentOf, ruleOf, toRow, turnOf, wakeOf, type Wake } from './cadence-rows';
import type { Deps } from './deps';
import { dncSince } from './dnc';

export type CadenceDeps = Pick<Deps, 'db' | 'clock' | 'newId' | 'dnc'>;

/** One look at an enrolment: it stands still, by its lock, until the transaction ends. */
type Look = { deps: CadenceDeps; state: CadenceStateRow; now: Instant };

/**
 * Plans a person's next step in a cadence from fresh facts, or ends it with the reason (R52), and answers what is next. Safe to run twice because send_key is
 * unique, a step whose turn is over is settled once, and each outcome is told to the ledger of events under the enrolment's lock. Throws RowMissing (final).
 */
export async function planCadence(deps: CadenceDeps, { businessId, id, now: workflowNow }: PlanInput): Promise<Plan> {
  const { now, leadMs } = await deps.clock.read(businessId, workflowNow);
  return withBusiness(deps.db, businessId, async (tx) => {
    const state = await findState(tx, id, 'forUpdate');
    const look = { deps, state, now };
    const { version, wake } = state.status === 'active' ? await planNext(tx, look) : await closeUp(tx, look);
    const { workflowId } = cadenceProcess(id);
    await noteProcess(tx, { workflowId, version, next: wake && { at: wake.at, what: wake.what }, now, leadMs });
    return { version, next: wake && toNext(wake, leadMs) };
  });
}

type Planned = { version: number; wake: Wake | null };

async function planNext(tx: Tx, look: Look): Promise<Planned> {
  const { state, deps, now } = look;
  const facts = await findEnrolmentFacts(tx, state.id);
  const permission = await findPermissionFacts(tx, { contactId: state.contactId, now, dncSince: dncSince(deps) });
  const rows = await findStepMessages(tx, state.id);
  const plan = planSteps(factsOf({ state, facts, permission, rows, now }));
  await writePassed(tx, { ...look, facts }, plan);
  if (plan.next.kind === 'end') {
    const [ended] = await endStates(tx, {
      contactIds: [state.contactId],
      cadenceId: state.cadenceId,
      reason: plan.next.reason,
      now,
    });
    await tell(tx, { ...look, cadence: facts.key }, await findStepMessages(tx, state.id));
    return { version: ended?.version ?? state.version, wake: null };
  }
  if (plan.next.kind === 'message') await writeMessage(tx, { ...look, facts }, plan.next.message);
  await dropOthers(tx, { ...look, rows }, plan);
  const written = await findStepMessages(tx, state.id);
  const wake = wakeOf(plan.next, written);
  await tell(tx, { ...look, cadence: facts.key }, written);
  await noteStep(tx, look, wake);
  return { version: state.version, wake };
}

/** It has ended: what is under way must still be looked into, and the rest is told. */
async function closeUp(tx: Tx, look: Look): Promise<Planned> {
  const { state, now } = look;
  await dropPlanned(tx, [state.id], { reason: 'cadence_ended', now });
  const { key } = await findEnrolmentFacts(tx, state.id);
  const rows = await findStepMessages(tx, state.id);
  await tell(tx, { ...look, cadence: key }, rows);
  const unclear = rows.find(({ status }) => status === 'sending');
  return { version: state.version, wake: unclear ? turnOf(unclear) : null };
}

type Writing = Look & { facts: EnrolmentFacts };
type Step = CadencePlan['passed'][number];

async function writePassed(tx: Tx, look: Writing, { passed }: CadencePlan): Promise<void> {
  const { state, now } = look;
  for (const message of passed) {
    await writeMessage(tx, look, message);
    const { step, channel, skip } = message;
    if (skip !== null) await settlePassed(tx, { sendKey: cadenceSendKey({ stateId: state.id, step, channel }), reason: skip, now });
  }
}

async function writeMessage(tx: Tx, { deps, state, facts, now }: Writing, message: Step): Promise<void> {
  const { step, channel, templateKey } = message;
  const sendKey = cadenceSendKey({ stateId: state.id, step, channel });
  const row = toRow(message, { id: deps.newId(), state, messageClass: facts.messageClass, now });
  await savePlanned(tx, [row], now);
  await rewordPlanned(tx, { sendKey, rule: ruleOf(templateKey), messageClass: facts.messageClass, template: templateKey });
}

/** What waited and is not the next message: another channel was taken, or the steps were edited. What was just settled stays as it is. */
async function dropOthers(tx: Tx, { state, now, rows }: Look & { rows: StepMessage[] }, { next }: CadencePlan): Promise<void> {
  const keep = next.kind === 'message' ? cadenceSendKey({ stateId: state.id, ...next.message }) : null;
  const waiting = rows.filter(({ status }) => status === 'planned' || status === 'held');
  for (const { id, sendKey } of waiting) if (sendKey !== keep) await dropMessage(tx, { id, reason: 'not_needed', now });
}

/** Notes how its messages fared, and tells the ledger of events, of each once. */
async function tell(tx: Tx, { deps, state, now, cadence }: Look & { cadence: string }, rows: StepMessage[]): Promise<void> {
  const told = outcomesToTell(
    rows.map((row) => ({ ...row, messageId: row.id })),
    state.noted,
  );
  for (const { type, messageId, step, channel, reason } of told) {
    const payload = { cadence, step, channel, message_id: messageId, ...(type === 'cadence.message_failed' && { reason }) };
    await recordEvent(tx, { id: deps.newId(), type, subjectId: state.contactId, payload, now });
  }
  const noted = [...state.noted, ...told.map(({ mark }) => mark)];
  await noteFares(tx, { id: state.id, noted, sentAt: lastSentOf(rows), lastStatus: lastStatusOf(rows) });
}

async function noteStep(tx: Tx, { state, now }: Look, { step, at }: Wake): Promise<void> {
  const queuedAt = step === state.step && state.queuedAt !== null ? state.queuedAt : now;
  await noteProgress(tx, { id: state.id, step, nextActionAt: at, queuedAt }, now);
}

/** The next step on the workflow's own clock, which the business's may lead. */
const toNext = ({ messageId, queue, what, why, at, looksOnly }: Wake, leadMs: number): NonNullable<Plan['next']> => ({
  messageId,
  queue,
  what,
  ...(why !== null && { why }),
  wakeAt: plusMs(at, -leadMs),
  ...(looksOnly && { looksOnly }),
});
