import type { Channel, Locale } from '../domain/message';
import type { Registration } from '../domain/registration';
import type { AppointmentRow } from './appointments';
import { APPOINTMENT } from './appointments';
import type { WhatsAppVendor } from './channel-settings';
import { one } from './errors';
import { snakeCase } from './naming';
import type { Tx } from './tenancy';

export type BusinessFacts = {
  businessName: string;
  businessStatus: 'active' | 'paused' | 'canceled';
  businessPhone: string | null;
  businessEmail: string | null;
  businessPostalAddress: string | null;
  quietStartMinute: number;
  quietEndMinute: number;
  /** Who texts: a Messaging Service or a number chosen for it, else the first number of the business; null: the platform's. */
  fromNumber: string | null;
  /** By whom the business writes on WhatsApp, and as which sender (a number, or Meta's id of one). */
  whatsappVendor: WhatsAppVendor;
  whatsappSender: string | null;
  /** How far the carriers' registration of the number is; null: it has none of its own. */
  senderRegistration: Registration | null;
};

export type ContactFacts = {
  contactName: string;
  contactLocale: Locale;
  contactZone: string | null;
  contactPostalCode: string | null;
  phone: string | null;
  email: string | null;
  /** By which WhatsApp finds them: the number, or WhatsApp's own id of a person who shows none. */
  whatsapp: string | null;
  preferredChannel: Channel | null;
};

export type StaffFacts = {
  id: string;
  role: 'staff' | 'owner';
  name: string;
  email: string | null;
  phone: string | null;
  locale: Locale;
  zone: string;
  dndStartMinute: number | null;
  dndEndMinute: number | null;
};

export type RuleFacts = {
  rule: '7d' | '3d' | '1d' | '2h';
  offsetDays: number | null;
  offsetHours: number | null;
  channels: Channel[];
  lastUsefulMin: number;
  enabled: boolean;
};

export type VisitFacts = {
  appointment: AppointmentRow;
  business: BusinessFacts;
  contact: ContactFacts;
  staff: StaffFacts[];
  rules: RuleFacts[];
  service: { serviceName: string };
  location: { locationName: string; address: string | null };
};

/** What WhatsApp calls a person, the newest of several: a new phone brings a new one. */
export const identity = (column: string): string =>
  `select i.${column} from contact_identities i where i.contact_id = c.id and i.channel = 'whatsapp' order by i.created_at desc, i.external_hash limit 1`;

/** Who texts for the business: what was chosen, else its first number. */
export const FROM_NUMBER = `coalesce((select w.sender from channel_settings w where w.channel = 'sms'),
  (select f.address from senders f order by f.created_at, f.id limit 1))`;
/** How far its registration is; of a Messaging Service that has no state of its own, that of its numbers: one that may not text holds it. */
export const SENDER_REGISTRATION = `(select r.registration from senders r where r.address = ${FROM_NUMBER} or ${FROM_NUMBER} like 'MG%'
  order by r.address = ${FROM_NUMBER} desc, r.registration = 'approved', r.created_at limit 1)`;

export const BUSINESS = `b.name as business_name, b.status as business_status, b.phone as business_phone, b.email as business_email, b.postal_address as business_postal_address, b.quiet_start_minute, b.quiet_end_minute,
  ${FROM_NUMBER} as from_number, ${SENDER_REGISTRATION} as sender_registration,
  coalesce((select s.vendor from channel_settings s where s.channel = 'whatsapp'), 'off') as whatsapp_vendor,
  (select s.sender from channel_settings s where s.channel = 'whatsapp') as whatsapp_sender`;
export const CONTACT = `c.name as contact_name, c.locale as contact_locale, c.zone as contact_zone, c.postal_code as contact_postal_code,
  c.phone_e164 as phone, c.email, c.preferred_channel, coalesce(c.phone_e164, (${identity('external_id')})) as whatsapp`;

export type VisitRow = AppointmentRow &
  BusinessFacts &
  ContactFacts &
  VisitFacts['service'] &
  VisitFacts['location'] &
  Pick<VisitFacts, 'staff' | 'rules'>;

/** The visits `a` of a business; `more`: further columns about them. */
export const visitsWith = (more = ''): string => `
  select ${APPOINTMENT.map((name) => `a.${snakeCase(name)}`).join(', ')}, ${BUSINESS}, ${CONTACT}, v.name as service_name, l.name as location_name, l.address,
    (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'role', case when s.id = a.staff_id then 'staff' else 'owner' end, 'name', s.name, 'email', s.email,
        'phone', s.phone_e164, 'locale', s.locale, 'zone', l.zone, 'dndStartMinute', s.dnd_start_minute, 'dndEndMinute', s.dnd_end_minute) order by s.id), '[]')
     from staff s where s.active and (s.id = a.staff_id or s.permission_level = 'owner')) as staff,
    (select coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'offsetDays', r.offset_days, 'offsetHours', r.offset_hours, 'channels', r.channels,
        'lastUsefulMin', r.last_useful_min, 'enabled', r.enabled)), '[]') from reminder_rules r) as rules${more}
  from appointments a
  join businesses b on b.id = a.business_id
  join contacts c on c.id = a.contact_id
  join services v on v.id = a.service_id
  join locations l on l.id = a.location_id`;

/** What a visit's messages are about, and the rules for them. The visit stands still, as for findVisitPlan. Throws RowMissing. */
export async function findVisitFacts(tx: Tx, appointmentId: string): Promise<VisitFacts> {
  await lockVisit(tx, appointmentId);
  const { rows } = await tx.raw<{ rows: VisitRow[] }>(`${visitsWith()} where a.id = ?`, [appointmentId]);
  return toVisitFacts(one('appointment', rows));
}

/**
 * The visit stands still (for share) until the transaction ends: a cancel or a move waits for it. By a statement of its own: one that both waits and reads
 * sees the visit as it is after the wait and all else as it was before.
 */
export async function lockVisit(tx: Tx, appointmentId: string): Promise<void> {
  await tx('appointments').where({ id: appointmentId }).forShare().select('id');
}

export const toVisitFacts = ({ staff, rules, ...row }: VisitRow): VisitFacts => ({
  appointment: row,
  business: row,
  contact: row,
  service: row,
  location: row,
  staff,
  rules,
});

/** The same for a message to a person outside any visit. Throws RowMissing. */
export async function findContactFacts(tx: Tx, contactId: string): Promise<{ business: BusinessFacts; contact: ContactFacts }> {
  const { rows } = await tx.raw<{ rows: (BusinessFacts & ContactFacts)[] }>(
    `select ${BUSINESS}, ${CONTACT} from contacts c join businesses b on b.id = c.business_id where c.id = ?`,
    [contactId],
  );
  const row = one('contact', rows);
  return { business: row, contact: row };
}

/** One member of staff as the receiver of a message. Throws RowMissing. */
export async function findStaffFacts(tx: Tx, staffId: string): Promise<{ business: BusinessFacts; staff: StaffFacts }> {
  const { rows } = await tx.raw<{ rows: (BusinessFacts & StaffFacts)[] }>(
    `select ${BUSINESS}, s.id, 'staff' as role, s.name, s.email, s.phone_e164 as phone, s.locale, l.zone, s.dnd_start_minute, s.dnd_end_minute
     from staff s join businesses b on b.id = s.business_id join locations l on l.id = s.location_id where s.id = ?`,
    [staffId],
  );
  const row = one('staff', rows);
  return { business: row, staff: row };
}

/** Throws RowMissing. */
export async function findUserFacts(tx: Tx, userId: string): Promise<{ business: BusinessFacts; email: string }> {
  const { rows } = await tx.raw<{ rows: (BusinessFacts & { userEmail: string })[] }>(
    `select ${BUSINESS}, u.email as user_email from users u join businesses b on b.id = u.business_id where u.id = ?`,
    [userId],
  );
  const row = one('user', rows);
  return { business: row, email: row.userEmail };
}
