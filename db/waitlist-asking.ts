import type { Channel } from '../domain/message';
import type { PermissionFacts } from '../domain/permission';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { FreedSlotRow } from './freed-slots';
import { PERMISSION } from './permission-facts';
import { BUSINESS, type BusinessFacts } from './plan-facts';
import type { Tx } from './tenancy';
import type { EntryRow } from './waitlist';

export type AskingBusiness = Pick<BusinessFacts, 'businessStatus' | 'quietStartMinute' | 'quietEndMinute'> & {
  waitlistBatchSize: number;
};

/** How a business asks. */
export async function findAskingBusiness(tx: Tx): Promise<AskingBusiness> {
  const { rows } = await tx.raw<{ rows: AskingBusiness[] }>(`select ${BUSINESS}, b.waitlist_batch_size from businesses b`);
  return one('business', rows);
}

export type Candidate = EntryRow & { permission: PermissionFacts; preferred: Channel | null; isOut: boolean; busyUntil: Instant | null };

/** Far more than can be asked before any slot begins. */
const MOST = 500;

/**
 * Who waits for the service of a freed slot, with all that decides whether they may be asked, in one trip. Without the person who gave the time back.
 * The order is the rule's (R60), so that a longer list is cut at its end.
 */
export async function findCandidates(tx: Tx, slot: FreedSlotRow, now: Instant): Promise<Candidate[]> {
  const { id, serviceId, startsAt, endsAt, appointmentId } = slot;
  const { rows } = await tx.raw<{ rows: Candidate[] }>(
    `select e.*, ${PERMISSION} as permission, c.preferred_channel as preferred,
       (exists (select 1 from waitlist_offers o where o.freed_slot_id = :id and o.entry_id = e.id)
         or exists (select 1 from appointments a where a.contact_id = c.id and a.live and a.starts_at < :endsAt and a.ends_at > :startsAt)) as is_out,
       (select o.expires_at from waitlist_offers o where o.contact_id = c.id and o.status = 'offered') as busy_until
     from waitlist_entries e
     join contacts c on c.id = e.contact_id
     where e.service_id = :serviceId and e.status = 'active'
       and not exists (select 1 from appointments a where a.id = :appointmentId::uuid and a.contact_id = c.id)
     order by e.last_asked_at nulls first, e.created_at, e.id limit ${MOST}`,
    { id, serviceId, startsAt, endsAt, appointmentId, now, dncSince: null },
  );
  return rows;
}
