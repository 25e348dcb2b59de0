import type { Instant } from '../domain/time';
import { isForeignKey, one, RowChanged } from './errors';
import type { Tx } from './tenancy';

type Versioned = { id: string; version: number };
/** A table of rows with id, version and updated_at. `what` names a row in errors. */
export type Editable = {
  table: 'businesses' | 'locations' | 'staff' | 'services' | 'resources' | 'senders' | 'waitlistEntries' | 'whatsappTemplates' | 'cadences';
  what: string;
};
export type Edit = { id: string; fields: Record<string, unknown>; ifVersion: number | null; now: Instant };

/** Changes a row if it is still at the version the caller saw, and raises the version. Throws RowChanged, RowMissing. */
export async function editRow<Row extends Versioned>(
  tx: Tx,
  { table, what }: Editable,
  { id, fields, ifVersion, now }: Edit,
): Promise<Row> {
  const before = one(what, await tx(table).where({ id }).forUpdate().select<Versioned[]>('id', 'version'));
  if (ifVersion !== null && before.version !== ifVersion) throw new RowChanged(what);
  const changed = tx(table)
    .where({ id })
    .update({ ...fields, version: before.version + 1, updatedAt: now })
    .returning('*');
  return one(what, (await changed) as Row[]);
}

/** Deletes a row, or makes it inactive when the past still refers to it. Throws RowMissing. */
export async function retireRow(tx: Tx, { table, what }: Editable, { id, now }: { id: string; now: Instant }): Promise<void> {
  one(what, await tx(table).where({ id }).forUpdate().select<Versioned[]>('id'));
  try {
    await tx.transaction((attempt) => attempt(table).where({ id }).delete());
  } catch (error) {
    if (!isForeignKey(error)) throw error;
    await tx(table)
      .where({ id })
      .update({ active: false, version: tx.raw('version + 1'), updatedAt: now });
  }
}

export type ListPage = { after?: string; limit: number; includeInactive: boolean };

/** In the order in which they were made, by pages. */
export async function listRows<Row>(tx: Tx, { table }: Editable, { after, limit, includeInactive }: ListPage): Promise<Row[]> {
  const query = tx(table).orderBy('id').limit(limit);
  if (after !== undefined) void query.where('id', '>', after);
  if (!includeInactive) void query.where({ active: true });
  return (await query.select('*')) as Row[];
}
