import type { Knex } from 'knex';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

// SQL below reads a message as m. The kind decides which price holds; a sender that is not the business's own is the platform's long code.
const KIND = `case m.channel when 'email' then 'email' when 'whatsapp' then case when m.content is null then 'whatsapp_text' else 'whatsapp_template' end
  else coalesce((select s.kind from senders s where s.address = m.from_address), 'long_code') end`;
const PRICE = `select p.price_micros, p.carrier_micros, p.per from prices p
  where p.vendor = m.vendor and p.kind = ${KIND} and m.to_address like p.prefix || '%' and p.valid_from <= ?::timestamptz::date
  order by length(p.prefix) desc, p.valid_from desc limit 1`;
const COUNT = `case when p.per = 'segment' then greatest(coalesce(m.segments, 1), 1) else 1 end`;

/**
 * Books what a message that the vendor took will cost, once, from the table of prices; where no price is known it stays open until the vendor names its own.
 * Twilio is asked an hour later: its price is null at first.
 */
export async function bookCost(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<void> {
  await tx.raw(
    `update messages m set
       cost_micros = (select (p.price_micros + p.carrier_micros) * ${COUNT} from (${PRICE}) p),
       price_source = (select 'estimated' from (${PRICE}) p),
       price_due_at = case when m.vendor = 'twilio' then now() + interval '1 hour' end
     where m.id = ? and m.direction = 'out' and m.cost_micros is null and m.price_due_at is null`,
    [now, now, id],
  );
}

/** What a segment of a text to the US or Canada costs this business now, in micro-dollars with the carriers' fees: of its own sender, else of the platform's. */
export async function findSegmentPrice(tx: Tx, now: Instant): Promise<number> {
  const { rows } = await tx.raw<{ rows: { micros: number }[] }>(
    `select p.price_micros + p.carrier_micros as micros from prices p
     where p.vendor = 'twilio' and p.prefix = '+1' and p.per = 'segment' and p.valid_from <= ?::timestamptz::date
       and p.kind = coalesce((select s.kind from senders s where s.kind in ('long_code', 'toll_free', 'short_code') order by s.created_at, s.id limit 1), 'long_code')
     order by p.valid_from desc limit 1`,
    [now],
  );
  return one('price', rows).micros;
}

export type Unpriced = { businessId: string; id: string; vendorId: string };

/** Messages of all businesses whose vendor is to be asked for its price now. For the sweeper's role. */
export async function findUnpriced(sweeper: Knex, limit: number): Promise<Unpriced[]> {
  return sweeper('messages')
    .whereRaw('price_due_at <= now()')
    .whereNotNull('vendorId')
    .orderBy('priceDueAt')
    .limit(limit)
    .select<Unpriced[]>('businessId', 'id', 'vendorId');
}

export type VendorPrice = { priceMicros: number; segments: number };

/** The attempt that the vendor was asked about. Another may have left since, under another id: what was said of this one is not its price. */
type Asked = Pick<Unpriced, 'id' | 'vendorId'>;

/** The vendor's own price, with the carriers' fees of our table on top: Twilio's bill names them apart. */
export async function notePrice(
  tx: Tx,
  { id, vendorId, priceMicros, segments, now }: VendorPrice & Asked & { now: Instant },
): Promise<void> {
  await tx.raw(
    `update messages m set segments = ?, price_source = 'vendor', price_due_at = null,
       cost_micros = ?::bigint + coalesce((select p.carrier_micros * case when p.per = 'segment' then ?::int else 1 end from (${PRICE}) p), 0)
     where m.id = ? and m.vendor_id = ?`,
    [segments, priceMicros, segments, now, id, vendorId],
  );
}

/** The vendor names no price yet: asked again in six hours, for three days; then the estimate stands. */
export async function deferPrice(tx: Tx, { id, vendorId }: Asked): Promise<void> {
  await tx.raw(
    `update messages set price_due_at = case when sent_at > now() - interval '3 days' then now() + interval '6 hours' end
     where id = ? and vendor_id = ?`,
    [id, vendorId],
  );
}

/** `estimatedMicros`: the part of the cost that no vendor has confirmed yet. `unpriced`: messages whose price nobody knows. */
export type WeekOfCost = {
  weekStart: string;
  channel: string;
  messages: number;
  segments: number;
  costMicros: number;
  estimatedMicros: number;
  unpriced: number;
};

/** When it left last, be it in vain. */
const LEFT_AT = 'coalesce(m.sent_at, m.past_sent_at)';

/** What was sent and what it cost, every attempt that the vendor took, by weeks of the business's own calendar (Monday first) and channel, the newest first (F3). */
export async function sumCosts(tx: Tx, { from, to }: { from: Instant; to: Instant }): Promise<WeekOfCost[]> {
  const { rows } = await tx.raw<{ rows: WeekOfCost[] }>(
    `select to_char(date_trunc('week', ${LEFT_AT} at time zone b.zone), 'YYYY-MM-DD') as week_start, m.channel, count(*)::int as messages,
       sum(m.past_segments + case when m.sent_at is null then 0 else coalesce(m.segments, 0) end)::int as segments,
       sum(m.past_cost_micros + coalesce(m.cost_micros, 0))::float8 as cost_micros,
       sum(m.past_estimated_micros + case m.price_source when 'estimated' then m.cost_micros else 0 end)::float8 as estimated_micros,
       (count(*) filter (where m.cost_micros is null and m.sent_at is not null))::int as unpriced
     from messages m, businesses b
     where m.direction = 'out' and ${LEFT_AT} >= ?::timestamptz and ${LEFT_AT} < ?::timestamptz
     group by 1, 2 order by 1 desc, 2`,
    [from, to],
  );
  return rows;
}
