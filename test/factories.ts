import { v7 as newId } from 'uuid';
import { insertAppointment, type AppointmentRow } from '../db/appointments';
import { insertApiKey, type PermissionLevel } from '../db/api-keys';
import { insertBusiness, type BusinessRow } from '../db/businesses';
import { insertContact, recordConsents, type ContactRow } from '../db/contacts';
import { insertFreedSlot } from '../db/freed-slots';
import { createHasher, newSecret, secretHash } from '../db/hashing';
import { replaceHours } from '../db/hours';
import { insertLocation, type LocationRow } from '../db/locations';
import { ensureOfferLink } from '../db/links';
import { savePlanned } from '../db/messages';
import { insertRules } from '../db/reminder-rules';
import { markSending, noteUnknown } from '../db/sending';
import { insertSender } from '../db/senders';
import { insertResource, type ResourceRow } from '../db/resources';
import { insertService, replaceServiceLinks, type ServiceRow } from '../db/services';
import { insertStaff, type StaffRow } from '../db/staff';
import { withBusiness, type Db, type Tx } from '../db/tenancy';
import { insertEntry, type EntryRow } from '../db/waitlist';
import { insertOffer } from '../db/waitlist-offers';
import { readConfig } from '../config';
import type { WeeklyHours } from '../domain/opening-hours';
import { MINUTE_MS, plusMs, type Instant } from '../domain/time';

// What a test is about is all it says: every factory makes the parents it needs.

/** The hasher of the development keys, as the processes under test have it. */
export const testHasher = createHasher(readConfig({}).APP_SECRET);

const BEFORE_ALL: Instant = '2027-01-04T12:00:00.000Z';
const NINE_TO_FIVE: WeeklyHours[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '09:00', to: '17:00' }));

/** A transaction of a business, for a test's own looks and changes. */
export const inBusiness = <T>(db: Db, businessId: string, work: (tx: Tx) => Promise<T>): Promise<T> => withBusiness(db, businessId, work);

type Made<Row> = Partial<Row> & { now?: Instant };

/** An active business in New York that speaks English, with the default reminders and a number of its own. */
export async function aBusiness(db: Db, { now = BEFORE_ALL, ...over }: Made<BusinessRow> = {}): Promise<BusinessRow> {
  const id = over.id ?? newId();
  const fields = { name: 'Shear Bliss', zone: 'America/New_York', locale: 'en' as const, phone: null, email: null, ...over };
  return inBusiness(db, id, async (tx) => {
    const { name, zone, locale, phone, email, slug = `business-${id.slice(-12)}` } = fields;
    const business = await insertBusiness(tx, { id, name, slug, zone, locale, phone, email, now });
    await insertRules(tx, DEFAULT_RULES, now);
    await insertSender(tx, {
      id: newId(),
      kind: 'long_code',
      registration: 'approved',
      address: `+1212${String(parseInt(id.slice(-6), 16) % 10_000_000).padStart(7, '0')}`,
      now,
    });
    if (over.status === undefined || over.status === 'active') return business;
    await tx('businesses').update({ status: over.status });
    return { ...business, status: over.status };
  });
}

const DEFAULT_RULES: Parameters<typeof insertRules>[1] = [
  { rule: '7d', offsetDays: 7, offsetHours: null, channels: ['sms', 'email'], lastUsefulMin: 96 * 60, enabled: true },
  { rule: '3d', offsetDays: 3, offsetHours: null, channels: ['sms', 'email'], lastUsefulMin: 36 * 60, enabled: true },
  { rule: '1d', offsetDays: 1, offsetHours: null, channels: ['sms', 'email'], lastUsefulMin: 4 * 60, enabled: true },
  { rule: '2h', offsetDays: null, offsetHours: 2, channels: ['sms', 'email'], lastUsefulMin: 45, enabled: true },
];

/** An API key of the business; answers its secret. */
export async function anApiKey(db: Db, businessId: string, permissionLevel: PermissionLevel = 'owner'): Promise<string> {
  const secret = newSecret('usher_key_');
  const key = { id: newId(), name: permissionLevel, keyHash: secretHash(secret), permissionLevel, now: BEFORE_ALL };
  await inBusiness(db, businessId, (tx) => insertApiKey(tx, key));
  return secret;
}

/** Open Monday to Friday, 9 to 5, in the business's zone. */
export async function aLocation(
  db: Db,
  businessId: string,
  over: Made<LocationRow> & { hours?: WeeklyHours[] } = {},
): Promise<LocationRow> {
  const {
    name = 'Main Street',
    address = '1 Main Street',
    phone = null,
    zone = 'America/New_York',
    hours = NINE_TO_FIVE,
    now = BEFORE_ALL,
  } = over;
  return inBusiness(db, businessId, async (tx) => {
    const location = await insertLocation(tx, { id: over.id ?? newId(), name, address, phone, zone, now });
    await replaceHours(tx, 'location', { ownerId: location.id, hours });
    return location;
  });
}

/** Somebody who works Monday to Friday, 9 to 5; at a new location unless told. */
export async function aStaffMember(db: Db, businessId: string, over: Made<StaffRow> & { hours?: WeeklyHours[] } = {}): Promise<StaffRow> {
  const { hours = NINE_TO_FIVE, now = BEFORE_ALL, ...fields } = over;
  const locationId = fields.locationId ?? (await aLocation(db, businessId)).id;
  const usual = { id: newId(), name: 'Dana Reyes', email: null, phoneE164: null, locale: 'en' as const, permissionLevel: 'staff' as const };
  const { id, name, email, phoneE164, locale, permissionLevel, bookable, dndStartMinute, dndEndMinute } = {
    ...usual,
    bookable: true,
    dndStartMinute: null,
    dndEndMinute: null,
    ...fields,
  };
  const row = { id, locationId, name, email, phoneE164, locale, permissionLevel, bookable, dndStartMinute, dndEndMinute };
  return inBusiness(db, businessId, async (tx) => {
    const created = await insertStaff(tx, { ...row, now });
    await replaceHours(tx, 'staff', { ownerId: created.id, hours });
    return created;
  });
}

/** A chair; at a new location unless told. */
export async function aResource(db: Db, businessId: string, over: Made<ResourceRow> = {}): Promise<ResourceRow> {
  const { name = 'Chair 1', kind = 'chair', now = BEFORE_ALL } = over;
  const locationId = over.locationId ?? (await aLocation(db, businessId)).id;
  return inBusiness(db, businessId, (tx) => insertResource(tx, { id: over.id ?? newId(), locationId, name, kind, now }));
}

type ServiceOver = Made<ServiceRow> & { staffIds?: string[]; resourceIds?: string[] };

/** An hour's haircut without buffers; given by a new member of staff unless told. */
export async function aService(
  db: Db,
  businessId: string,
  over: ServiceOver = {},
): Promise<ServiceRow & { staffIds: string[]; resourceIds: string[] }> {
  const { staffIds = [(await aStaffMember(db, businessId)).id], resourceIds = [], now = BEFORE_ALL } = over;
  const { name = 'Haircut', durationMin = 60, bufferBeforeMin = 0, bufferAfterMin = 0, priceCents = 6_500 } = over;
  return inBusiness(db, businessId, async (tx) => {
    const service = await insertService(tx, {
      id: over.id ?? newId(),
      name,
      durationMin,
      bufferBeforeMin,
      bufferAfterMin,
      priceCents,
      now,
    });
    await replaceServiceLinks(tx, service.id, { staffIds, resourceIds });
    return { ...service, staffIds, resourceIds };
  });
}

type ContactOver = Made<ContactRow> & {
  phone?: string | null;
  consents?: ('sms' | 'email')[];
  /** Channels for marketing messages too. */ marketing?: ('sms' | 'email')[];
};

/** Ana, with a New York number, who agreed to texts about her visits, and to offers where told. */
export async function aContact(db: Db, businessId: string, over: ContactOver = {}): Promise<ContactRow> {
  const { phone = '+12125550123', consents = phone === null ? [] : ['sms'], marketing = [], now = BEFORE_ALL, ...fields } = over;
  const usual = { id: newId(), name: 'Ana López', email: null, locale: 'en' as const, zone: null, postalCode: null, source: 'api' };
  const { id, name, email, locale, zone, postalCode, source } = { ...usual, ...fields };
  const phoneHash = phone === null ? null : testHasher.address(businessId, phone);
  const emailHash = email === null ? null : testHasher.address(businessId, email);
  const person = { id, name, phoneE164: phone, phoneHash, email, emailHash, locale, zone, postalCode, source };
  return inBusiness(db, businessId, async (tx) => {
    const contact = await insertContact(tx, { ...person, now });
    const proof = { source: 'test', method: 'form', attestationId: null, recordedBy: 'test', ip: null, userAgent: null, recordedAt: now };
    const words = { contactId: id, granted: true, statement: 'Yes, write to me.', ...proof };
    const given = [
      ...consents.map((channel) => ({ channel, purpose: 'service' as const })),
      ...marketing.map((channel) => ({ channel, purpose: 'marketing' as const })),
    ];
    await recordConsents(
      tx,
      given.map((one) => ({ id: newId(), ...one, addressHash: one.channel === 'sms' ? phoneHash : emailHash, ...words })),
    );
    return contact;
  });
}

/** A reminder to the contact, marked for the vendor, of which nobody knows whether it was sent. Answers its id. */
export async function anUnknownMessage(db: Db, businessId: string, contactId: string): Promise<string> {
  const [id, now] = [newId(), BEFORE_ALL];
  const row = {
    ...{ id, sendKey: id, appointmentId: null, contactId, staffId: null, rule: '1d' as const, messageClass: 'reminder' as const },
    ...{ channel: 'sms' as const, scheduleVersion: null, status: 'planned' as const, reason: null },
    ...{ dueAt: now, sendAt: now, notAfter: plusMs(now, 24 * 60 * MINUTE_MS) },
  };
  const text = {
    toAddress: '+12125550123',
    fromAddress: '+12125550100',
    fromName: null,
    subject: null,
    body: 'See you tomorrow.',
    html: null,
    locale: 'en',
    segments: 1,
    decision: null,
  };
  await inBusiness(db, businessId, async (tx) => {
    await savePlanned(tx, [row], now);
    const mark = { id, ...text, templateId: '1d.sms.en.1', asksConfirmation: false, vendor: 'twilio', markedAt: now, now };
    await noteUnknown(tx, { id, attempt: await markSending(tx, mark), now });
  });
  return id;
}

type VisitOver = {
  contactId?: string;
  serviceId?: string;
  staffId?: string;
  startsAt?: Instant;
  durationMin?: number;
  status?: 'held' | 'booked' | 'arrived';
  holdExpiresAt?: Instant;
  resourceIds?: string[];
  now?: Instant;
};

/** A booked hour on Tuesday 16 March 2027, 10:00 in New York, straight into the tables: no slot is asked and no doorbell rung. */
export async function anAppointment(db: Db, businessId: string, over: VisitOver = {}): Promise<AppointmentRow> {
  const { startsAt = '2027-03-16T14:00:00.000Z', durationMin = 60, status = 'booked', resourceIds = [], now = BEFORE_ALL } = over;
  const contactId = over.contactId ?? (await aContact(db, businessId)).id;
  const member = await staffOf(db, businessId, over.staffId);
  const serviceId = over.serviceId ?? (await aService(db, businessId, { staffIds: [member.id], durationMin })).id;
  const visit = {
    id: newId(),
    locationId: member.locationId,
    contactId,
    serviceId,
    staffId: member.id,
    startsAt,
    endsAt: plusMs(startsAt, durationMin * MINUTE_MS),
  };
  const rest = {
    bufferBeforeMin: 0,
    bufferAfterMin: 0,
    source: 'api',
    externalRef: null,
    note: null,
    resourceIds,
    by: 'api' as const,
    now,
  };
  const holdExpiresAt = status === 'held' ? (over.holdExpiresAt ?? plusMs(now, 10 * MINUTE_MS)) : null;
  return inBusiness(db, businessId, async (tx) => {
    const [location] = await tx('locations').where({ id: member.locationId }).select<{ zone: string }[]>('zone');
    return insertAppointment(tx, { ...visit, ...rest, zone: location!.zone, status, holdExpiresAt });
  });
}

async function staffOf(db: Db, businessId: string, staffId: string | undefined): Promise<Pick<StaffRow, 'id' | 'locationId'>> {
  if (staffId === undefined) return aStaffMember(db, businessId);
  return inBusiness(db, businessId, async (tx) => (await tx('staff').where({ id: staffId }).select<StaffRow[]>('*'))[0]!);
}

type EntryOver = Made<EntryRow>;

/** Somebody who waits for any time of a service; a new person and an hour's haircut unless told. */
export async function aWaitlistEntry(db: Db, businessId: string, over: EntryOver = {}): Promise<EntryRow> {
  const contactId = over.contactId ?? (await aContact(db, businessId, { marketing: ['sms'] })).id;
  const serviceId = over.serviceId ?? (await aService(db, businessId)).id;
  const {
    staffId = null,
    weekdays = [],
    windows = [],
    earliestOn = null,
    latestOn = null,
    preference = 'anytime',
    now = BEFORE_ALL,
  } = over;
  const wish = { staffId, weekdays, windows, earliestOn, latestOn, preference };
  return inBusiness(db, businessId, (tx) => insertEntry(tx, { id: over.id ?? newId(), contactId, serviceId, ...wish, now }));
}

type OfferOver = {
  contactId?: string;
  serviceId?: string;
  staffId?: string | null;
  startsAt?: Instant;
  freedSlotId?: string;
  now?: Instant;
};
type Offered = { offerId: string; freedSlotId: string; entryId: string; contactId: string };

/** An open offer of a freed hour, Thursday 18 March 2027, 10:00 in New York, straight into the tables, with its link and without a message or a process. */
export async function aWaitlistOffer(db: Db, businessId: string, over: OfferOver = {}): Promise<Offered> {
  const { startsAt = '2027-03-18T14:00:00.000Z', staffId = null, now = BEFORE_ALL } = over;
  const entry = await aWaitlistEntry(db, businessId, { ...over, staffId: null });
  const { id: entryId, contactId, serviceId } = entry;
  const offerId = newId();
  return inBusiness(db, businessId, async (tx) => {
    const time = { serviceId, staffId, startsAt, endsAt: plusMs(startsAt, 60 * MINUTE_MS), appointmentId: null, cause: 'asked' as const };
    const freedSlotId = over.freedSlotId ?? (await insertFreedSlot(tx, { id: newId(), ...time, now })).slot.id;
    await insertOffer(tx, { id: offerId, freedSlotId, entryId, contactId, expiresAt: plusMs(now, 30 * MINUTE_MS), now });
    await ensureOfferLink(tx, { offerId, hash: testHasher, now });
    return { offerId, freedSlotId, entryId, contactId };
  });
}
