import type { Knex } from 'knex';
import type { ContactChannel } from '../domain/message';
import type { OptOut, OptOutScope, OptOutSource } from '../domain/suppression';
import type { Instant } from '../domain/time';
import { aliasesOf, findFormerHashes } from './contact-aliases';
import type { ContactRow } from './contacts';
import type { Tx } from './tenancy';

// Opt-outs belong to an address, not to a person: two people may share a number. A row stays for good as the proof, lifted or not (R33).

type Address = { channel: ContactChannel; addressHash: string; now: Instant };

export type NewOptOut = Address & {
  source: OptOutSource;
  /** What it ends; everything automated unless told. */
  scope?: OptOutScope;
  /** The person's own words. */
  statement?: string | null;
  /** What proves it: 'message <id>'. */
  evidence?: string | null;
  /** 'contact' unless somebody noted it for them. */
  recordedBy?: string;
};

/**
 * Opts an address out. It waits for a send under way to any channel of the address and holds up the next one: none starts after the commit (R34).
 * Answers whether it was new.
 */
export async function suppressChannel(tx: Tx, optOut: NewOptOut): Promise<boolean> {
  const { channel, addressHash, now, source, scope = 'automated', statement = null, evidence = null, recordedBy = 'contact' } = optOut;
  await lockAddress(tx, { channel, addressHash });
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `insert into opt_outs (business_id, id, channel, address_hash, scope, source, statement, evidence, recorded_by, suppressed_at)
     values (current_business(), gen_random_uuid(), ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (business_id, address_hash, channel, scope) where lifted_at is null
       do update set reopened = '{}', suppressed_at = excluded.suppressed_at, source = excluded.source, statement = excluded.statement,
         evidence = excluded.evidence where cardinality(opt_outs.reopened) > 0
     returning 1`,
    [channel, addressHash, scope, source, statement, evidence, recordedBy, now],
  );
  return rows.length > 0;
}

/**
 * The person wants messages over this channel again (START, a link). What was said over it is lifted; what was said over another channel of the number
 * ends no more over this one. So it is for a number that was theirs until two contacts became one. Answers whether anything was.
 */
export async function liftSuppression(
  tx: Tx,
  { channel, addressHash, now, evidence = null }: Address & { evidence?: string | null },
): Promise<boolean> {
  const former = await findFormerHashes(tx, { kind: channel === 'email' ? 'email' : 'phone', addressHash });
  const hashes = [addressHash, ...former];
  await lockAddress(tx, { channel, addressHash }, former);
  const lifted = await tx('optOuts')
    .whereIn('addressHash', hashes)
    .where({ channel })
    .whereNull('liftedAt')
    .update({ liftedAt: now, liftedEvidence: evidence });
  const reopened = await tx('optOuts')
    .whereIn('addressHash', hashes)
    .whereNull('liftedAt')
    .whereRaw('not (? = any(reopened))', [channel])
    .update({ reopened: tx.raw('reopened || ?::text', [channel]) });
  return lifted + reopened > 0;
}

/** Takes back what was ended by the link in an e-mail, and nothing that was ended otherwise. Answers whether anything was. */
export async function undoUnsubscribe(tx: Tx, { channel, addressHash, now, evidence }: Address & { evidence: string }): Promise<boolean> {
  await lockAddress(tx, { channel, addressHash });
  const lifted = await tx('optOuts')
    .where({ addressHash, channel, source: 'unsubscribe' })
    .whereNull('liftedAt')
    .update({ liftedAt: now, liftedEvidence: evidence });
  return lifted > 0;
}

/** The opt-outs that stand for a contact's number and e-mail. */
export async function findOptOuts(tx: Tx, contact: Pick<ContactRow, 'id' | 'phoneHash' | 'emailHash'>): Promise<OptOut[]> {
  return tx('optOuts').where(ofContact(tx, contact)).whereNull('liftedAt').select<OptOut[]>('channel', 'scope', 'reopened');
}

/** Said over any address of a person, what WhatsApp calls them and what was theirs before a merge included. */
const ofContact =
  (tx: Tx, { id, phoneHash, emailHash }: Pick<ContactRow, 'id' | 'phoneHash' | 'emailHash'>) =>
  (either: Knex.QueryBuilder): void => {
    const identities = tx('contactIdentities').where({ contactId: id }).select('externalHash');
    void either.whereIn('addressHash', [phoneHash ?? '', emailHash ?? '']).orWhereIn('addressHash', identities);
    void either.orWhereIn('addressHash', aliasesOf(tx, { contactId: id }).select('addressHash'));
  };

export type OptOutRow = OptOut & {
  id: string;
  source: OptOutSource;
  statement: string | null;
  evidence: string | null;
  recordedBy: string;
  suppressedAt: Instant;
  liftedAt: Instant | null;
};

/** Every opt-out of these addresses, also those that were lifted, newest first. */
export async function listOptOuts(tx: Tx, contact: Pick<ContactRow, 'id' | 'phoneHash' | 'emailHash'>): Promise<OptOutRow[]> {
  return tx('optOuts')
    .where(ofContact(tx, contact))
    .orderBy([
      { column: 'suppressedAt', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .select<OptOutRow[]>('id', 'channel', 'scope', 'reopened', 'source', 'statement', 'evidence', 'recordedBy', 'suppressedAt', 'liftedAt');
}

/**
 * The opt-outs that stand for an address, locked so that a STOP and what follows cannot pass each other (R34). Every channel of a number is locked: an
 * opt-out said over one may close another.
 */
export async function lockOptOuts(tx: Tx, addressHash: string): Promise<OptOut[]> {
  await tx('contactChannels').where({ addressHash }).orderBy('channel').forShare().select('channel');
  return tx('optOuts').where({ addressHash }).whereNull('liftedAt').select<OptOut[]>('channel', 'scope', 'reopened');
}

/** The address's rows, made if it is new, until the transaction ends. */
async function lockAddress(
  tx: Tx,
  { channel, addressHash }: Pick<Address, 'channel' | 'addressHash'>,
  others: readonly string[] = [],
): Promise<void> {
  await tx('contactChannels')
    .insert({ businessId: tx.raw('current_business()'), channel: channel === 'voice' ? 'sms' : channel, addressHash })
    .onConflict(['businessId', 'channel', 'addressHash'])
    .ignore();
  const rows = tx('contactChannels').whereIn('addressHash', [addressHash, ...others]);
  await rows.orderBy(['addressHash', 'channel']).forUpdate().select('channel');
}
