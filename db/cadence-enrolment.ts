import type { CadenceEnding, Running, StartDecision, Wanted } from '../domain/cadence';
import type { Instant } from '../domain/time';
import type { CadenceRow } from './cadences';
import type { CadenceStateRow, EndingOf } from './cadence-states';
import { endStates, insertState, lockActive } from './cadence-states';
import { ringAll, type Lane } from './doorbell';
import type { Tx } from './tenancy';

// Starts and ends of cadences, for the api and the activities alike. The rule and the process's name are arguments: db knows neither.

export type ProcessOf = (id: string) => { kind: string; workflowId: string };

export type Start = {
  id: string;
  contactId: string;
  cadence: Pick<CadenceRow, 'id' | 'priority' | 'enabled'>;
  /** The visit that they missed. */
  appointmentId?: string;
  now: Instant;
  lane?: Lane;
};
export type Rules = { decide: (running: Running | null, wanted: Wanted) => StartDecision; processOf: ProcessOf };
export type Started = { decision: StartDecision; state: CadenceStateRow | null };

/**
 * Starts a cadence for a person, in the fact's own transaction: what is less important makes room, what is as important stays (R52). Answers the decision, and
 * the enrolment that is or was there: null where none may begin. The same again changes nothing.
 */
export async function startCadence(tx: Tx, start: Start, { decide, processOf }: Rules): Promise<Started> {
  const { id, contactId, cadence, appointmentId = null, now, lane = 0 } = start;
  for (;;) {
    const running = (await lockActive(tx, contactId)) ?? null;
    const decision = decide(running, { cadenceId: cadence.id, priority: cadence.priority, enabled: cadence.enabled });
    if (decision === 'already') return { decision, state: running };
    if (decision === 'outranked' || decision === 'off') return { decision, state: null };
    if (running !== null) await endCadences(tx, { contactIds: [contactId], reason: 'superseded', now }, processOf);
    const state = await insertState(tx, { id, cadenceId: cadence.id, contactId, appointmentId, now });
    // Somebody else was faster: the constraint gave way, and their enrolment is looked at.
    if (!state) continue;
    await ringAll(tx, [{ ...processOf(id), version: state.version, now, lane }]);
    return { decision, state };
  }
}

/** Ends the cadences of people, drops what has not left and rings their processes, in the fact's own transaction (R52). Answers how many ended. */
export async function endCadences(
  tx: Tx,
  { reason, now, ...of }: EndingOf & { reason: CadenceEnding; now: Instant },
  processOf: ProcessOf,
): Promise<number> {
  const ended = await endStates(tx, { ...of, reason, now });
  await ringAll(
    tx,
    ended.map(({ id, version }) => ({ ...processOf(id), version, now })),
  );
  return ended.length;
}
