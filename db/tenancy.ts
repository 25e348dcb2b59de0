import type { Knex } from 'knex';

/** A pool that connects as the application role. Knows no business until withBusiness names one. */
export type Db = Knex;

/** A transaction. Inside withBusiness it sees one business and no other (row-level security, forced). */
export type Tx = Knex.Transaction;

/** Runs `work` in one transaction that belongs to the business: the only place where a business is set. */
export function withBusiness<T>(db: Db, businessId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(work, { userParams: { businessId } });
}

/** Runs `work` in a transaction without a business: for tables without tenant and for the listed look-up functions. */
export function withoutBusiness<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(work);
}
