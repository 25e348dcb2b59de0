import { v7 as newId } from 'uuid';
import type { Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import { insertEntry } from '../../../db/waitlist';
import type { Instant } from '../../../domain/time';
import { agreesToOffers } from './people';
import type { DemoPlan } from './plan';

type Waiting = { plan: DemoPlan; serviceIds: string[]; contactIds: string[]; hash: Hasher; now: Instant };

/** The last two of the demo's people wait for the first service, each in their own way: cancel a visit of it and watch the handset. */
export async function addWaitlist(tx: Tx, { plan, serviceIds, contactIds, hash, now }: Waiting): Promise<void> {
  const [serviceId = ''] = serviceIds;
  for (const [turn, contactId] of contactIds.slice(-2).entries()) {
    const [, phone = ''] = plan.contacts.at(turn - 2) ?? [];
    await agreesToOffers(tx, { contactId, addressHash: hash.address(plan.id, phone), now });
    const wish = { staffId: null, weekdays: [], windows: [], earliestOn: null, latestOn: null };
    await insertEntry(tx, { id: newId(), contactId, serviceId, ...wish, preference: turn === 0 ? 'soonest' : 'anytime', now });
  }
}
