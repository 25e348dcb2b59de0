import { touchAppointments } from '../db/appointments';
import { ringAll, type Lane } from '../db/doorbell';
import { moveAheadToZone, touchAhead, type VisitsOf } from '../db/open-visits';
import { nextVersions } from '../db/processes';
import { releaseHeld, type Released } from '../db/sending';
import type { Tx } from '../db/tenancy';
import { findOffersCarried } from '../db/waitlist-offers';
import type { Instant } from '../domain/time';
import { appointmentProcess } from '../workflows/contracts/appointment';
import { messageDeliveryProcess } from '../workflows/contracts/message-delivery';
import { replanCadences, replanEnrolments } from './cadences';
import { wakeSlots } from './freed-slots';

const BATCH = 500;

/**
 * Lets go what was held for a reason that is over: the business was paused, its number's registration under way. Each is judged again at its turn, so nothing
 * past its last useful moment goes (R7).
 */
export async function release(
  tx: Tx,
  { reason, now }: { reason: 'business_inactive' | 'registration_pending'; now: Instant },
): Promise<void> {
  await ringMessages(tx, await releaseHeld(tx, { reason, now }), { lane: 1, now });
}

/** Wakes the processes of messages that were changed: their visits', their cadences', their offers' slots', or their own. */
export async function ringMessages(tx: Tx, messages: Released[], { lane, now }: { lane: Lane; now: Instant }): Promise<void> {
  const visits = await touchAppointments(
    tx,
    messages.flatMap(({ appointmentId, inPlan }) => (inPlan && appointmentId !== null ? [appointmentId] : [])),
    now,
  );
  await replanEnrolments(
    tx,
    messages.flatMap(({ cadenceStateId }) => cadenceStateId ?? []),
    { lane, now },
  );
  const outside = messages.filter(({ inPlan, cadenceStateId }) => !inPlan && cadenceStateId === null);
  // What carries an open offer is its slot's, which takes the next channel too.
  const carried = await findOffersCarried(
    tx,
    outside.map(({ id }) => id),
  );
  await wakeSlots(tx, [...new Set(carried.map(({ freedSlotId }) => freedSlotId))], now);
  const alone = outside
    .filter(({ id }) => !carried.some(({ messageId }) => messageId === id))
    .map(({ id, firstId }) => messageDeliveryProcess(firstId ?? id));
  // A message has no version of its own: its process is rung one higher than ever before.
  const versions = await nextVersions(
    tx,
    alone.map(({ workflowId }) => workflowId),
  );
  await ringAll(tx, [
    ...visits.map(({ id, version }) => ({ ...appointmentProcess(id), version, now, lane })),
    ...alone.map((process) => ({ ...process, version: versions.get(process.workflowId) ?? 1, now, lane })),
  ]);
}

type Next = (page: { after: string | null; limit: number }) => Promise<{ id: string; version: number }[]>;

/**
 * Makes the processes of all visits ahead plan again, in the fact's own transaction, and the cadences of their people. Lane 1 for what reaches many. Answers how
 * many visits.
 */
export async function replanVisits(tx: Tx, { lane, now, ...of }: VisitsOf & { lane: Lane; now: Instant }): Promise<number> {
  const contactIds = of.contactIds ?? (of.contactId === undefined ? undefined : [of.contactId]);
  // What concerns one member of staff or one place is nothing to a cadence.
  if (contactIds !== undefined || Object.keys(of).length === 0)
    await replanCadences(tx, { ...(contactIds !== undefined && { contactIds }), lane, now });
  return ringBatches(tx, { lane, now, next: (page) => touchAhead(tx, { ...of, ...page, now }) });
}

/** Gives the visits ahead of a location its new zone, and plans them again. Answers how many. */
export function replanInZone(tx: Tx, { locationId, zone, now }: { locationId: string; zone: string; now: Instant }): Promise<number> {
  return ringBatches(tx, { lane: 1, now, next: (page) => moveAheadToZone(tx, { locationId, zone, ...page, now }) });
}

async function ringBatches(tx: Tx, { lane, now, next }: { lane: Lane; now: Instant; next: Next }): Promise<number> {
  let count = 0;
  let after: string | null = null;
  for (;;) {
    const batch: { id: string; version: number }[] = await next({ after, limit: BATCH });
    await ringAll(
      tx,
      batch.map(({ id, version }) => ({ ...appointmentProcess(id), version, now, lane })),
    );
    count += batch.length;
    after = batch.at(-1)?.id ?? null;
    if (batch.length < BATCH) return count;
  }
}
