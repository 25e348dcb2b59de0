import type { AppointmentStatus } from '../domain/appointment';
import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import { one } from './errors';
import { secretHash, type Hasher } from './hashing';
import type { Db, Tx } from './tenancy';

// Signed links: the page of a visit, and the calendar of a member of staff. Only a hash of the token is kept; the token is made again from the link's subject.

/** Whose link this is, before any business is known; undefined for an unknown or revoked one. One statement without a transaction: one trip. */
export async function findLinkHolder({ pool }: Db, token: string): Promise<{ businessId: string; id: string } | undefined> {
  const { rows } = await pool.raw<{ rows: { businessId: string; id: string }[] }>('select business_id, id from business_of_link(?)', [
    secretHash(token),
  ]);
  return rows[0];
}

type VisitLink = { appointmentId: string; hash: Pick<Hasher, 'linkToken'>; now: Instant };

/** Makes the link that a visit's messages carry work. Once for each visit, whose id it shares: a second time changes nothing, a revoked link stays revoked. */
export async function ensureVisitLink(tx: Tx, { appointmentId, hash, now }: VisitLink): Promise<void> {
  const tokenHash = secretHash(hash.linkToken('appointment', appointmentId));
  const row = { id: appointmentId, kind: 'appointment', tokenHash, appointmentId, createdAt: now };
  await tx('links')
    .insert({ businessId: tx.raw('current_business()'), ...row })
    .onConflict()
    .ignore();
}

type OfferLink = { offerId: string; hash: Pick<Hasher, 'linkToken'>; now: Instant };

/** Makes the link of a waitlist offer work. Once for each offer, whose id it shares. */
export async function ensureOfferLink(tx: Tx, { offerId, hash, now }: OfferLink): Promise<void> {
  const tokenHash = secretHash(hash.linkToken('waitlist_offer', offerId));
  const row = { id: offerId, kind: 'waitlist_offer', tokenHash, offerId, createdAt: now };
  await tx('links')
    .insert({ businessId: tx.raw('current_business()'), ...row })
    .onConflict()
    .ignore();
}

type CalendarLink = { newId: string; staffId: string; hash: Pick<Hasher, 'linkToken'>; now: Instant };

/** The token of the link to a staff member's calendar: the one there is, or a new one if there is none or it was revoked. */
export async function ensureCalendarLink(tx: Tx, { newId, staffId, hash, now }: CalendarLink): Promise<string> {
  const tokenOf = (id: string): string => hash.linkToken('staff_calendar', id);
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `insert into links as l (business_id, id, kind, token_hash, staff_id, created_at)
     values (current_business(), :newId, 'staff_calendar', :tokenHash, :staffId, :now)
     on conflict (business_id, staff_id) where staff_id is not null do update set
       id = case when l.revoked_at is null then l.id else excluded.id end,
       token_hash = case when l.revoked_at is null then l.token_hash else excluded.token_hash end,
       created_at = case when l.revoked_at is null then l.created_at else excluded.created_at end, revoked_at = null
     returning id`,
    { newId, tokenHash: secretHash(tokenOf(newId)), staffId, now },
  );
  return tokenOf(one('link', rows).id);
}

/** Ends a staff member's calendar link at once. A second time changes nothing. */
export async function revokeCalendarLink(tx: Tx, { staffId, now }: { staffId: string; now: Instant }): Promise<void> {
  await tx('links').where({ staffId }).whereNull('revokedAt').update({ revokedAt: now });
}

export type LinkedVisit = {
  id: string;
  status: AppointmentStatus;
  startsAt: Instant;
  endsAt: Instant;
  zone: string;
  noShowAt: Instant | null;
  version: number;
  scheduleVersion: number;
  updatedAt: Instant;
  serviceId: string;
  serviceName: string;
  staffId: string;
  staffName: string;
  locationName: string;
  address: string | null;
  businessName: string;
  /** For calls: the location's own number, else the business's. */
  phone: string | null;
  contactId: string;
  contactLocale: Locale;
  contactZone: string | null;
  contactPostalCode: string | null;
  contactPhone: string | null;
};

/** What the page of a visit shows, in one trip and without a lock. Throws RowMissing for a link to something else. */
export async function findLinkedVisit(tx: Tx, linkId: string): Promise<LinkedVisit> {
  const { rows } = await tx.raw<{ rows: LinkedVisit[] }>(
    `select a.id, a.status, a.starts_at, a.ends_at, a.zone, a.no_show_at, a.version, a.schedule_version, a.updated_at,
       a.service_id, v.name as service_name, a.staff_id, s.name as staff_name, l.name as location_name, l.address,
       b.name as business_name, coalesce(l.phone, b.phone) as phone, c.id as contact_id, c.locale as contact_locale, c.zone as contact_zone,
       c.postal_code as contact_postal_code, c.phone_e164 as contact_phone
     from links k
     join appointments a on a.id = k.appointment_id
     join businesses b on b.id = a.business_id
     join contacts c on c.id = a.contact_id
     join services v on v.id = a.service_id
     join staff s on s.id = a.staff_id
     join locations l on l.id = a.location_id
     where k.id = ?`,
    [linkId],
  );
  return one('link', rows);
}

/** The visit ahead that the same contact has booked of the same service since this one was cancelled or missed. */
export async function findBookedSince(
  tx: Tx,
  { id, now }: { id: string; now: Instant },
): Promise<{ id: string; startsAt: Instant; zone: string } | undefined> {
  const { rows } = await tx.raw<{ rows: { id: string; startsAt: Instant; zone: string }[] }>(
    `select a.id, a.starts_at, a.zone from appointments gone
     join appointments a on a.contact_id = gone.contact_id and a.service_id = gone.service_id
       and a.status in ('booked', 'confirmed', 'arrived') and a.booked_at >= gone.status_changed_at and a.starts_at > :now
     where gone.id = :id and gone.status in ('cancelled', 'expired', 'no_show')
     order by a.starts_at, a.id limit 1`,
    { id, now },
  );
  return rows[0];
}

export type LinkedStaff = { id: string; name: string; businessName: string };

/** Whose calendar a link shows. Throws RowMissing for a link to something else, and for somebody who works here no more. */
export async function findLinkedStaff(tx: Tx, linkId: string): Promise<LinkedStaff> {
  const { rows } = await tx.raw<{ rows: LinkedStaff[] }>(
    `select s.id, s.name, b.name as business_name from links k join staff s on s.id = k.staff_id join businesses b on b.id = s.business_id
     where k.id = ? and s.active`,
    [linkId],
  );
  return one('link', rows);
}

export type CalendarVisit = Pick<
  LinkedVisit,
  'id' | 'startsAt' | 'endsAt' | 'version' | 'updatedAt' | 'serviceName' | 'locationName' | 'address'
> & {
  contactName: string;
};

/** A staff member's visits that begin in a span, in order: those ahead and those that took place. */
export async function findCalendarVisits(
  tx: Tx,
  { staffId, from, to }: { staffId: string; from: Instant; to: Instant },
): Promise<CalendarVisit[]> {
  const { rows } = await tx.raw<{ rows: CalendarVisit[] }>(
    `select a.id, a.starts_at, a.ends_at, a.version, a.updated_at, v.name as service_name, l.name as location_name, l.address, c.name as contact_name
     from appointments a
     join contacts c on c.id = a.contact_id
     join services v on v.id = a.service_id
     join locations l on l.id = a.location_id
     where a.staff_id = :staffId and a.starts_at >= :from and a.starts_at < :to and a.status in ('booked', 'confirmed', 'arrived', 'completed')
     order by a.starts_at, a.id`,
    { staffId, from, to },
  );
  return rows;
}
