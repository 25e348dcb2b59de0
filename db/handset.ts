import type { AppointmentStatus } from '../domain/appointment';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

// What the handset asks (development only): a person's visits with names, and when texts took place on the business's clock.

export type PersonVisit = {
  id: string;
  status: AppointmentStatus;
  startsAt: Instant;
  endsAt: Instant;
  zone: string;
  scheduleVersion: number;
  serviceId: string;
  serviceName: string;
  staffId: string;
  staffName: string;
  locationName: string;
};

/** A person's visits with the names a reader needs, the latest start first. */
export async function findPersonVisits(tx: Tx, { contactId, limit }: { contactId: string; limit: number }): Promise<PersonVisit[]> {
  const { rows } = await tx.raw<{ rows: PersonVisit[] }>(
    `select a.id, a.status, a.starts_at, a.ends_at, a.zone, a.schedule_version, a.service_id, v.name as service_name, a.staff_id, s.name as staff_name, l.name as location_name
     from appointments a
     join services v on v.id = a.service_id
     join staff s on s.id = a.staff_id
     join locations l on l.id = a.location_id
     where a.contact_id = ? order by a.starts_at desc, a.id desc limit ?`,
    [contactId, limit],
  );
  return rows;
}

/** `at`: on the business's own clock; null for one that is not sent (yet). */
export type MessageTime = { id: string; vendorId: string | null; at: Instant | null };

/** When messages were sent or came in. */
export async function findMessageTimes(tx: Tx, { ids, vendorIds }: { ids: string[]; vendorIds: string[] }): Promise<MessageTime[]> {
  return tx('messages')
    .where((either) => void either.whereIn('id', ids).orWhereIn('vendorId', vendorIds))
    .select<MessageTime[]>('id', 'vendorId', tx.raw(`case direction when 'in' then created_at else sent_at end as at`));
}
