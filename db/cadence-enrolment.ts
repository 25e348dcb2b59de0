import type { CadenceEnding, CadenceTrigger, Running, StartDecision, Wanted } from '../domain/cadence';
import type { Bucket, LeadFact } from '../domain/lead-status';
import type { Channel } from '../domain/message';
import type { Instant } from '../domain/time';
import type { CadenceRow } from './cadences';
import type { CadenceStateRow, EndingOf } from './cadence-states';
import { endStates, insertState, lockActive } from './cadence-states';
import { findContactsByHash } from './contacts';
import { ringAll, type Lane } from './doorbell';
import { moveBuckets } from './lead-status';
import type { Tx } from './tenancy';

// Starts and ends of cadences, for the api and the activities alike, and where they leave people. The rules and the process's name are arguments: db knows neither.

export type ProcessOf = (id: string) => { kind: string; workflowId: string };
export type Rules = {
  decide: (running: Running | null, wanted: Wanted) => StartDecision;
  factOfStart: Partial<Record<CadenceTrigger, LeadFact>>;
  bucketAfter: (current: Bucket | null, fact: LeadFact) => Bucket | null;
  processOf: ProcessOf;
};

type Cadence = Pick<CadenceRow, 'id' | 'trigger' | 'priority' | 'enabled'>;
export type Enrolling = {
  contactIds: string[];
  cadence: Cadence;
  newId: () => string;
  /** The visit that they missed. */
  appointmentId?: string;
  now: Instant;
  lane?: Lane;
};
export type Started = { contactId: string; decision: StartDecision; state: CadenceStateRow | null };

/**
 * Starts a cadence for people, in the fact's own transaction: what is less important makes room, what is as important stays (R52), and who began stands where
 * that says they are. Answers the decision for each, and the enrolment that is or was there: null where none may begin. The same again changes nothing.
 */
export async function enrolAll(tx: Tx, { contactIds, ...start }: Enrolling, rules: Rules): Promise<Started[]> {
  const started: Started[] = [];
  for (const contactId of contactIds) started.push(await startOne(tx, { ...start, contactId }, rules));
  const fact = rules.factOfStart[start.cadence.trigger];
  const begun = started.filter(({ decision }) => decision === 'start' || decision === 'supersede').map(({ contactId }) => contactId);
  if (fact) await moveBuckets(tx, { contactIds: begun, at: start.now }, (bucket) => rules.bucketAfter(bucket, fact));
  return started;
}

type Start = Omit<Enrolling, 'contactIds'> & { contactId: string };

async function startOne(tx: Tx, start: Start, { decide, processOf }: Rules): Promise<Started> {
  const { contactId, cadence, newId, appointmentId = null, now, lane = 0 } = start;
  for (;;) {
    const running = (await lockActive(tx, contactId)) ?? null;
    const decision = decide(running, { cadenceId: cadence.id, priority: cadence.priority, enabled: cadence.enabled });
    if (decision === 'already') return { contactId, decision, state: running };
    if (decision === 'outranked' || decision === 'off') return { contactId, decision, state: null };
    if (running !== null) await endCadences(tx, { contactIds: [contactId], reason: 'superseded', now }, processOf);
    const state = await insertState(tx, { id: newId(), cadenceId: cadence.id, contactId, appointmentId, now });
    // Somebody else was faster: the constraint gave way, and their enrolment is looked at.
    if (!state) continue;
    await ringAll(tx, [{ ...processOf(state.id), version: state.version, now, lane }]);
    return { contactId, decision, state };
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

export type Leaving = { contactIds: string[]; now: Instant; fact: LeadFact & CadenceEnding };

/** A fact about people that ends whatever cadence they are in, and moves them where it says they are. */
export async function leaveCadences(tx: Tx, { contactIds, now, fact }: Leaving, { bucketAfter, processOf }: LeavingRules): Promise<void> {
  await endCadences(tx, { contactIds, reason: fact, now }, processOf);
  await moveBuckets(tx, { contactIds, at: now }, (bucket) => bucketAfter(bucket, fact));
}
type LeavingRules = Pick<Rules, 'bucketAfter' | 'processOf'>;

export type Address = { channel: Channel; addressHash: string };

/** An opt-out is of everybody at the address: nobody knows which of them it was. */
export async function leaveAtAddress(tx: Tx, { now, ...address }: Address & { now: Instant }, rules: LeavingRules): Promise<void> {
  const contacts = await findContactsByHash(tx, address);
  await leaveCadences(tx, { contactIds: contacts.map(({ id }) => id), fact: 'opted_out', now }, rules);
}
