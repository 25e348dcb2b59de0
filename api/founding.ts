import { randomInt } from 'node:crypto';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { insertApiKey } from '../db/api-keys';
import { insertBusiness, type BusinessRow } from '../db/businesses';
import { insertCadences } from '../db/cadences';
import { newSecret, secretHash, type Hasher } from '../db/hashing';
import { replaceHours } from '../db/hours';
import { insertLocation } from '../db/locations';
import { insertRules } from '../db/reminder-rules';
import { insertSender } from '../db/senders';
import { insertStaff } from '../db/staff';
import type { Tx } from '../db/tenancy';
import { insertUser } from '../db/users';
import { DEFAULT_CADENCES } from '../domain/cadence-defaults';
import { DEFAULT_REMINDER_RULES, type ReminderRule } from '../domain/reminders';
import { firstRegistration, kindOf } from '../domain/registration';
import { MINUTE_MS, type Instant } from '../domain/time';
import { KEY_PREFIX } from './credentials';
import type { Camel } from './naming';
import { hashPassword } from './passwords';
import { phoneIn } from './phone';
import { weeklyHours } from './weekly-hours';
import { emailIn, localeIn, text, zoneIn } from './wire';

/** What it takes to open a business. */
export const NewBusiness = z.object({
  name: text(120),
  zone: zoneIn.default('America/Chicago'),
  locale: localeIn.default('en'),
  phone: phoneIn.optional(),
  email: emailIn.optional(),
  sms_number: phoneIn.optional().meta({ description: "the sender's number; without one the platform's" }),
  sms_registered: z
    .boolean()
    .default(false)
    .meta({ description: 'the carriers have approved it; else its texts are held until they have' }),
  location: z
    .strictObject({ name: text(120).optional(), address: text(300).optional(), hours: weeklyHours.optional() })
    .optional()
    .meta({ description: 'the first place; closed until it has hours' }),
  owner: z.strictObject({
    name: text(120),
    email: emailIn.optional(),
    phone: phoneIn.optional(),
    password: z.string().min(12).max(200).optional(),
  }),
});

type Founding = { id: string; asked: Camel<z.output<typeof NewBusiness>>; now: Instant; hash: Hasher };
export type Founded = { business: BusinessRow; locationId: string; ownerStaffId: string; apiKey: string };

/** Makes the business of this transaction with all that it needs to take its first booking. The key's secret is in the answer and nowhere else. */
export async function foundBusiness(tx: Tx, { id, asked, now, hash }: Founding): Promise<Founded> {
  const { name, zone, locale, phone = null, email = null, location = {}, owner } = asked;
  const business = await insertBusiness(tx, { id, name, slug: slugOf(name), zone, locale, phone, email, now });
  const place = { id: newId(), name: location.name ?? name, address: location.address ?? null, phone, zone };
  await insertLocation(tx, { ...place, now });
  await replaceHours(tx, 'location', { ownerId: place.id, hours: location.hours ?? [] });
  if (asked.smsNumber !== undefined) await addSender(tx, { address: asked.smsNumber, approved: asked.smsRegistered, now });
  await insertRules(tx, DEFAULT_REMINDER_RULES.flatMap(ruleRow), now);
  await insertCadences(tx, DEFAULT_CADENCES, { newId, now });
  const ownerStaffId = await addOwner(tx, { owner, locationId: place.id, locale, now, hash });
  const apiKey = newSecret(KEY_PREFIX);
  await insertApiKey(tx, { id: newId(), name: 'first key', keyHash: secretHash(apiKey), permissionLevel: 'owner', now });
  return { business, locationId: place.id, ownerStaffId, apiKey };
}

async function addSender(tx: Tx, { address, approved, now }: { address: string; approved: boolean; now: Instant }): Promise<void> {
  const kind = kindOf(address);
  await insertSender(tx, { id: newId(), address, kind, registration: approved ? 'approved' : firstRegistration({ address, kind }), now });
}

type Owner = Pick<Founding['asked'], 'owner' | 'locale'> & { locationId: string; now: Instant; hash: Hasher };

/** The owner hears of bookings; taking them is switched on like for any member of staff. */
async function addOwner(tx: Tx, { owner, locationId, locale, now, hash }: Owner): Promise<string> {
  const id = newId();
  const { name, email = null, phone = null, password } = owner;
  const member = { id, locationId, name, email, phoneE164: phone, locale, permissionLevel: 'owner' as const };
  await insertStaff(tx, { ...member, bookable: false, dndStartMinute: null, dndEndMinute: null, now });
  if (email !== null && password !== undefined) {
    const login = { email, emailHash: hash.login(email), passwordHash: await hashPassword(password) };
    await insertUser(tx, { id: newId(), ...login, permissionLevel: 'owner', now });
  }
  return id;
}

const TRIGGERS = ['7d', '3d', '1d', '2h'] as const;

/** The default as a row. Notices are no rows: they have no time of their own. */
function ruleRow({ rule, offset, channels, lastUsefulMs, enabled }: ReminderRule) {
  const trigger = TRIGGERS.find((known) => known === rule);
  if (!trigger) return [];
  const offsets = 'days' in offset ? { offsetDays: offset.days, offsetHours: null } : { offsetDays: null, offsetHours: offset.hours };
  return [{ rule: trigger, ...offsets, channels, lastUsefulMin: Math.round(lastUsefulMs / MINUTE_MS), enabled }];
}

/** The name in an address, with six letters that make it unique. */
function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const letters = Array.from({ length: 6 }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[randomInt(31)]).join('');
  return words === '' ? letters : `${words}-${letters}`;
}
