import type { AppointmentStatus } from '../domain/appointment';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

export type DayVisit = { staffId: string; staffName: string; startsAt: Instant; zone: string; contactName: string; serviceName: string };

/** The visits that begin in a span, in order, of one member of staff or of all. */
export async function findDayVisits(
  tx: Tx,
  { from, to, staffId }: { from: Instant; to: Instant; staffId: string | null },
): Promise<DayVisit[]> {
  const { rows } = await tx.raw<{ rows: DayVisit[] }>(
    `select a.staff_id, s.name as staff_name, a.starts_at, a.zone, c.name as contact_name, v.name as service_name
     from appointments a
     join staff s on s.id = a.staff_id
     join contacts c on c.id = a.contact_id
     join services v on v.id = a.service_id
     where a.status in ('booked', 'confirmed', 'arrived') and a.starts_at >= :from and a.starts_at < :to
       and (:staffId::uuid is null or a.staff_id = :staffId::uuid)
     order by a.starts_at, a.id`,
    { from, to, staffId },
  );
  return rows;
}

export type ScheduleReader = { id: string; email: string | null; phoneE164: string | null; readsAll: boolean };

/** Who gets the day's visits: each member of staff who has some, and the owners for the whole business. */
export async function findScheduleReaders(tx: Tx, { from, to }: { from: Instant; to: Instant }): Promise<ScheduleReader[]> {
  const { rows } = await tx.raw<{ rows: ScheduleReader[] }>(
    `select s.id, s.email, s.phone_e164, s.permission_level = 'owner' as reads_all from staff s
     where s.active and exists (
       select 1 from appointments a where a.status in ('booked', 'confirmed', 'arrived') and a.starts_at >= :from and a.starts_at < :to
         and (a.staff_id = s.id or s.permission_level = 'owner'))
     order by s.id`,
    { from, to },
  );
  return rows;
}

/** A visit as the front desk sees it, with what decides what may be done with it now. */
export type DeskVisit = DayVisit & {
  id: string;
  status: AppointmentStatus;
  previousStatus: AppointmentStatus | null;
  statusChangedAt: Instant;
  holdExpiresAt: Instant | null;
  endsAt: Instant;
  contactId: string;
  contactPhone: string | null;
  serviceId: string;
  note: string | null;
  version: number;
};

const DESK_VISIT = `select a.id, a.status, a.previous_status, a.status_changed_at, a.hold_expires_at, a.starts_at, a.ends_at, a.zone, a.note, a.version,
    a.staff_id, s.name as staff_name, a.contact_id, c.name as contact_name, c.phone_e164 as contact_phone, a.service_id, v.name as service_name
  from appointments a
  join staff s on s.id = a.staff_id
  join contacts c on c.id = a.contact_id
  join services v on v.id = a.service_id`;

export type DeskFilter = {
  from: Instant;
  to: Instant;
  staffId?: string | null;
  serviceId?: string | null;
  status?: AppointmentStatus | null;
};

/** Every visit of a span, cancelled and missed ones too, in order: the front desk's days. */
export async function findDeskDay(tx: Tx, { from, to, staffId = null, serviceId = null, status = null }: DeskFilter): Promise<DeskVisit[]> {
  const { rows } = await tx.raw<{ rows: DeskVisit[] }>(
    `${DESK_VISIT} where a.status not in ('held', 'expired') and a.starts_at >= :from and a.starts_at < :to
       and (:staffId::uuid is null or a.staff_id = :staffId::uuid) and (:serviceId::uuid is null or a.service_id = :serviceId::uuid)
       and (:status::text is null or a.status = :status::text)
     order by a.starts_at, a.id`,
    { from, to, staffId, serviceId, status },
  );
  return rows;
}

/** One visit as the front desk sees it. Throws RowMissing. */
export async function findDeskVisit(tx: Tx, id: string): Promise<DeskVisit> {
  const { rows } = await tx.raw<{ rows: DeskVisit[] }>(`${DESK_VISIT} where a.id = ?`, [id]);
  return one('appointment', rows);
}
