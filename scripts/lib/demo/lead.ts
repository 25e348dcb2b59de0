import { enrol } from '../../../api/cadences';
import { findTriggered } from '../../../db/cadences';
import type { Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import type { Instant } from '../../../domain/time';
import { addContact, agreesToOffers } from './people';
import type { DemoPlan } from './plan';

/** Somebody who enquired once and was not reached: in the cadence Never Answered, whose first message comes in two days. Push the clock and watch. */
export async function addLead(tx: Tx, { plan, hash, now }: { plan: DemoPlan; hash: Hasher; now: Instant }): Promise<void> {
  const [, phone] = plan.lead;
  const contactId = await addContact(tx, { plan, person: plan.lead, hash, now });
  await agreesToOffers(tx, { contactId, addressHash: hash.address(plan.id, phone), now });
  const cadence = await findTriggered(tx, 'never_answered');
  if (!cadence) throw new RangeError('a business begins with that cadence');
  await enrol(tx, { contactId, cadence, now });
}
