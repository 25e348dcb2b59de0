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

export type DeskVisit = DayVisit & { id: string; status: AppointmentStatus };

const DESK_VISIT = `select a.id, a.status, a.staff_id, s.name as staff_name, a.starts_at, a.zone, c.name as contact_name, v.name as service_name
  from appointments a
  join staff s on s.id = a.staff_id
  join contacts c on c.id = a.contact_id
  join services v on v.id = a.service_id`;

/** Every visit of a span, cancelled and missed ones too, in order: the front desk's day. */
export async function findDeskDay(tx: Tx, { from, to }: { from: Instant; to: Instant }): Promise<DeskVisit[]> {
  const { rows } = await tx.raw<{ rows: DeskVisit[] }>(
    `${DESK_VISIT} where a.status not in ('held', 'expired') and a.starts_at >= ? and a.starts_at < ? order by a.starts_at, a.id`,
    [from, to],
  );
  return rows;
}

/** One visit as the front desk sees it. Throws RowMissing. */
export async function findDeskVisit(tx: Tx, id: string): Promise<DeskVisit> {
  const { rows } = await tx.raw<{ rows: DeskVisit[] }>(`${DESK_VISIT} where a.id = ?`, [id]);
  return one('appointment', rows);
}
