import type { Knex } from 'knex';
import type { Channel, ContactChannel, Locale, Purpose } from '../domain/message';
import type { Instant } from '../domain/time';
import { aliasesOf, type Alias } from './contact-aliases';
import { isForeignKey, one, RowChanged } from './errors';
import { tellingColumns } from './pii';
import type { Tx } from './tenancy';

export type ContactRow = {
  id: string;
  name: string;
  phoneE164: string | null;
  phoneHash: string | null;
  email: string | null;
  emailHash: string | null;
  locale: Locale;
  zone: string | null;
  postalCode: string | null;
  /** Tried before the others where it is open (B1); null: the business's order. */
  preferredChannel: Channel | null;
  source: string;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

/**
 * Throws RowMissing when this business has no such contact, or it became another's. Who is about to hang something on the contact holds it with `forKeyShare`: a merge
 * under way is waited for, and none begins before the transaction ends, so nothing lands on the shell that it leaves.
 */
export async function findContact(tx: Tx, id: string, lock?: 'forUpdate' | 'forKeyShare'): Promise<ContactRow> {
  const query = tx('contacts').where({ id, mergedInto: null });
  if (lock) void query[lock]();
  return one('contact', await query.select<ContactRow[]>('*'));
}

export type NewContact = Omit<ContactRow, 'preferredChannel' | 'version' | 'createdAt' | 'updatedAt'> & {
  preferredChannel?: Channel | null;
  now: Instant;
};

export async function insertContact(tx: Tx, { now, ...row }: NewContact): Promise<ContactRow> {
  const rows = await tx('contacts')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, updatedAt: now })
    .returning<ContactRow[]>('*');
  await ensureChannels(tx, row);
  return one('contact', rows);
}

export type ContactChange = Partial<Omit<ContactRow, 'id' | 'version' | 'createdAt' | 'updatedAt' | 'source'>>;

/** Changes a contact if it is still at the version the caller saw. Throws RowChanged, RowMissing. */
export async function updateContact(
  tx: Tx,
  id: string,
  change: ContactChange & { ifVersion: number | null; now: Instant },
): Promise<ContactRow> {
  const { ifVersion, now, ...fields } = change;
  const before = await findContact(tx, id, 'forUpdate');
  if (ifVersion !== null && before.version !== ifVersion) throw new RowChanged('contact');
  const [after] = await tx('contacts')
    .where({ id })
    .update({ ...fields, version: before.version + 1, updatedAt: now })
    .returning<ContactRow[]>('*');
  const result = one('contact', after ? [after] : []);
  await ensureChannels(tx, result);
  return result;
}

type Addresses = Pick<ContactRow, 'id' | 'phoneHash' | 'emailHash'>;

/** Every address has the row that a STOP and a send lock against each other. */
async function ensureChannels(tx: Tx, { phoneHash, emailHash }: Addresses): Promise<void> {
  await tx.raw(
    `insert into contact_channels (business_id, channel, address_hash)
     select current_business(), a.channel, a.hash
     from (values ('sms', :phoneHash::text), ('whatsapp', :phoneHash), ('email', :emailHash)) as a(channel, hash)
     where a.hash is not null order by 3, 2 on conflict do nothing`,
    { phoneHash, emailHash },
  );
}

/** People of this business with this number or address, the latest first: a mother and her child may share one. Then those whose it was before a merge. */
export async function findContactsByHash(
  tx: Tx,
  { channel, addressHash }: { channel: Channel; addressHash: string },
): Promise<ContactRow[]> {
  const kind = channel === 'email' ? 'email' : 'phone';
  const theirs = aliasesOf(tx, { kind, addressHash }).select('contactId');
  const query = tx('contacts')
    .orderByRaw('(?? is distinct from ?)', [`${kind}_hash`, addressHash])
    .orderBy('id', 'desc');
  if (channel === 'email') void query.where((either) => void either.where({ emailHash: addressHash }).orWhereIn('id', theirs));
  else
    void query.where((either) => {
      void either.where({ phoneHash: addressHash }).orWhereIn('id', theirs);
      if (channel === 'whatsapp') void either.orWhereIn('id', identitiesOf(tx, { channel, externalHash: addressHash }).select('contactId'));
    });
  return query.select<ContactRow[]>('*');
}

export type ContactPage = { before?: string; limit: number; phoneHash?: string; emailHash?: string };

/** Newest first, by pages. */
export async function listContacts(tx: Tx, { before, limit, phoneHash, emailHash }: ContactPage): Promise<ContactRow[]> {
  const query = tx('contacts').where({ mergedInto: null }).orderBy('id', 'desc').limit(limit);
  if (before !== undefined) void query.where('id', '<', before);
  const isOrWas = (own: Partial<Addresses>, alias: Alias) =>
    query.where((either) => void either.where(own).orWhereIn('id', aliasesOf(tx, alias).select('contactId')));
  if (phoneHash !== undefined) void isOrWas({ phoneHash }, { kind: 'phone', addressHash: phoneHash });
  if (emailHash !== undefined) void isOrWas({ emailHash }, { kind: 'email', addressHash: emailHash });
  return query.select<ContactRow[]>('*');
}

const blank = (tx: Tx, table: 'contacts' | 'messages' | 'appointments'): Record<string, unknown> =>
  Object.fromEntries(tellingColumns(table).map((column) => [column, tx.raw('default')]));

/** Deletes a contact nothing refers to; of one with a past, all that tells who it was. Consents stay as proofs, opt-outs by their hash. Throws RowMissing. */
export async function eraseContact(tx: Tx, id: string, now: Instant): Promise<void> {
  const { phoneHash } = await findContact(tx, id, 'forUpdate');
  try {
    await tx.transaction((attempt) => attempt('contacts').where({ id }).delete());
  } catch (error) {
    if (!isForeignKey(error)) throw error;
    const untold = { ...blank(tx, 'contacts'), name: '', version: tx.raw('version + 1'), updatedAt: now };
    await tx('contacts').where({ id }).update(untold);
    await tx('messages')
      .where({ contactId: id })
      .update({ ...blank(tx, 'messages'), updatedAt: now });
    await tx('appointments').where({ contactId: id }).update(blank(tx, 'appointments'));
    await identitiesOf(tx, { contactId: id }).delete();
    await aliasesOf(tx, { contactId: id }).delete();
    await tx('conversations').where({ contactId: id }).delete();
  }
  if (phoneHash !== null) await forgetDncNumber(tx, phoneHash);
}

/** A do-not-call number keeps holding by its hash alone once nobody here has it. */
export async function forgetDncNumber(tx: Tx, phoneHash: string): Promise<void> {
  await tx('dncNumbers')
    .where({ numberHash: phoneHash })
    .whereNotExists(tx('contacts').where({ phoneHash }).select(tx.raw('1')))
    .update({ numberE164: null });
}

export type ConsentRow = {
  id: string;
  contactId: string;
  channel: ContactChannel;
  purpose: Purpose;
  granted: boolean;
  statement: string;
  source: string;
  method: string;
  addressHash: string | null;
  attestationId: string | null;
  recordedBy: string;
  ip: string | null;
  userAgent: string | null;
  recordedAt: Instant;
};

/** Adds to the consent log, which only ever grows (B4). The newest entry of a channel and purpose is what holds. */
export async function recordConsents(tx: Tx, rows: ConsentRow[]): Promise<void> {
  if (rows.length > 0) await tx('consents').insert(rows.map((row) => ({ businessId: tx.raw('current_business()'), ...row })));
}

/** The log of a person with that of contacts who became them: every proof there is, newest first. What holds is in the person's own rows. */
export async function listConsentProofs(tx: Tx, contactId: string): Promise<ConsentRow[]> {
  const merged = tx('contacts').where({ mergedInto: contactId }).select('id');
  return byTime(tx('consents').where((either) => void either.where({ contactId }).orWhereIn('contactId', merged)));
}

/** Every consent ever given or withdrawn by a person, newest first. */
export async function listConsents(tx: Tx, contactId: string): Promise<ConsentRow[]> {
  return byTime(tx('consents').where({ contactId }));
}

const byTime = (query: Knex.QueryBuilder): Promise<ConsentRow[]> =>
  query
    .orderBy([
      { column: 'recordedAt', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .select<ConsentRow[]>('*');

export type ChannelRow = {
  channel: Channel;
  addressHash: string;
  unusableAt: Instant | null;
  unusableCode: string | null;
};

/** The state of a contact's addresses. */
export async function findChannels(tx: Tx, contact: Addresses): Promise<ChannelRow[]> {
  return channelsOf(tx, contact).select<ChannelRow[]>('channel', 'addressHash', 'unusableAt', 'unusableCode');
}

/** Holds up sends to these addresses, and waits for those under way: a change of consent and a send cannot pass each other (R34). */
export async function lockChannels(tx: Tx, contact: Addresses): Promise<void> {
  const aliases = aliasesOf(tx, { contactId: contact.id }).select('addressHash');
  await channelsOf(tx, contact).orWhereIn('addressHash', aliases).orderBy(['addressHash', 'channel']).forUpdate().select('channel');
}

/** A person's rows: by number, by e-mail, and by what a channel calls them. */
const channelsOf = (tx: Tx, { id, phoneHash, emailHash }: Addresses) =>
  tx('contactChannels').where((either) => {
    void either
      .where((byPhone) => void byPhone.whereIn('channel', ['sms', 'whatsapp']).where({ addressHash: phoneHash ?? '' }))
      .orWhere({ channel: 'email', addressHash: emailHash ?? '' })
      .orWhereIn(['channel', 'addressHash'], identitiesOf(tx, { contactId: id }).select('channel', 'externalHash'));
  });

const identitiesOf = (tx: Tx, by: { contactId: string } | { channel: Channel; externalHash: string }) => tx('contactIdentities').where(by);

type Address = { channel: Channel; addressHash: string; now: Instant };

/** The vendor says that this address cannot take this channel (a landline, a mailbox that does not exist). */
export async function markUnusable(tx: Tx, { channel, addressHash, code, now }: Address & { code: string }): Promise<void> {
  await tx('contactChannels').where({ channel, addressHash }).whereNull('unusableAt').update({ unusableAt: now, unusableCode: code });
}

/** A number that was out of reach three times within 30 days is not tried any more (providers.md 4). */
export async function noteUnreachable(tx: Tx, address: Address & { code: string }): Promise<void> {
  const { channel, addressHash, now } = address;
  const { rows } = await tx.raw<{ rows: { unreachableCount: number }[] }>(
    `update contact_channels set
       unreachable_count = case when unreachable_since > :now::timestamptz - interval '30 days' then unreachable_count + 1 else 1 end,
       unreachable_since = case when unreachable_since > :now::timestamptz - interval '30 days' then unreachable_since else :now::timestamptz end
     where channel = :channel and address_hash = :addressHash returning unreachable_count`,
    { channel, addressHash, now },
  );
  if ((rows[0]?.unreachableCount ?? 0) >= UNREACHABLE_LIMIT) await markUnusable(tx, address);
}

const UNREACHABLE_LIMIT = 3;

/** The words under which a business vouches that imported people agreed to messages about their visits (R25). */
export async function insertAttestation(
  tx: Tx,
  row: { id: string; statement: string; recordedBy: string; ip: string | null; userAgent: string | null; now: Instant },
): Promise<void> {
  const { now, ...fields } = row;
  await tx('attestations').insert({ businessId: tx.raw('current_business()'), ...fields, createdAt: now });
}
