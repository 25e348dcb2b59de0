import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import { editRow, type Edit } from './editing';
import { one } from './errors';
import type { Db, Tx } from './tenancy';

export type BusinessStatus = 'active' | 'paused' | 'canceled';
export type BusinessRow = {
  id: string;
  name: string;
  slug: string;
  status: BusinessStatus;
  zone: string;
  locale: Locale;
  phone: string | null;
  email: string | null;
  /** Where the business can be reached by post: marketing e-mail must say so (CAN-SPAM). */
  postalAddress: string | null;
  slotStepMin: number;
  /** How many people on the waitlist are offered a freed slot at once. */
  waitlistBatchSize: number;
  /** Minutes after local midnight, at the recipient's. */
  quietStartMinute: number;
  quietEndMinute: number;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

export type NewBusiness = Pick<BusinessRow, 'id' | 'name' | 'slug' | 'zone' | 'locale' | 'phone' | 'email'> & { now: Instant };

/** Makes the business of this transaction. Throws a duplicate (23505) for a slug that is taken. */
export async function insertBusiness(tx: Tx, { now, ...row }: NewBusiness): Promise<BusinessRow> {
  const rows = await tx('businesses')
    .insert({ ...row, createdAt: now, updatedAt: now })
    .returning<BusinessRow[]>('*');
  return one('business', rows);
}

/** Throws RowMissing for any but the transaction's own business. */
export async function findBusiness(tx: Tx, id: string): Promise<BusinessRow> {
  return one('business', await tx('businesses').where({ id }).select<BusinessRow[]>('*'));
}

/** The own zone of the transaction's business: its days begin there. */
export async function findBusinessZone(tx: Tx): Promise<string> {
  return one('business', await tx('businesses').select<{ zone: string }[]>('zone')).zone;
}

/** Throws RowChanged, RowMissing. */
export function updateBusiness(tx: Tx, edit: Edit): Promise<BusinessRow> {
  return editRow<BusinessRow>(tx, { table: 'businesses', what: 'business' }, edit);
}

/** Ids of all businesses, newest first, for the platform's operator. */
export async function listBusinessIds({ pool }: Db, { before, limit }: { before: string | null; limit: number }): Promise<string[]> {
  const { rows } = await pool.raw<{ rows: { id: string }[] }>('select id from page_of_businesses(?::uuid, ?)', [before, limit]);
  return rows.map(({ id }) => id);
}
