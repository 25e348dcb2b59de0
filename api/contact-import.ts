import { v7 as newId } from 'uuid';
import { attestConsents, findContactsByHashes, writeContacts, type ContactWrite, type KnownContact } from '../db/contact-import';
import { insertAttestation, type ContactRow } from '../db/contacts';
import type { Hasher } from '../db/hashing';
import type { Tx } from '../db/tenancy';
import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import type { ImportedContact, Reject } from './contact-file';
import { replanVisits } from './replan';

export type Vouched = { statement: string; recordedBy: string; ip: string; userAgent: string | null };
export type Import = {
  businessId: string;
  hash: Hasher;
  /** For people of whom the file does not say. */
  locale: Locale;
  contacts: ImportedContact[];
  /** The business's word that these people agreed to messages about their visits; null: none get a consent. */
  vouched: Vouched | null;
  now: Instant;
};
export type Imported = { created: number; updated: number; rejects: Reject[] };

/**
 * Adds or completes contacts. A line is the person with its phone, else with its e-mail, of the file or already known (R50); what is not blank wins.
 * Never lifts an opt-out and never turns a consent round (R25).
 */
export async function importContacts(tx: Tx, input: Import): Promise<Imported> {
  const lines = input.contacts.map((line) => withHashes(line, input));
  const known = await findContactsByHashes(tx, { phoneHashes: present(lines, 'phoneHash'), emailHashes: present(lines, 'emailHash') });
  const { people, rejects, merged } = merge(lines, known, input.locale);
  const created = people.filter(({ before }) => before === null).map(({ write }) => write);
  const updated = people.filter(({ before }) => before !== null).map(({ write }) => write);
  await writeContacts(tx, { created, updated, source: 'csv_import', now: input.now });
  const consented = await attest(
    tx,
    people.map(({ write }) => write.id),
    input,
  );
  const reached = people.filter(({ before, write }) => before !== null && (consented.has(write.id) || reachesOtherwise(before, write)));
  await replanVisits(tx, { contactIds: reached.map(({ write }) => write.id), lane: 1, now: input.now });
  return { created: created.length, updated: updated.length + merged, rejects };
}

type Line = ImportedContact & { phoneHash: string | null; emailHash: string | null };
type Person = { before: KnownContact | null; write: ContactWrite };

const withHashes = (line: ImportedContact, { hash, businessId }: Import): Line => ({
  ...line,
  phoneHash: line.phone === null ? null : hash.address(businessId, line.phone),
  emailHash: line.email === null ? null : hash.address(businessId, line.email),
});

const present = (lines: Line[], field: 'phoneHash' | 'emailHash'): string[] => lines.flatMap((line) => line[field] ?? []);

/** `merged`: lines that completed a person whom the same file had made. */
function merge(lines: Line[], known: KnownContact[], locale: Locale): { people: Person[]; rejects: Reject[]; merged: number } {
  const book = addressBook(known);
  const people = new Set<Person>();
  const rejects: Reject[] = [];
  let merged = 0;
  for (const line of lines) {
    const found = book.find(line);
    if (!found && line.name === null) {
      rejects.push({ row: line.row, reason: 'name_missing' });
      continue;
    }
    const person = found ?? { before: null, write: blank(locale) };
    if (found && found.before === null) merged += 1;
    person.write = completed(person.write, withoutFormer(line, person.before));
    people.add(person);
    book.note(person);
  }
  return { people: [...people], rejects, merged };
}

type AddressBook = { find: (line: Line) => Person | undefined; note: (person: Person) => void };

/** Who has an address, else whose it was until two contacts became one. The oldest contact with an address is the one meant (R50). */
function addressBook(known: KnownContact[]): AddressBook {
  const [byPhone, byEmail, byFormer] = [new Map<string, Person>(), new Map<string, Person>(), new Map<string, Person>()];
  const put = (map: Map<string, Person>, hash: string | null, person: Person): void => {
    if (hash !== null && !map.has(hash)) map.set(hash, person);
  };
  const note = (person: Person): void => {
    put(byPhone, person.write.phoneHash, person);
    put(byEmail, person.write.emailHash, person);
  };
  for (const before of known) {
    const person = { before, write: before };
    note(person);
    for (const hash of before.formerHashes) put(byFormer, hash, person);
  }
  const find = ({ phoneHash, emailHash }: Line): Person | undefined => {
    const [phone, email] = [phoneHash ?? '', emailHash ?? ''];
    return byPhone.get(phone) ?? byEmail.get(email) ?? byFormer.get(phone) ?? byFormer.get(email);
  };
  return { find, note };
}

/** Which address stays was decided when the two became one: a list that has the other does not bring it back. */
function withoutFormer(line: Line, before: KnownContact | null): Line {
  const isFormer = (hash: string | null): boolean => hash !== null && before?.formerHashes.includes(hash) === true;
  return {
    ...line,
    ...(isFormer(line.phoneHash) && { phone: null, phoneHash: null }),
    ...(isFormer(line.emailHash) && { email: null, emailHash: null }),
  };
}

const blank = (locale: Locale): ContactWrite => ({
  id: newId(),
  name: '',
  phoneE164: null,
  phoneHash: null,
  email: null,
  emailHash: null,
  locale,
  zone: null,
  postalCode: null,
});

const completed = (write: ContactWrite, line: Line): ContactWrite => ({
  id: write.id,
  name: line.name ?? write.name,
  phoneE164: line.phone ?? write.phoneE164,
  phoneHash: line.phoneHash ?? write.phoneHash,
  email: line.email ?? write.email,
  emailHash: line.emailHash ?? write.emailHash,
  locale: line.locale ?? write.locale,
  zone: line.zone ?? write.zone,
  postalCode: line.postalCode ?? write.postalCode,
});

const REACH = ['phoneHash', 'emailHash', 'locale', 'zone', 'postalCode'] as const;
const reachesOtherwise = (before: ContactRow, after: ContactWrite): boolean => REACH.some((field) => before[field] !== after[field]);

async function attest(tx: Tx, contactIds: string[], { vouched, now }: Import): Promise<Set<string>> {
  if (vouched === null || contactIds.length === 0) return new Set();
  const attestationId = newId();
  await insertAttestation(tx, { id: attestationId, ...vouched, now });
  return new Set(await attestConsents(tx, { contactIds, attestationId, ...vouched, now }));
}
