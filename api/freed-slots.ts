import { v7 as newId } from 'uuid';
import type { AppointmentRow } from '../db/appointments';
import { ring } from '../db/doorbell';
import type { FreedCause, FreedSlotRow } from '../db/freed-slots';
import { findOpenSlotsOf, findOpenSlotsWithin, insertFreedSlot } from '../db/freed-slots';
import { nextVersions } from '../db/processes';
import type { Tx } from '../db/tenancy';
import { isAwaited } from '../db/waitlist';
import type { Instant } from '../domain/time';
import { hasLead } from '../domain/waitlist';
import { waitlistOfferProcess } from '../workflows/contracts/waitlist-offer';

// What a change of the calendar means to the waitlist, in the change's own transaction: a time that became free is offered, one that was taken is not any more.

export type Freed = {
  serviceId: string;
  staffId: string | null;
  appointmentId: string | null;
  cause: FreedCause;
  startsAt: Instant;
  endsAt: Instant;
  now: Instant;
};

type Gone = Pick<AppointmentRow, 'id' | 'serviceId' | 'staffId' | 'startsAt' | 'endsAt'>;

/** A visit left its time: it is offered if somebody waits for the service and it is still an hour away. The process decides the rest. */
export async function noteFreed(tx: Tx, visit: Gone, { cause, now }: { cause: 'cancelled' | 'moved'; now: Instant }): Promise<void> {
  const { id: appointmentId, serviceId, staffId, startsAt, endsAt } = visit;
  if (!hasLead(visit, now) || !(await isAwaited(tx, serviceId))) return;
  await offerFreed(tx, { serviceId, staffId, startsAt, endsAt, appointmentId, cause, now });
}

/** Offers a time to the waitlist, whoever is on it. The same time twice is one slot. */
export async function offerFreed(tx: Tx, { now, ...freed }: Freed): Promise<FreedSlotRow> {
  const { slot, isNew } = await insertFreedSlot(tx, { id: newId(), ...freed, now });
  if (isNew) await ring(tx, { ...waitlistOfferProcess(slot.id), version: 1, now });
  else await wakeSlots(tx, [slot.id], now);
  return slot;
}

/** Somebody has a time now: what is being offered of it is looked at again, so that the offers are withdrawn at once (R60). After the time was taken. */
export async function noteTaken(tx: Tx, { startsAt, endsAt, now }: { startsAt: Instant; endsAt: Instant; now: Instant }): Promise<void> {
  await wakeSlots(tx, await findOpenSlotsWithin(tx, { startsAt, endsAt }), now);
}

/** The waitlist of a service changed: slots that are being offered may suit somebody else now. */
export async function noteWaiting(tx: Tx, { serviceId, now }: { serviceId: string; now: Instant }): Promise<void> {
  await wakeSlots(tx, await findOpenSlotsOf(tx, serviceId), now);
}

/** A slot has no version of its own: its process is rung one higher than ever before. */
export async function wakeSlots(tx: Tx, slotIds: string[], now: Instant): Promise<void> {
  const processes = slotIds.map(waitlistOfferProcess);
  const versions = await nextVersions(
    tx,
    processes.map(({ workflowId }) => workflowId),
  );
  for (const process of processes) await ring(tx, { ...process, version: versions.get(process.workflowId) ?? 1, now });
}
