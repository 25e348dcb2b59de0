import type { CadenceStep } from '../domain/cadence';
import type { Channel } from '../domain/message';
import type { Instant } from '../domain/time';
import type { CadenceRow } from './cadences';
import { STEPS } from './cadences';
import { one } from './errors';
import type { Tx } from './tenancy';

export type EnrolmentFacts = Pick<CadenceRow, 'key' | 'enabled' | 'messageClass'> & {
  steps: CadenceStep[];
  businessStatus: 'active' | 'paused' | 'canceled';
  quietStartMinute: number;
  quietEndMinute: number;
  preferredChannel: Channel | null;
  /** A visit was booked since the cadence began, by whatever way. */
  hasBooked: boolean;
};

/** What decides about an enrolment besides its person's addresses and the ledger. Read after its row is locked. Throws RowMissing. */
export async function findEnrolmentFacts(tx: Tx, stateId: string): Promise<EnrolmentFacts> {
  const { rows } = await tx.raw<{ rows: EnrolmentFacts[] }>(
    `select d.key, d.enabled, d.message_class, ${STEPS} as steps, b.status as business_status, b.quiet_start_minute, b.quiet_end_minute, c.preferred_channel,
       exists (select 1 from appointments a where a.contact_id = s.contact_id and a.booked_at > s.created_at
         and a.status in ('booked', 'confirmed', 'arrived', 'completed')) as has_booked
     from cadence_states s join cadences d on d.id = s.cadence_id join contacts c on c.id = s.contact_id join businesses b on b.id = s.business_id
     where s.id = ?`,
    [stateId],
  );
  return one('cadence state', rows);
}

export type WinbackQuery = { cadenceId: string; before: Instant; now: Instant; limit: number };

/**
 * People whose last visit was before an instant, who have none ahead, are in no cadence and were not in this one since that visit; who was here longest ago
 * first. Only those who once agreed to marketing: the gate, and the plan, look at what holds.
 */
export async function findLapsed(tx: Tx, query: WinbackQuery): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { contactId: string }[] }>(
    `select v.contact_id from (select a.contact_id, max(a.ends_at) as last_at from appointments a where a.status = 'completed' group by a.contact_id) v
     where v.last_at <= :before
       and not exists (select 1 from appointments a where a.contact_id = v.contact_id and a.live and a.ends_at > :now)
       and not exists (select 1 from cadence_states s where s.contact_id = v.contact_id
         and (s.status = 'active' or (s.cadence_id = :cadenceId and s.created_at > v.last_at)))
       and exists (select 1 from consents k where k.contact_id = v.contact_id and k.purpose = 'marketing' and k.granted)
     order by v.last_at, v.contact_id limit :limit`,
    query,
  );
  return rows.map(({ contactId }) => contactId);
}

/** Whether a person has a visit ahead. */
export async function hasVisitAhead(tx: Tx, { contactId, now }: { contactId: string; now: Instant }): Promise<boolean> {
  const rows = await tx('appointments')
    .where({ contactId })
    .whereIn('status', ['booked', 'confirmed', 'arrived'])
    .where('endsAt', '>', now)
    .limit(1)
    .select<{ id: string }[]>('id');
  return rows.length > 0;
}
