import { v7 as newId } from 'uuid';
import type { AppointmentRow } from '../db/appointments';
import { endCadences, enrolAll, leaveAtAddress, leaveCadences, type Address, type Started } from '../db/cadence-enrolment';
import { hasVisitAhead } from '../db/cadence-facts';
import type { CadenceRow } from '../db/cadences';
import { findTriggered } from '../db/cadences';
import type { StatesOf } from '../db/cadence-states';
import { touchStates, touchStatesById } from '../db/cadence-states';
import { ringAll, type Lane } from '../db/doorbell';
import { moveBuckets } from '../db/lead-status';
import type { Tx } from '../db/tenancy';
import type { AppointmentAction } from '../domain/appointment';
import type { CadenceEnding } from '../domain/cadence';
import { decideStart } from '../domain/cadence';
import type { LeadFact } from '../domain/lead-status';
import { bucketAfter, FACT_OF_START } from '../domain/lead-status';
import type { Instant } from '../domain/time';
import { cadenceProcess } from '../workflows/contracts/cadence';

// What a fact about a person means to the cadence they are in and to where they stand, in the fact's own transaction (R52). Exits come before the address is
// locked: a message at its mark has locked its own row first and waits for the address.

const RULES = { decide: decideStart, factOfStart: FACT_OF_START, bucketAfter, processOf: cadenceProcess };

type Enrolling = { contactId: string; cadence: CadenceRow; appointmentId?: string; now: Instant };

/** Starts a cadence for a person and moves them where it says they are. The same again changes nothing. */
export async function enrol(tx: Tx, { contactId, ...of }: Enrolling): Promise<Started> {
  const [started] = await enrolAll(tx, { contactIds: [contactId], newId, ...of }, RULES);
  if (!started) throw new RangeError('one was asked about');
  return started;
}

type About = { contactIds: string[]; now: Instant };

/** They wrote, in whatever words but those of an opt-out. */
export const noteReply = (tx: Tx, about: About): Promise<void> => leaveCadences(tx, { ...about, fact: 'replied' }, RULES);

/** They have a visit. */
export const noteBooked = (tx: Tx, { contactId, now }: Of): Promise<void> =>
  leaveCadences(tx, { contactIds: [contactId], now, fact: 'booked' }, RULES);

/** They want no more messages, over whatever channel they said so. */
export const noteOptedOut = (tx: Tx, about: About): Promise<void> => leaveCadences(tx, { ...about, fact: 'opted_out' }, RULES);

/** The same of everybody at an address. */
export const noteAddressOptedOut = (tx: Tx, address: Address & { now: Instant }): Promise<void> => leaveAtAddress(tx, address, RULES);

/** They took an opt-out back. */
export const noteReturned = (tx: Tx, { contactIds, now }: About): Promise<void> => move(tx, { contactIds, now }, 'returned');

type Of = { contactId: string; now: Instant };

/** What a visit's new status means to its person's cadence, and to where they stand. */
export async function noteStatus(
  tx: Tx,
  visit: Pick<AppointmentRow, 'id' | 'contactId'>,
  { action, now }: { action: AppointmentAction; now: Instant },
): Promise<void> {
  const about = { contactIds: [visit.contactId], now };
  if (action === 'no_show') return noteNoShow(tx, visit, now);
  if (action === 'complete') return move(tx, about, 'visited');
  // With another visit ahead they are booked as before.
  if (action === 'cancel' && !(await hasVisitAhead(tx, { ...visit, now }))) return move(tx, about, 'cancelled');
  if (action !== 'undo') return;
  // The visit is on again: what its no-show began stops.
  await endCadences(tx, { ...about, appointmentId: visit.id, reason: 'stopped' }, cadenceProcess);
  await move(tx, about, 'booked');
}

/** Nobody came: followed up after the visit's own follow-up, if the business does that and no other visit lies ahead. */
async function noteNoShow(tx: Tx, { id: appointmentId, contactId }: Pick<AppointmentRow, 'id' | 'contactId'>, now: Instant): Promise<void> {
  await move(tx, { contactIds: [contactId], now }, 'no_show');
  const cadence = await findTriggered(tx, 'no_show_recovery');
  if (!cadence || (await hasVisitAhead(tx, { contactId, now }))) return;
  await enrol(tx, { contactId, cadence, appointmentId, now });
}

/** Stops what a person is in, or one cadence of it. */
export const stopCadence = (
  tx: Tx,
  { contactId, cadenceId, reason = 'stopped', now }: Of & { cadenceId?: string; reason?: CadenceEnding },
): Promise<number> =>
  endCadences(tx, { contactIds: [contactId], ...(cadenceId !== undefined && { cadenceId }), reason, now }, cadenceProcess);

/** Makes running enrolments plan again: what their people may be sent, or what the cadence says, has changed. Answers how many. */
export async function replanCadences(tx: Tx, { lane, now, ...of }: StatesOf & { lane: Lane; now: Instant }): Promise<number> {
  const touched = await touchStates(tx, { ...of, now });
  await ringStates(tx, touched, { lane, now });
  return touched.length;
}

/** The same of enrolments one of whose messages changed. */
export async function replanEnrolments(tx: Tx, ids: string[], { lane, now }: { lane: Lane; now: Instant }): Promise<void> {
  await ringStates(tx, await touchStatesById(tx, [...new Set(ids)], now), { lane, now });
}

const ringStates = (tx: Tx, states: { id: string; version: number }[], { lane, now }: { lane: Lane; now: Instant }): Promise<void> =>
  ringAll(
    tx,
    states.map(({ id, version }) => ({ ...cadenceProcess(id), version, now, lane })),
  );

const move = (tx: Tx, { contactIds, now }: About, fact: LeadFact): Promise<void> =>
  moveBuckets(tx, { contactIds, at: now }, (bucket) => bucketAfter(bucket, fact));
