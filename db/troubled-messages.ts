import type { Instant } from '../domain/time';
import type { MessageRow } from './messages';
import type { Tx } from './tenancy';

export type TroubledMessage = MessageRow & { receiverName: string | null };

/** Messages that need a person: nobody knows whether they were sent, or they failed since `since`. The newest first. */
export async function findTroubledMessages(tx: Tx, { since, limit }: { since: Instant; limit: number }): Promise<TroubledMessage[]> {
  const { rows } = await tx.raw<{ rows: TroubledMessage[] }>(
    `select m.*, coalesce(c.name, s.name) as receiver_name
     from (
       (select * from messages where status = 'unknown' and resolution is null order by id desc limit :limit)
       union all
       (select * from messages where status = 'failed' and failed_at >= :since order by failed_at desc limit :limit)) m
     left join contacts c on c.business_id = m.business_id and c.id = m.contact_id
     left join staff s on s.business_id = m.business_id and s.id = m.staff_id
     order by m.id desc limit :limit`,
    { since, limit },
  );
  return rows;
}
