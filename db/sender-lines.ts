import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

export type Turn = {
  sender: string;
  businessId: string;
  /** Other businesses send from it too: the platform's own number. */
  shared: boolean;
  /** How long the sender needs for this message. */
  costMs: number;
  /** How much the vendor may be ahead of us: it queues by itself. */
  burstMs: number;
  /** The machine's clock: the vendor's limit knows no virtual time. */
  now: Instant;
};

/**
 * Takes a place in the business's line at a sender and answers after how long it comes, in ms; 0: now. The place is kept: whoever comes later stands behind it.
 * On a shared sender a line moves at 1/(n + 1) of the sender's speed while n businesses use it, so that there is always room for one more.
 * The line's row stays locked until the transaction ends.
 */
export async function takePlace(tx: Tx, { sender, businessId, shared, costMs, burstMs, now }: Turn): Promise<number> {
  const { rows } = await tx.raw<{ rows: { waitMs: number }[] }>(
    `with cost as (
       select make_interval(secs => ? / 1000.0 * (case when ? then 2 + count(*) else 1 end)) as each
       from sender_lines where sender = ? and line not in ('', ?) and busy_until > ?::timestamptz)
     insert into sender_lines as l (sender, line, busy_until) select ?, ?, ?::timestamptz + each from cost
     on conflict (sender, line) do update set busy_until = greatest(l.busy_until, ?::timestamptz) + (select each from cost)
     returning greatest(0, extract(epoch from l.busy_until - (select each from cost) - ?::timestamptz) * 1000 - ?)::float8 as wait_ms`,
    [costMs, shared, sender, businessId, now, sender, businessId, now, now, now, burstMs],
  );
  return rows[0]?.waitMs ?? 0;
}

/** Says whether a shared sender as a whole has room: 0, and the room is taken; else after how long to ask again, in ms. */
export async function takeRoom(tx: Tx, { sender, costMs, burstMs, now }: Omit<Turn, 'businessId' | 'shared'>): Promise<number> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `insert into sender_lines as l (sender, line, busy_until) values (?, '', ?::timestamptz + make_interval(secs => ? / 1000.0))
     on conflict (sender, line) do update set busy_until = greatest(l.busy_until, ?::timestamptz) + make_interval(secs => ? / 1000.0)
       where l.busy_until <= ?::timestamptz + make_interval(secs => ? / 1000.0)
     returning 1`,
    [sender, now, costMs, now, costMs, now, burstMs],
  );
  if (rows.length > 0) return 0;
  const [row] = await tx('senderLines').where({ sender, line: '' }).select<{ busyUntil: Instant }[]>('busyUntil');
  return Math.max(costMs, Date.parse(row?.busyUntil ?? now) - Date.parse(now) - burstMs);
}
