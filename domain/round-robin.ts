import type { Instant } from './time';

/** A member of staff who is free for the slot. `bookingsThatDay` counts live visits on the visit's local day. */
export type StaffLoad = { id: string; bookingsThatDay: number; /** null: never */ lastBookedAt: Instant | null };

/**
 * Whom to book when several are free (R11): the preferred one; else the one with the fewest bookings that day, then the least recently booked,
 * then the smallest id, so that two processes that see the same facts choose the same person. Null when nobody is free.
 */
export function pickStaff(candidates: StaffLoad[], preferredId?: string | null): string | null {
  const preferred = candidates.find(({ id }) => id === preferredId);
  return (preferred ?? [...candidates].sort(byTurn)[0])?.id ?? null;
}

const byTurn = (a: StaffLoad, b: StaffLoad): number =>
  a.bookingsThatDay - b.bookingsThatDay || lastMs(a) - lastMs(b) || (a.id < b.id ? -1 : Number(a.id > b.id));

/** Who was never booked comes first: 0 is long before any booking, and unlike -Infinity it can be subtracted from itself. */
const lastMs = ({ lastBookedAt }: StaffLoad): number => (lastBookedAt === null ? 0 : Date.parse(lastBookedAt));
