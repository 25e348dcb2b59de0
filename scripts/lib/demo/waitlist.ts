import { v7 as newId } from 'uuid';
import { recordConsents } from '../../../db/contacts';
import type { Hasher } from '../../../db/hashing';
import type { Tx } from '../../../db/tenancy';
import { insertEntry } from '../../../db/waitlist';
import type { Instant } from '../../../domain/time';
import type { DemoPlan } from './plan';

type Waiting = { plan: DemoPlan; serviceIds: string[]; contactIds: string[]; hash: Hasher; now: Instant };

/** What somebody on the waitlist agreed to: an offer is marketing, and needs a written consent of its own (R25). */
const STATEMENT = 'Yes, text me when an earlier time is free. Message and data rates may apply. Reply STOP to opt out.';

/** The last two of the demo's people wait for the first service, each in their own way: cancel a visit of it and watch the handset. */
export async function addWaitlist(tx: Tx, { plan, serviceIds, contactIds, hash, now }: Waiting): Promise<void> {
  const [serviceId = ''] = serviceIds;
  for (const [turn, contactId] of contactIds.slice(-2).entries()) {
    const [, phone = ''] = plan.contacts.at(turn - 2) ?? [];
    const proof = { method: 'paper', attestationId: null, recordedBy: 'demo', ip: null, userAgent: null, recordedAt: now };
    const consent = { contactId, channel: 'sms' as const, purpose: 'marketing' as const, granted: true, statement: STATEMENT };
    await recordConsents(tx, [
      { id: newId(), ...consent, source: 'form at the desk', addressHash: hash.address(plan.id, phone), ...proof },
    ]);
    const wish = { staffId: null, weekdays: [], windows: [], earliestOn: null, latestOn: null };
    await insertEntry(tx, { id: newId(), contactId, serviceId, ...wish, preference: turn === 0 ? 'soonest' : 'anytime', now });
  }
}
