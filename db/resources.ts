import type { Instant } from '../domain/time';
import { editRow, listRows, retireRow, type Edit, type Editable, type ListPage } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type ResourceRow = {
  id: string;
  locationId: string;
  name: string;
  /** Things of one kind stand in for each other ("any chair"). */
  kind: string | null;
  active: boolean;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};
const RESOURCES: Editable = { table: 'resources', what: 'resource' };

export type NewResource = Pick<ResourceRow, 'id' | 'locationId' | 'name' | 'kind'> & { now: Instant };

/** Throws a foreign key violation (23503) for a location of nobody or of another business. */
export async function insertResource(tx: Tx, { now, ...row }: NewResource): Promise<ResourceRow> {
  const rows = await tx('resources')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, updatedAt: now })
    .returning<ResourceRow[]>('*');
  return one('resource', rows);
}

/** Throws RowMissing. */
export async function findResource(tx: Tx, id: string): Promise<ResourceRow> {
  return one('resource', await tx('resources').where({ id }).select<ResourceRow[]>('*'));
}

export const listResources = (tx: Tx, page: ListPage): Promise<ResourceRow[]> => listRows<ResourceRow>(tx, RESOURCES, page);
export const updateResource = (tx: Tx, edit: Edit): Promise<ResourceRow> => editRow<ResourceRow>(tx, RESOURCES, edit);
export const retireResource = (tx: Tx, at: { id: string; now: Instant }): Promise<void> => retireRow(tx, RESOURCES, at);
