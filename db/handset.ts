import type { AppointmentStatus } from '../domain/appointment';
import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

// What the handset asks (development only): people to pick, their visits with names, and when texts took place on the business's clock.

export type Person = {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  /** By what WhatsApp knows them: their number, or its own id of somebody who shows none. */
  whatsapp: string | null;
  locale: Locale;
  zone: string | null;
};
const person = (tx: Tx) => [
  'id',
  'name',
  'phoneE164 as phone',
  'email',
  'locale',
  'zone',
  tx.raw(`coalesce(phone_e164, (${IDENTITY})) as whatsapp`),
];
const IDENTITY = `select i.external_id from contact_identities i where i.contact_id = contacts.id order by i.created_at desc limit 1`;

/** One person of this business, or undefined. */
export async function findPerson(tx: Tx, id: string): Promise<Person | undefined> {
  const [row] = await tx('contacts')
    .where({ id })
    .select<Person[]>(...person(tx));
  return row;
}

/** People whose name, number or address contains the text, by name. A number may be typed with blanks and brackets. */
export async function searchPeople(tx: Tx, { text, limit }: { text: string; limit: number }): Promise<Person[]> {
  const like = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;
  const digits = text.replace(/\D/g, '');
  const query = tx('contacts').where({ mergedInto: null }).orderBy(['name', 'id']).limit(limit);
  if (text !== '')
    void query.where((either) => {
      void either.whereILike('name', like(text)).orWhereILike('email', like(text));
      if (digits.length >= 3) void either.orWhereLike('phoneE164', like(digits));
    });
  return query.select<Person[]>(...person(tx));
}

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
