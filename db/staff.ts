import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import type { PermissionLevel } from './api-keys';
import { editRow, listRows, retireRow, type Edit, type Editable, type ListPage } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type StaffRow = {
  id: string;
  locationId: string;
  name: string;
  email: string | null;
  phoneE164: string | null;
  locale: Locale;
  permissionLevel: PermissionLevel;
  bookable: boolean;
  /** Their own do-not-disturb hours, in minutes after midnight at their location. */
  dndStartMinute: number | null;
  dndEndMinute: number | null;
  active: boolean;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};
const STAFF: Editable = { table: 'staff', what: 'staff member' };

export type NewStaff = Omit<StaffRow, 'active' | 'version' | 'createdAt' | 'updatedAt'> & { now: Instant };

/** Throws a foreign key violation (23503) for a location of nobody or of another business. */
export async function insertStaff(tx: Tx, { now, ...row }: NewStaff): Promise<StaffRow> {
  const rows = await tx('staff')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, updatedAt: now })
    .returning<StaffRow[]>('*');
  return one('staff member', rows);
}

/** Throws RowMissing. */
export async function findStaff(tx: Tx, id: string): Promise<StaffRow> {
  return one('staff member', await tx('staff').where({ id }).select<StaffRow[]>('*'));
}

export type VisitReader = { staffId: string; email: string | null; appointmentId: string; startsAt: Instant };

/** Who is told of these visits and can be reached: whoever holds one, and the owners. */
export async function findVisitReaders(tx: Tx, appointmentIds: string[]): Promise<VisitReader[]> {
  return tx('appointments as a')
    .joinRaw(
      `join staff s on s.active and (s.id = a.staff_id or s.permission_level = 'owner') and (s.email is not null or s.phone_e164 is not null)`,
    )
    .whereIn('a.id', appointmentIds)
    .orderBy(['a.starts_at', 's.id'])
    .select<VisitReader[]>('s.id as staffId', 's.email', 'a.id as appointmentId', 'a.starts_at');
}

/** The names of some staff by id, of those who left too. */
export async function findStaffNames(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  const rows = await tx('staff').whereIn('id', ids).select<{ id: string; name: string }[]>('id', 'name');
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Who of the staff has this e-mail address: how a user's log-in and their own entry belong together. */
export async function findStaffByEmail(tx: Tx, email: string): Promise<StaffRow | undefined> {
  const [row] = await tx('staff').where({ email, active: true }).orderBy('id').limit(1).select<StaffRow[]>('*');
  return row;
}

export const listStaff = (tx: Tx, page: ListPage): Promise<StaffRow[]> => listRows<StaffRow>(tx, STAFF, page);
export const updateStaff = (tx: Tx, edit: Edit): Promise<StaffRow> => editRow<StaffRow>(tx, STAFF, edit);
export const retireStaff = (tx: Tx, at: { id: string; now: Instant }): Promise<void> => retireRow(tx, STAFF, at);
