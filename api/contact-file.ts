import type { Locale } from '../domain/message';
import { isZone } from '../domain/time';
import { e164 } from './phone';
import { readTable } from './table-file';
import { emailIn } from './wire';

/** A person as a line of the file gives them; null is blank. */
export type ImportedContact = {
  row: number;
  name: string | null;
  phone: string | null;
  email: string | null;
  locale: Locale | null;
  zone: string | null;
  postalCode: string | null;
};
export const REJECT_REASONS = [
  'name_missing',
  'name_too_long',
  'no_phone_or_email',
  'phone_invalid',
  'email_invalid',
  'locale_unknown',
  'zone_unknown',
  'postal_code_invalid',
  'not_text',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];
export type Reject = { row: number; reason: RejectReason };

export const MOST_ROWS = 10_000;

const ALIASES: Record<string, string> = {
  full_name: 'name',
  nombre: 'name',
  e_mail: 'email',
  mail: 'email',
  correo: 'email',
  language: 'locale',
  idioma: 'locale',
  timezone: 'zone',
  time_zone: 'zone',
  zip: 'postal_code',
  zip_code: 'postal_code',
  postcode: 'postal_code',
};

/** Reads a CSV file of contacts. Throws 422 for a file that is no table of contacts. */
export function readContactFile(file: Buffer): { contacts: ImportedContact[]; rejects: Reject[] } {
  const records = readTable(file, { mostRows: MOST_ROWS, aliases: ALIASES, needsOneOf: ['phone', 'email'] });
  const contacts: ImportedContact[] = [];
  const rejects: Reject[] = [];
  records.forEach((record, index) => {
    const row = index + 2; // as a spreadsheet counts: the header is row 1
    const read = contactOf(row, record);
    if (typeof read === 'string') rejects.push({ row, reason: read });
    else contacts.push(read);
  });
  return { contacts, rejects };
}

type Given = (column: string) => string | null;

function contactOf(row: number, record: Record<string, string>): ImportedContact | RejectReason {
  if (Object.values(record).some((value) => value.includes('\0') || value.includes('\uFFFD'))) return 'not_text';
  const given: Given = (column) => (record[column] === undefined || record[column] === '' ? null : record[column]);
  const name = given('name');
  if (name !== null && name.length > 120) return 'name_too_long';
  const addresses = addressesOf(given);
  const place = placeOf(given);
  if (typeof addresses === 'string') return addresses;
  return typeof place === 'string' ? place : { row, name, ...addresses, ...place };
}

function addressesOf(given: Given): Pick<ImportedContact, 'phone' | 'email'> | RejectReason {
  const [phone, email] = [given('phone'), given('email')];
  if (phone === null && email === null) return 'no_phone_or_email';
  const number = phone === null ? null : e164(phone);
  if (phone !== null && number === null) return 'phone_invalid';
  const address = email === null ? null : emailIn.safeParse(email);
  if (address && !address.success) return 'email_invalid';
  return { phone: number, email: address?.data ?? null };
}

function placeOf(given: Given): Pick<ImportedContact, 'locale' | 'zone' | 'postalCode'> | RejectReason {
  const [language, zone, postalCode] = [given('locale'), given('zone'), given('postal_code')];
  const locale = language === null ? null : localeOf(language);
  if (language !== null && locale === null) return 'locale_unknown';
  if (zone !== null && !isZone(zone)) return 'zone_unknown';
  if (postalCode !== null && (postalCode.length < 2 || postalCode.length > 12)) return 'postal_code_invalid';
  return { locale, zone, postalCode };
}

/** en, EN-US, English, español. */
function localeOf(language: string): Locale | null {
  const plain = language.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  if (/^(en\b|english|ingles)/.test(plain)) return 'en';
  return /^(es\b|spanish|espanol)/.test(plain) ? 'es' : null;
}
