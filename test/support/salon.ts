import { v7 as newId } from 'uuid';
import { insertApiKey } from '../../db/api-keys';
import { insertBusiness } from '../../db/businesses';
import { insertContact, recordConsents } from '../../db/contacts';
import { createHasher, newSecret, secretHash } from '../../db/hashing';
import { replaceHours } from '../../db/hours';
import { insertLocation } from '../../db/locations';
import { insertRules } from '../../db/reminder-rules';
import { insertSender } from '../../db/senders';
import { pushSandboxClock } from '../../db/sandbox-clock';
import { insertService, replaceServiceLinks } from '../../db/services';
import { insertStaff } from '../../db/staff';
import type { Db, Tx } from '../../db/tenancy';
import { withBusiness } from '../../db/tenancy';
import type { Locale } from '../../domain/message';
import type { SenderKind } from '../../domain/registration';
import { DEFAULT_REMINDER_RULES } from '../../domain/reminders';
import type { Instant } from '../../domain/time';

export type Salon = {
  id: string;
  apiKey: string;
  number: string;
  locationId: string;
  staffId: string;
  /** A second member of staff, with `colleague`. */
  colleagueId: string;
  serviceId: string;
  contactId: string;
  contactPhone: string;
  contactEmail: string;
};

export type SalonOptions = {
  /** The business's time: its sandbox clock is pushed there. Left out: the machine's. */
  now?: Instant;
  zone?: string;
  contactZone?: string | null;
  locale?: Locale;
  /** Channels with service consent. */
  consents?: ('sms' | 'email')[];
  phone?: boolean;
  email?: boolean;
  staffEmail?: string | null;
  /** Of an owner who takes no visits; none without it. */
  ownerEmail?: string;
  /** A second member of staff takes visits too. */
  colleague?: boolean;
  /** False: it texts as the platform. */
  ownNumber?: boolean;
  /** What the carriers take its number for: a long code unless told. */
  senderKind?: SenderKind;
  name?: string;
  appSecret: string;
};

const state = { numbers: 0 };
/** Numbers that nobody has: 555-0100 to 555-0199 of many area codes, a new one each time. */
function freeNumber(): string {
  state.numbers += 1;
  return `+1${String(212 + Math.floor(state.numbers / 100))}55501${String(state.numbers % 100).padStart(2, '0')}`;
}

/** A business that is open every day from 08:00 to 20:00, with one member of staff, an hour's service and one person to text. */
export async function aSalon(db: Db, options: SalonOptions): Promise<Salon> {
  const id = newId();
  const now = options.now ?? new Date().toISOString();
  const apiKey = newSecret('usher_');
  const number = freeNumber();
  const contactPhone = `+1212555${String(1000 + (state.numbers % 9000))}`;
  const contactEmail = `ana${state.numbers}@example.com`;
  if (options.now !== undefined) {
    await withBusiness(db, id, (tx) => business(tx, { id, now, ...options }));
    await pushSandboxClock(db, id, Date.parse(now) - Date.now());
  } else await withBusiness(db, id, (tx) => business(tx, { id, now, ...options }));
  return withBusiness(db, id, async (tx) => {
    await insertApiKey(tx, { id: newId(), name: 'test', keyHash: secretHash(apiKey), permissionLevel: 'owner', now });
    if (options.ownNumber !== false)
      await insertSender(tx, { id: newId(), address: number, kind: options.senderKind ?? 'long_code', registration: 'approved', now });
    await insertRules(tx, DEFAULT_REMINDER_RULES.map(toRuleRow), now);
    const { locationId, staffId, colleagueId, serviceId } = await place(tx, { now, ...options });
    const contactId = await person(tx, { businessId: id, now, contactPhone, contactEmail, ...options });
    return { id, apiKey, number, locationId, staffId, colleagueId, serviceId, contactId, contactPhone, contactEmail };
  });
}

type At = SalonOptions & { now: Instant };

async function business(
  tx: Tx,
  { id, name = 'Salon Sol', zone = 'America/New_York', now, locale = 'en' }: At & { id: string },
): Promise<void> {
  await insertBusiness(tx, { id, name, slug: `s${id.slice(-8)}`, zone, locale, phone: '+12125550100', email: null, now });
}

const OPEN = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '08:00', to: '20:00' }));

async function place(
  tx: Tx,
  { zone = 'America/New_York', staffEmail = null, ownerEmail, colleague = false, now }: At,
): Promise<{ locationId: string; staffId: string; colleagueId: string; serviceId: string }> {
  const [locationId, staffId, colleagueId, serviceId] = [newId(), newId(), newId(), newId()];
  await insertLocation(tx, { id: locationId, name: 'Main Street', address: '1 Main St', phone: null, zone, now });
  await replaceHours(tx, 'location', { ownerId: locationId, hours: OPEN });
  const member = { locationId, phoneE164: null, locale: 'en' as const, dndStartMinute: null, dndEndMinute: null, now };
  const bookable = { permissionLevel: 'staff' as const, bookable: true };
  await insertStaff(tx, { id: staffId, name: 'Marta', email: staffEmail, ...member, ...bookable });
  if (colleague) await insertStaff(tx, { id: colleagueId, name: 'Nadia', email: null, ...member, ...bookable });
  if (ownerEmail !== undefined)
    await insertStaff(tx, { id: newId(), name: 'Olga', email: ownerEmail, ...member, permissionLevel: 'owner', bookable: false });
  const staffIds = colleague ? [staffId, colleagueId] : [staffId];
  for (const ownerId of staffIds) await replaceHours(tx, 'staff', { ownerId, hours: OPEN });
  await insertService(tx, {
    id: serviceId,
    name: 'Haircut',
    durationMin: 60,
    bufferBeforeMin: 0,
    bufferAfterMin: 0,
    priceCents: 5_000,
    now,
  });
  await replaceServiceLinks(tx, serviceId, { staffIds, resourceIds: [] });
  return { locationId, staffId, colleagueId, serviceId };
}

type Person = At & { businessId: string; contactPhone: string; contactEmail: string };

async function person(tx: Tx, options: Person): Promise<string> {
  const {
    businessId,
    appSecret,
    contactPhone,
    contactEmail,
    now,
    locale = 'en',
    contactZone = 'America/New_York',
    consents = ['sms', 'email'],
  } = options;
  const hash = createHasher(appSecret);
  const id = newId();
  const [phoneE164, email] = [options.phone === false ? null : contactPhone, options.email === false ? null : contactEmail];
  const hashes = { phoneHash: phoneE164 && hash.address(businessId, phoneE164), emailHash: email && hash.address(businessId, email) };
  await insertContact(tx, {
    id,
    name: 'Ana Diaz',
    phoneE164,
    email,
    ...hashes,
    locale,
    zone: contactZone,
    postalCode: null,
    source: 'api',
    now,
  });
  const consent = {
    contactId: id,
    purpose: 'service' as const,
    granted: true,
    statement: 'Text me about my visits',
    source: 'test',
    method: 'form',
    addressHash: null,
    attestationId: null,
  };
  await recordConsents(
    tx,
    consents.map((channel) => ({ id: newId(), channel, ...consent, recordedBy: 'test', ip: null, userAgent: null, recordedAt: now })),
  );
  return id;
}

type Rule = (typeof DEFAULT_REMINDER_RULES)[number];
const toRuleRow = ({ rule, offset, channels, lastUsefulMs, enabled }: Rule) => ({
  rule: rule as '7d',
  offsetDays: 'days' in offset ? offset.days : null,
  offsetHours: 'hours' in offset ? offset.hours : null,
  channels,
  lastUsefulMin: lastUsefulMs / 60_000,
  enabled,
});
