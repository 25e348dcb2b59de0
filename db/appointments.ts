import type { AppointmentStatus } from '../domain/appointment';
import type { Instant } from '../domain/time';
import { one, TimeTaken } from './errors';
import type { Tx } from './tenancy';

/** Who did it: decides whose quiet hours a notice may ignore (R20). */
export type Actor = 'contact' | 'staff' | 'api';

export type AppointmentRow = {
  id: string;
  locationId: string;
  contactId: string;
  serviceId: string;
  staffId: string;
  status: AppointmentStatus;
  previousStatus: AppointmentStatus | null;
  statusChangedAt: Instant;
  startsAt: Instant;
  endsAt: Instant;
  bufferBeforeMin: number;
  bufferAfterMin: number;
  zone: string;
  holdExpiresAt: Instant | null;
  bookedAt: Instant | null;
  bookedBy: Actor | null;
  scheduleVersion: number;
  scheduleChangedAt: Instant | null;
  scheduleChangedBy: Actor | null;
  previousStartsAt: Instant | null;
  staffChangedAt: Instant | null;
  cancelledAt: Instant | null;
  cancelledBy: Actor | null;
  noShowAt: Instant | null;
  completedAt: Instant | null;
  source: string;
  externalRef: string | null;
  note: string | null;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

/** By name: a statement that comes again and again keeps its plan only so (db/prepared.ts). */
export const APPOINTMENT = [
  'id',
  'locationId',
  'contactId',
  'serviceId',
  'staffId',
  'status',
  'previousStatus',
  'statusChangedAt',
  'startsAt',
  'endsAt',
  'bufferBeforeMin',
  'bufferAfterMin',
  'zone',
  'holdExpiresAt',
  'bookedAt',
  'bookedBy',
  'scheduleVersion',
  'scheduleChangedAt',
  'scheduleChangedBy',
  'previousStartsAt',
  'staffChangedAt',
  'cancelledAt',
  'cancelledBy',
  'noShowAt',
  'completedAt',
  'source',
  'externalRef',
  'note',
  'version',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof AppointmentRow)[];

/** Throws RowMissing when this business has no such appointment. */
export async function findAppointment(tx: Tx, id: string, lock?: 'forUpdate' | 'forShare'): Promise<AppointmentRow> {
  const query = tx('appointments').where({ id });
  if (lock === 'forUpdate') void query.forUpdate();
  if (lock === 'forShare') void query.forShare();
  return one('appointment', await query.select<AppointmentRow[]>(APPOINTMENT));
}

export type NewAppointment = Pick<
  AppointmentRow,
  | 'id'
  | 'locationId'
  | 'contactId'
  | 'serviceId'
  | 'staffId'
  | 'startsAt'
  | 'endsAt'
  | 'bufferBeforeMin'
  | 'bufferAfterMin'
  | 'zone'
  | 'source'
  | 'externalRef'
  | 'note'
> & {
  status: 'held' | 'booked' | 'arrived';
  holdExpiresAt: Instant | null;
  by: Actor;
  resourceIds: string[];
  now: Instant;
};

const busy = (
  row: Pick<AppointmentRow, 'startsAt' | 'endsAt' | 'bufferBeforeMin' | 'bufferAfterMin'>,
): { busyFrom: Instant; busyTo: Instant } => ({
  busyFrom: new Date(Date.parse(row.startsAt) - row.bufferBeforeMin * 60_000).toISOString(),
  busyTo: new Date(Date.parse(row.endsAt) + row.bufferAfterMin * 60_000).toISOString(),
});

/**
 * Takes the time for staff and resources. Throws TimeTaken when either is taken: the constraint decides, not a look beforehand. The insert gives way to the
 * constraint instead of running into it: two plain inserts of one time see each other's rows and wait for one another, and PostgreSQL needs a second to
 * notice the deadlock (64 clients on one slot: 19 attempts a second so, docs/benchmarks.md).
 */
export async function insertAppointment(tx: Tx, { resourceIds, by, now, ...row }: NewAppointment): Promise<AppointmentRow> {
  // Whose wish a hold is, is whose booking it will be.
  const booked = { bookedBy: by, ...(row.status !== 'held' && { bookedAt: now }) };
  const [created] = await tx('appointments')
    .insert({
      businessId: tx.raw('current_business()'),
      ...row,
      ...busy(row),
      ...booked,
      statusChangedAt: now,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict(tx.raw('on constraint appointments_staff_free'))
    .ignore()
    .returning<AppointmentRow[]>(APPOINTMENT);
  if (!created) throw new TimeTaken();
  await takeResources(tx, row.id, resourceIds);
  return created;
}

async function takeResources(tx: Tx, appointmentId: string, resourceIds: string[]): Promise<void> {
  if (resourceIds.length === 0) return;
  // Sorted: two bookings that want the same two rooms ask for them in the same order.
  const { rowCount } = await tx.raw<{ rowCount: number }>(
    `insert into appointment_resources (business_id, appointment_id, resource_id, busy, live)
     select a.business_id, a.id, r.id, a.busy, a.live from appointments a, unnest(?::uuid[]) as r(id) where a.id = ? order by r.id
     on conflict on constraint appointment_resources_free do nothing`,
    [[...resourceIds].sort(), appointmentId],
  );
  if (rowCount < resourceIds.length) throw new TimeTaken();
}

export type Change = Partial<
  Pick<
    AppointmentRow,
    | 'status'
    | 'previousStatus'
    | 'statusChangedAt'
    | 'holdExpiresAt'
    | 'bookedAt'
    | 'bookedBy'
    | 'cancelledAt'
    | 'cancelledBy'
    | 'noShowAt'
    | 'completedAt'
    | 'staffChangedAt'
    | 'note'
    | 'contactId'
    | 'externalRef'
    | 'source'
  >
>;

/** Changes facts that move no time. Raises the version, for the doorbell. */
export async function changeAppointment(tx: Tx, id: string, { now, ...change }: Change & { now: Instant }): Promise<AppointmentRow> {
  return one(
    'appointment',
    await tx('appointments')
      .where({ id })
      .update({ ...change, version: tx.raw('version + 1'), updatedAt: now })
      .returning<AppointmentRow[]>(APPOINTMENT),
  );
}

export type Move = Pick<AppointmentRow, 'startsAt' | 'endsAt' | 'staffId' | 'bufferBeforeMin' | 'bufferAfterMin'> & {
  resourceIds: string[];
  by: Actor;
  now: Instant;
};

/** The time that the contact knows: of several moves before anybody was told, the notice names the one before them all (R5). */
const LAST_TOLD = `case when previous_starts_at is null or exists (
    select 1 from messages m
    where m.appointment_id = appointments.id and m.schedule_version = appointments.schedule_version and m.contact_id is not null
      and m.status in ('sending', 'sent', 'delivered', 'unknown'))
  then starts_at else previous_starts_at end`;

/**
 * Moves a visit in time, to another member of staff, or both. The schedule's version rises only when the start does (R5). If the new time is taken the
 * constraint throws and, since all of it is one transaction, the old time stays.
 */
export async function moveAppointment(tx: Tx, before: AppointmentRow, { resourceIds, by, now, ...to }: Move): Promise<AppointmentRow> {
  const otherTime = to.startsAt !== before.startsAt;
  const schedule = otherTime
    ? {
        scheduleVersion: tx.raw('schedule_version + 1'),
        scheduleChangedAt: now,
        scheduleChangedBy: by,
        previousStartsAt: tx.raw(LAST_TOLD),
      }
    : {};
  const staff = to.staffId === before.staffId ? {} : { staffChangedAt: now };
  await tx('appointmentResources').where({ appointmentId: before.id }).delete();
  const moved = await tx('appointments')
    .where({ id: before.id })
    .update({ ...to, ...busy(to), ...schedule, ...staff, version: tx.raw('version + 1'), updatedAt: now })
    .returning<AppointmentRow[]>(APPOINTMENT);
  await takeResources(tx, before.id, resourceIds);
  return one('appointment', moved);
}

/** The resources that each of these visits takes. */
export async function findAppointmentResources(tx: Tx, appointmentIds: string[]): Promise<Map<string, string[]>> {
  const rows = await tx('appointmentResources')
    .whereIn('appointmentId', appointmentIds)
    .orderBy('resourceId')
    .select<{ appointmentId: string; resourceId: string }[]>('appointmentId', 'resourceId');
  const result = new Map<string, string[]>();
  for (const { appointmentId, resourceId } of rows) result.set(appointmentId, [...(result.get(appointmentId) ?? []), resourceId]);
  return result;
}

export type HeldTime = { staffIds: string[]; resourceIds: string[]; from: Instant; to: Instant; now: Instant };

/** Frees holds that have expired and stand in the way, before a booking tries its luck (R12). */
export async function expireStaleHolds(tx: Tx, { staffIds, resourceIds, from, to, now }: HeldTime): Promise<void> {
  await tx.raw(
    `update appointments set status = 'expired', previous_status = 'held', status_changed_at = :now, version = version + 1, updated_at = :now
     where id in (
       select a.id from appointments a
       where a.status = 'held' and a.hold_expires_at <= :now and a.busy && tstzrange(:from, :to)
         and (a.staff_id = any(:staffIds::uuid[]) or exists (
           select 1 from appointment_resources r where r.appointment_id = a.id and r.resource_id = any(:resourceIds::uuid[])))
       order by a.id for update)`,
    { now, from, to, staffIds, resourceIds },
  );
}

/** Expires one hold of this business if its time is up. Answers whether it did. */
export async function expireHold(tx: Tx, { id, now }: { id: string; now: Instant }): Promise<boolean> {
  const changed = await tx('appointments')
    .where({ id, status: 'held' })
    .where('holdExpiresAt', '<=', now)
    .update({ status: 'expired', previousStatus: 'held', statusChangedAt: now, version: tx.raw('version + 1'), updatedAt: now });
  return changed > 0;
}

export type AppointmentPage = {
  contactId?: string;
  staffId?: string;
  status?: string;
  from?: Instant;
  to?: Instant;
  after?: { startsAt: Instant; id: string };
  limit: number;
};

/** By start, page by page. */
export async function listAppointments(tx: Tx, page: AppointmentPage): Promise<AppointmentRow[]> {
  const query = tx('appointments').orderBy(['startsAt', 'id']).limit(page.limit);
  for (const key of ['contactId', 'staffId', 'status'] as const) {
    const value = page[key];
    if (value !== undefined) void query.where({ [key]: value });
  }
  if (page.from !== undefined) void query.where('startsAt', '>=', page.from);
  if (page.to !== undefined) void query.where('startsAt', '<', page.to);
  if (page.after) void query.whereRaw('(starts_at, id) > (?::timestamptz, ?::uuid)', [page.after.startsAt, page.after.id]);
  return query.select<AppointmentRow[]>(APPOINTMENT);
}

/** Visits still ahead whose plan a change of rule, consent or address concerns, with the version their process is rung at. */
export async function findOpenAppointments(
  tx: Tx,
  of: { contactId?: string; staffId?: string; locationId?: string; now: Instant },
): Promise<{ id: string; version: number }[]> {
  const query = tx('appointments').whereIn('status', ['booked', 'confirmed', 'arrived']).where('startsAt', '>', of.now).orderBy('id');
  if (of.contactId !== undefined) void query.where({ contactId: of.contactId });
  if (of.staffId !== undefined) void query.where({ staffId: of.staffId });
  if (of.locationId !== undefined) void query.where({ locationId: of.locationId });
  return query.select<{ id: string; version: number }[]>('id', 'version');
}

/** Raises the version of many visits, so that their processes plan again, and answers what to ring. */
export async function touchAppointments(tx: Tx, ids: string[], now: Instant): Promise<{ id: string; version: number }[]> {
  if (ids.length === 0) return [];
  return tx('appointments')
    .whereIn('id', [...ids].sort())
    .update({ version: tx.raw('version + 1'), updatedAt: now })
    .returning<{ id: string; version: number }[]>(['id', 'version']);
}
