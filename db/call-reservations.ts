import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

// A call's place in the business's caps (R24), taken by lockCap's order and given back when the call surely did not take place.

/** Whether this call has its place already. */
export async function hasReservation(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx('callReservations').where({ id }).whereNull('releasedAt').limit(1).select<{ id: string }[]>('id');
  return rows.length > 0;
}

export async function reserveCall(tx: Tx, { id, contactId, now }: { id: string; contactId: string; now: Instant }): Promise<void> {
  await tx('callReservations').insert({ businessId: tx.raw('current_business()'), id, contactId, reservedAt: now });
}

export async function releaseCall(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<void> {
  await tx('callReservations').where({ id }).whereNull('releasedAt').update({ releasedAt: now });
}
