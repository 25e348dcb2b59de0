import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import type { ContactRow } from './contacts';
import type { Tx } from './tenancy';

/** `formerHashes`: addresses of theirs before a merge. */
export type KnownContact = ContactRow & { formerHashes: string[] };

/** People who have or had one of these addresses, the oldest first. */
export async function findContactsByHashes(
  tx: Tx,
  { phoneHashes, emailHashes }: { phoneHashes: string[]; emailHashes: string[] },
): Promise<KnownContact[]> {
  const { rows } = await tx.raw<{ rows: KnownContact[] }>(
    `select c.*, array(select a.address_hash from contact_aliases a where a.contact_id = c.id) as former_hashes
     from contacts c where c.phone_hash = any(:phoneHashes::text[]) or c.email_hash = any(:emailHashes::text[])
       or c.id in (select a.contact_id from contact_aliases a where a.address_hash = any(:phoneHashes::text[] || :emailHashes::text[]))
     order by c.id for update of c`,
    { phoneHashes, emailHashes },
  );
  return rows;
}

export type ContactWrite = {
  id: string;
  name: string;
  phoneE164: string | null;
  phoneHash: string | null;
  email: string | null;
  emailHash: string | null;
  locale: Locale;
  zone: string | null;
  postalCode: string | null;
};

const asJson = (rows: ContactWrite[]): string =>
  JSON.stringify(
    rows.map(({ phoneE164, phoneHash, emailHash, postalCode, ...row }) => ({
      ...row,
      phone_e164: phoneE164,
      phone_hash: phoneHash,
      email_hash: emailHash,
      postal_code: postalCode,
    })),
  );

const RECORD = `jsonb_to_recordset(:rows::jsonb) as r(id uuid, name text, phone_e164 text, phone_hash text, email text, email_hash text, locale text, zone text, postal_code text)`;

/** Writes many contacts in three statements: new ones, changed ones, and the rows by which their addresses are locked. Of a double id the database complains. */
export async function writeContacts(
  tx: Tx,
  { created, updated, source, now }: { created: ContactWrite[]; updated: ContactWrite[]; source: string; now: Instant },
): Promise<void> {
  await tx.raw(
    `insert into contacts (business_id, id, name, phone_e164, phone_hash, email, email_hash, locale, zone, postal_code, source, created_at, updated_at)
     select current_business(), r.*, :source, :now, :now from ${RECORD}`,
    { rows: asJson(created), source, now },
  );
  await tx.raw(
    `update contacts c set name = r.name, phone_e164 = r.phone_e164, phone_hash = r.phone_hash, email = r.email, email_hash = r.email_hash, locale = r.locale,
       zone = r.zone, postal_code = r.postal_code, version = c.version + 1, updated_at = :now
     from ${RECORD} where c.id = r.id`,
    { rows: asJson(updated), now },
  );
  await tx.raw(
    `insert into contact_channels (business_id, channel, address_hash)
     select distinct current_business(), a.channel, a.hash from ${RECORD}, lateral (values ('sms', r.phone_hash), ('whatsapp', r.phone_hash), ('email', r.email_hash)) as a(channel, hash)
     where a.hash is not null order by 2, 3 on conflict do nothing`,
    { rows: asJson([...created, ...updated]) },
  );
}

export type Attested = {
  contactIds: string[];
  attestationId: string;
  statement: string;
  recordedBy: string;
  ip: string | null;
  userAgent: string | null;
  now: Instant;
};

/**
 * Notes the attested consent to messages about visits, for each address of these people on which they have said nothing yet: an import never turns a
 * withdrawal round, and needs not repeat a consent (R25). Answers who got one.
 */
export async function attestConsents(tx: Tx, { contactIds, now, ...proof }: Attested): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { contactId: string }[] }>(
    `insert into consents (business_id, id, contact_id, channel, purpose, granted, statement, source, method, address_hash, attestation_id, recorded_by, ip, user_agent, recorded_at)
     select current_business(), gen_random_uuid(), c.id, a.channel, 'service', true, :statement, 'csv_import', 'attested', a.hash, :attestationId, :recordedBy, :ip, :userAgent, :now
     from contacts c, lateral (values ('sms', c.phone_hash), ('email', c.email_hash)) as a(channel, hash)
     where c.id = any(:contactIds::uuid[]) and a.hash is not null
       and not exists (select 1 from consents s where s.contact_id = c.id and s.channel = a.channel and s.purpose = 'service')
     order by c.id returning contact_id`,
    { contactIds, now, ...proof },
  );
  return [...new Set(rows.map(({ contactId }) => contactId))];
}
