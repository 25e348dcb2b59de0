import type { FreedSlotStatus } from '../domain/waitlist-offer';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

export type FreedCause = 'cancelled' | 'moved' | 'time_off' | 'asked';

/** A time that became free and is offered to the waitlist. `staffId` null: whoever gives the service then. */
export type FreedSlotRow = {
  id: string;
  serviceId: string;
  staffId: string | null;
  /** The visit that was cancelled or moved away. */
  appointmentId: string | null;
  cause: FreedCause;
  startsAt: Instant;
  endsAt: Instant;
  status: FreedSlotStatus;
  closedAt: Instant | null;
  createdAt: Instant;
};

export type NewFreedSlot = Omit<FreedSlotRow, 'status' | 'closedAt' | 'createdAt'> & { now: Instant };

/** Notes that a time is free. Answers the slot, and whether it is new: the same time is offered once while its offers run. */
export async function insertFreedSlot(tx: Tx, { now, ...row }: NewFreedSlot): Promise<{ slot: FreedSlotRow; isNew: boolean }> {
  const [created] = await tx('freedSlots')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now })
    .onConflict(tx.raw(`(business_id, starts_at, service_id, staff_id) where status = 'open'`))
    .ignore()
    .returning<FreedSlotRow[]>('*');
  if (created) return { slot: created, isNew: true };
  const { startsAt, serviceId, staffId } = row;
  return {
    slot: one('freed slot', await tx('freedSlots').where({ startsAt, serviceId, staffId, status: 'open' }).select<FreedSlotRow[]>('*')),
    isNew: false,
  };
}

/** Throws RowMissing. Answers and the slot's own process take it for update, first of all: what they do to one slot happens one after the other. */
export async function findFreedSlot(tx: Tx, id: string, lock?: 'forUpdate'): Promise<FreedSlotRow> {
  const query = tx('freedSlots').where({ id });
  return one('freed slot', await (lock ? query.forUpdate() : query).select<FreedSlotRow[]>('*'));
}

export async function closeFreedSlot(tx: Tx, { id, status, now }: { id: string; status: FreedSlotStatus; now: Instant }): Promise<void> {
  await tx('freedSlots').where({ id, status: 'open' }).update({ status, closedAt: now });
}

/** Slots that are being offered and lie within some hours of a visit: what was just booked, with its buffers, may be one of them. */
export async function findOpenSlotsWithin(tx: Tx, { startsAt, endsAt }: { startsAt: Instant; endsAt: Instant }): Promise<string[]> {
  const rows = await tx('freedSlots')
    .where({ status: 'open' })
    .whereRaw(`starts_at < ?::timestamptz + interval '8 hours' and ends_at > ?::timestamptz - interval '8 hours'`, [endsAt, startsAt])
    .orderBy('id')
    .select<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}

/** Slots of a service that are being offered: somebody new may want them. */
export async function findOpenSlotsOf(tx: Tx, serviceId: string): Promise<string[]> {
  const rows = await tx('freedSlots').where({ status: 'open', serviceId }).orderBy('id').select<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}
