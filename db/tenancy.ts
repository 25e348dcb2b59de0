import type { Knex } from 'knex';

/** A transaction. Inside withBusiness it sees one business and no other (row-level security, forced). */
export type Tx = Knex.Transaction;

/** A pool of connections, made at an entry point (db/knex.ts). */
export type Pool = Knex;

/** The application role's pool, what wakes the relay after a transaction that rang, and the name of the running trace, if anybody traces. */
export type Db = { pool: Knex; wakeRelay: () => void; traceparent?: () => string | null };

type Params = { businessId?: string; rang?: boolean; traceparent?: string | null };

/** Runs `work` in one transaction that belongs to the business: the only place where a business is set. Wakes the relay after the commit if it rang. */
export async function withBusiness<T>(db: Db, businessId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const params: Params = { businessId, traceparent: db.traceparent?.() ?? null };
  const result = await db.pool.transaction(work, { params } as Knex.TransactionConfig); // see db/knex.ts
  if (params.rang) db.wakeRelay();
  return result;
}

/** The same for one statement that takes no values and only reads: one trip instead of three. Its columns keep the database's names. */
export async function readInBusiness<Row>({ pool }: Db, businessId: string, sql: string): Promise<Row[]> {
  // One message is one transaction, so the setting ends with it.
  const [, answer] = (await pool.raw(`${setBusiness(businessId)}; ${sql}`)) as [unknown, { rows: Row[] }];
  return answer.rows;
}

/** What every row of ours is named by; anything else names nothing. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Names the business of a transaction. Throws RangeError for what is no UUID. */
export function setBusiness(businessId: string): string {
  if (!isUuid(businessId)) throw new RangeError('a business id is a UUID');
  return `select set_config('app.business_id', '${businessId}', true)`;
}

/** Runs `work` in a transaction without a business: for tables without tenant and for the look-up functions. */
export function withoutBusiness<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.pool.transaction(work);
}

/** Remembers that this transaction rang a doorbell. Answers the trace that the ring belongs to. */
export function noteRing(tx: Tx): string | null {
  const params = tx.userParams as Params;
  params.rang = true;
  return params.traceparent ?? null;
}
