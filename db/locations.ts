import type { Instant } from '../domain/time';
import { editRow, listRows, retireRow, type Edit, type Editable, type ListPage } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type LocationRow = {
  id: string;
  name: string;
  address: string | null;
  phone: string | null;
  zone: string;
  active: boolean;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};
const LOCATIONS: Editable = { table: 'locations', what: 'location' };

export type NewLocation = Pick<LocationRow, 'id' | 'name' | 'address' | 'phone' | 'zone'> & { now: Instant };

export async function insertLocation(tx: Tx, { now, ...row }: NewLocation): Promise<LocationRow> {
  const rows = await tx('locations')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, updatedAt: now })
    .returning<LocationRow[]>('*');
  return one('location', rows);
}

/** Throws RowMissing. */
export async function findLocation(tx: Tx, id: string): Promise<LocationRow> {
  return one('location', await tx('locations').where({ id }).select<LocationRow[]>('*'));
}

/** The only active location, or null when there is none or a choice. */
export async function findOnlyLocation(tx: Tx): Promise<LocationRow | null> {
  const [first, second] = await tx('locations').where({ active: true }).limit(2).select<LocationRow[]>('*');
  return first && !second ? first : null;
}

export const listLocations = (tx: Tx, page: ListPage): Promise<LocationRow[]> => listRows<LocationRow>(tx, LOCATIONS, page);
export const updateLocation = (tx: Tx, edit: Edit): Promise<LocationRow> => editRow<LocationRow>(tx, LOCATIONS, edit);
export const retireLocation = (tx: Tx, at: { id: string; now: Instant }): Promise<void> => retireRow(tx, LOCATIONS, at);

/** Are there active staff or resources at this location? */
export async function isLocationInUse(tx: Tx, locationId: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { used: boolean }[] }>(
    `select exists (select 1 from staff where location_id = :locationId and active) or exists (select 1 from resources where location_id = :locationId and active) as used`,
    { locationId },
  );
  return rows[0]?.used ?? false;
}
