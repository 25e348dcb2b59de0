import { v7 as newId } from 'uuid';
import { book, changeStatus, findSlots } from '../../../api/booking';
import type { Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import { DAY_MS, plusMs, type Instant } from '../../../domain/time';
import type { DemoPlan } from './plan';

type Booking = { plan: DemoPlan; serviceIds: string[]; contactIds: string[]; hash: Hasher; now: Instant };

/** The visits lie from tomorrow to so many days ahead. */
const SPREAD_DAYS = 19;

/** Books visits by the same rules as everybody, at times that are free; each rings its process, so the worker plans it once it runs. */
export async function addVisits(tx: Tx, { plan, serviceIds, contactIds, hash, now }: Booking): Promise<void> {
  for (let turn = 0; turn < plan.visits; turn += 1) {
    const serviceId = at(serviceIds, turn);
    const from = plusMs(now, DAY_MS + Math.floor((turn * SPREAD_DAYS) / plan.visits) * DAY_MS);
    const slots = await nextSlots(tx, { serviceId, from, now });
    // Any spread will do, as long as it is the same each time.
    const { startsAt, staffId } = at(slots, turn * 37 + 11);
    const visit = {
      id: newId(),
      contactId: at(contactIds, turn),
      serviceId,
      staffId,
      startsAt,
      source: 'demo',
      externalRef: null,
      note: null,
    };
    await book(tx, { ...visit, by: 'staff', now }, { hash });
    if (turn % 4 === 3) await changeStatus(tx, { id: visit.id, action: 'confirm', by: 'contact', now });
  }
}

/** What is free in the day and a half after an instant; after a weekend, when there is nothing. */
async function nextSlots(tx: Tx, { serviceId, from, now }: { serviceId: string; from: Instant; now: Instant }) {
  for (const days of [1.5, 3, 6]) {
    const slots = await findSlots(tx, { serviceId, staffId: null, from, to: plusMs(from, days * DAY_MS), now });
    if (slots.length > 0) return slots;
  }
  throw new RangeError('the demo has more visits than times');
}

function at<T>(list: T[], index: number): T {
  const value = list[index % list.length];
  if (value === undefined) throw new RangeError('an empty list in the demo');
  return value;
}
