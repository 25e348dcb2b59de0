import type { Instant } from '../domain/time';
import type { Db, Tx } from './tenancy';
import { readInBusiness, withBusiness } from './tenancy';

// The sandbox clock's memory: how far each business's time was pushed. Development and tests only; production wires none of it.

/** By how many milliseconds the business's time leads the system's. */
export async function sandboxOffsetMs(db: Db, businessId: string): Promise<number> {
  const [row] = await readInBusiness<{ offset_ms: number }>(db, businessId, 'select offset_ms from sandbox_clocks');
  return row?.offset_ms ?? 0;
}

/** Sets it. Time never goes back: a smaller offset than the present one is ignored. */
export async function pushSandboxClock(db: Db, businessId: string, offsetMs: number): Promise<void> {
  await withBusiness(db, businessId, async (tx) => {
    await tx.raw(
      `insert into sandbox_clocks as c (business_id, offset_ms) values (current_business(), ?)
       on conflict (business_id) do update set offset_ms = greatest(c.offset_ms, excluded.offset_ms)`,
      [Math.round(offsetMs)],
    );
  });
}

/** How many messages are with a vendor that has not said whether it took them. */
export async function countUnderWay(tx: Tx): Promise<number> {
  const [row] = await tx('messages').where({ status: 'sending' }).count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

/** How many messages were sent since an instant of the business's time and wait for the vendor's report. */
export async function countUnreported(tx: Tx, since: Instant): Promise<number> {
  const [row] = await tx('messages').where({ status: 'sent' }).where('sentAt', '>=', since).count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}
