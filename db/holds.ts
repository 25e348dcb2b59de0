import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

export type HeldTime = { staffIds: string[]; resourceIds: string[]; from: Instant; to: Instant; now: Instant };

/** Frees holds that have expired and stand in the way, before a booking tries its luck (R12). */
export async function expireStaleHolds(tx: Tx, { staffIds, resourceIds, from, to, now }: HeldTime): Promise<void> {
  await tx.raw(
    `update appointments set status = 'expired', previous_status = 'held', status_changed_at = :now, version = version + 1, updated_at = :now
     where id in (
       select a.id from appointments a
       where a.status = 'held' and a.hold_expires_at <= :now and a.busy && tstzrange(:from, :to)
         and (a.staff_id = any(:staffIds::uuid[]) or exists (
           select 1 from appointment_resources r where r.appointment_id = a.id and r.resource_id = any(:resourceIds::uuid[])))
       order by a.id for update)`,
    { now, from, to, staffIds, resourceIds },
  );
}

/** Expires one hold of this business if its time is up. Answers whether it did. */
export async function expireHold(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<boolean> {
  const changed = await tx('appointments')
    .where({ id, status: 'held' })
    .where('holdExpiresAt', '<=', now)
    .update({ status: 'expired', previousStatus: 'held', statusChangedAt: now, version: tx.raw('version + 1'), updatedAt: now });
  return changed > 0;
}
