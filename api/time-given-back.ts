import type { AbsenceRow } from '../db/availability';
import type { Tx } from '../db/tenancy';
import { findAwaitedServices } from '../db/waitlist';
import { DAY_MS, isBefore, later, plusMs, type Instant } from '../domain/time';
import { LEAD_MS } from '../domain/waitlist';
import { findSlots, type PlacedSlot } from './booking';
import { offerFreed } from './freed-slots';

/** Nobody books a whole week from the waitlist: so many times of one service are offered at once. */
const MOST_TIMES = 6;
const AHEAD_MS = 14 * DAY_MS;

/** Time off or a closure is taken back: what can be booked in it again is offered to those who wait, one visit after the other. */
export async function noteGivenBack(tx: Tx, { staffId, locationId, startsAt, endsAt }: AbsenceRow, now: Instant): Promise<void> {
  const from = later(startsAt, plusMs(now, LEAD_MS));
  const limit = plusMs(from, AHEAD_MS);
  const to = isBefore(limit, endsAt) ? limit : endsAt;
  if (!isBefore(from, to)) return;
  for (const serviceId of await findAwaitedServices(tx)) {
    const slots = await findSlots(tx, { serviceId, staffId, from, to, now });
    const within = slots.filter((slot) => slot.endsAt <= endsAt && (locationId === null || slot.locationId === locationId));
    for (const slot of oneAfterTheOther(within).slice(0, MOST_TIMES)) {
      const time = { staffId: slot.staffId, startsAt: slot.startsAt, endsAt: slot.endsAt };
      await offerFreed(tx, { serviceId, ...time, appointmentId: null, cause: 'time_off', now });
    }
  }
}

/** Of slots by start: those that one member of staff can give without overlap. */
function oneAfterTheOther(slots: PlacedSlot[]): PlacedSlot[] {
  const freeFrom = new Map<string, Instant>();
  return slots.filter(({ staffId, startsAt, endsAt }) => {
    const isFree = !isBefore(startsAt, freeFrom.get(staffId) ?? startsAt);
    if (isFree) freeFrom.set(staffId, endsAt);
    return isFree;
  });
}
