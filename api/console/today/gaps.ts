import { findService } from '../../../db/services';
import { findStaffNames } from '../../../db/staff';
import type { Tx } from '../../../db/tenancy';
import { findAwaitedServices, listEntries } from '../../../db/waitlist';
import { localDate, type Instant } from '../../../domain/time';
import { hasLead, matches } from '../../../domain/waitlist';
import { findSlots, type PlacedSlot } from '../../booking';

/** A time that is free and that somebody on the waitlist would take. */
export type Gap = {
  serviceId: string;
  serviceName: string;
  staffId: string;
  staffName: string;
  /** The first start that can be offered, and the end of a visit that begins then. */
  startsAt: Instant;
  endsAt: Instant;
  /** Until when starts follow one another. */
  freeUntil: Instant;
  zone: string;
  /** How many of the list wait for just this. */
  waiting: number;
};

type Span = { from: Instant; to: Instant; now: Instant };

/** A front desk reads some; more would hide them. */
const MOST_GAPS = 6;
const MOST_ENTRIES = 200;

/** The gaps of a span, the earliest first. What is less than an hour away is not offered (R60) and so is none. */
export async function findGaps(tx: Tx, span: Span): Promise<Gap[]> {
  const services = await findAwaitedServices(tx);
  const gaps: Omit<Gap, 'staffName'>[] = [];
  for (const serviceId of services) gaps.push(...(await gapsOf(tx, serviceId, span)));
  const first = gaps.sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1)).slice(0, MOST_GAPS);
  const staffIds = first.map(({ staffId }) => staffId);
  const names = await findStaffNames(tx, staffIds);
  return first.map((gap) => ({ ...gap, staffName: names.get(gap.staffId) ?? '' }));
}

async function gapsOf(tx: Tx, serviceId: string, { from, to, now }: Span): Promise<Omit<Gap, 'staffName'>[]> {
  const { name: serviceName, active } = await findService(tx, serviceId);
  if (!active) return [];
  const slots = (await findSlots(tx, { serviceId, staffId: null, from, to, now })).filter((slot) => hasLead(slot, now));
  const [first] = slots;
  if (!first) return [];
  const today = localDate(now, first.zone);
  const entries = await listEntries(tx, { serviceId, status: 'active', today, limit: MOST_ENTRIES });
  return stretches(slots).flatMap(({ slot, freeUntil }) => {
    const { staffId, startsAt, endsAt, zone } = slot;
    const waiting = entries.filter((entry) => matches(entry, { serviceId, staffIds: [staffId], startsAt, endsAt, zone }, now)).length;
    return waiting === 0 ? [] : [{ serviceId, serviceName, staffId, startsAt, endsAt, freeUntil, zone, waiting }];
  });
}

/** Starts of one person that touch are one gap. */
function stretches(slots: PlacedSlot[]): { slot: PlacedSlot; freeUntil: Instant }[] {
  const open = new Map<string, { slot: PlacedSlot; freeUntil: Instant }>();
  const found: { slot: PlacedSlot; freeUntil: Instant }[] = [];
  for (const slot of slots) {
    const last = open.get(slot.staffId);
    if (last && slot.startsAt <= last.freeUntil) last.freeUntil = slot.endsAt;
    else {
      const begun = { slot, freeUntil: slot.endsAt };
      open.set(slot.staffId, begun);
      found.push(begun);
    }
  }
  return found;
}
