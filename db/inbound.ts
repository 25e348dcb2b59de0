import type { Channel, MessageRule, Reason } from '../domain/message';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

/** The business that a number of ours belongs to, or null. */
export async function findBusinessOfNumber(tx: Tx, numberE164: string): Promise<string | null> {
  const { rows } = await tx.raw<{ rows: { id: string | null }[] }>('select business_of_number(?) as id', [numberE164]);
  return rows[0]?.id ?? null;
}

/** The business of that short name, or null. */
export async function findBusinessOfSlug(tx: Tx, slug: string): Promise<string | null> {
  const { rows } = await tx.raw<{ rows: { id: string | null }[] }>('select business_of_slug(?) as id', [slug]);
  return rows[0]?.id ?? null;
}

/** The business of a message of ours, by our id, or by the vendor's. */
export async function findBusinessOfMessage(
  tx: Tx,
  by: { messageId: string | null; vendor: string; vendorId: string },
): Promise<{ businessId: string; messageId: string } | null> {
  if (by.messageId !== null) {
    const { rows } = await tx.raw<{ rows: { id: string | null }[] }>('select business_of_message(?) as id', [by.messageId]);
    const businessId = rows[0]?.id ?? null;
    if (businessId !== null) return { businessId, messageId: by.messageId };
  }
  const { rows } = await tx.raw<{ rows: { businessId: string; id: string }[] }>('select * from business_of_vendor_message(?, ?)', [
    by.vendor,
    by.vendorId,
  ]);
  return rows[0] ? { businessId: rows[0].businessId, messageId: rows[0].id } : null;
}

/**
 * Texts from one number are handled one after the other: two that arrive together would not see each other, and each would be answered (R40).
 * Held until the transaction ends.
 */
export async function lockSender(tx: Tx, addressHash: string): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [addressHash]);
}

export type Inbound = {
  id: string;
  contactId: string | null;
  channel: Channel;
  vendor: string;
  vendorId: string;
  from: string;
  to: string;
  body: string;
  /** What came with it: noted, never fetched. The vendor's addresses of it are sealed. */
  mediaTypes: string[];
  media: { keyId: string; bytes: Buffer } | null;
  now: Instant;
};

/** Stores a text once by the vendor's id (B8), in quarantine when nobody knows whose it is. False: it was stored before. */
export async function insertInbound(tx: Tx, { from, to, now, media, ...row }: Inbound): Promise<boolean> {
  const rows = await tx('messages')
    .insert({
      businessId: tx.raw('current_business()'),
      ...row,
      direction: 'in',
      status: 'received',
      fromAddress: from,
      toAddress: to,
      mediaSealed: media?.bytes ?? null,
      mediaKeyId: media?.keyId ?? null,
      quarantine: row.contactId === null ? 'waiting' : null,
      handledAt: now,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict(tx.raw('(business_id, vendor, vendor_id) where vendor_id is not null'))
    .ignore()
    .returning<{ id: string }[]>('id');
  return rows.length > 0;
}

/** Whether the same text came from the same number within the last two seconds (R40). */
export async function isEcho(tx: Tx, { id, from, body, now }: Pick<Inbound, 'id' | 'from' | 'body' | 'now'>): Promise<boolean> {
  const rows = await tx('messages')
    .where({ direction: 'in', fromAddress: from, body })
    .whereNot({ id })
    .whereRaw(`created_at > ?::timestamptz - interval '2 seconds'`, [now])
    .limit(1)
    .select<{ id: string }[]>('id');
  return rows.length > 0;
}

/** What was written from an address after something got this id, whose first half is its time. */
export async function findBodiesSince(tx: Tx, { from, id }: { from: string; id: string }): Promise<string[]> {
  const rows = await tx('messages').where({ direction: 'in', fromAddress: from }).where('id', '>', id).select<{ body: string }[]>('body');
  return rows.map(({ body }) => body);
}

const ASKED = `select 1 from messages m where m.appointment_id = appointments.id and m.asks_confirmation
  and m.status in ('sending', 'sent', 'delivered', 'unknown')`;

/** Visits ahead of these people that are not confirmed though a message asked (R40); `moved`: it asked about a time that the visit has no longer. */
export async function findOpenQuestions(
  tx: Tx,
  { contactIds, now }: { contactIds: string[]; now: Instant },
): Promise<{ appointmentId: string; startsAt: Instant; moved: boolean }[]> {
  return tx('appointments')
    .whereIn('contactId', contactIds)
    .where({ status: 'booked' })
    .where('startsAt', '>', now)
    .whereRaw(`exists (${ASKED})`)
    .orderBy('startsAt')
    .select<{ appointmentId: string; startsAt: Instant; moved: boolean }[]>(
      'id as appointmentId',
      'startsAt',
      tx.raw(`not exists (${ASKED} and m.schedule_version = appointments.schedule_version) as moved`),
    );
}

export type LastWord = { rule: string; facts: Record<string, string>; sentAt: Instant };

/** The last message that these people were sent, or undefined. */
export async function findLastWord(tx: Tx, contactIds: string[]): Promise<LastWord | undefined> {
  const [row] = await tx('messages')
    .whereIn('contactId', contactIds)
    .where({ direction: 'out' })
    .whereNotNull('sentAt')
    .orderBy([
      { column: 'sentAt', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(1)
    .select<LastWord[]>('rule', 'facts', 'sentAt');
  return row;
}

/** How often a person was told so in the 24 h before `now`. */
export async function countSaid(tx: Tx, { contactId, rule, now }: { contactId: string; rule: string; now: Instant }): Promise<number> {
  const [row] = await tx('messages')
    .where({ contactId, rule, direction: 'out' })
    .whereRaw(`created_at > ?::timestamptz - interval '24 hours'`, [now])
    .count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

/** What a person wrote after an instant, the newest first, as far as R42 looks back. */
export async function findTexts(tx: Tx, { contactId, since }: { contactId: string; since: Instant }): Promise<string[]> {
  const rows = await tx('messages')
    .where({ contactId, direction: 'in' })
    .where('createdAt', '>', since)
    .orderBy([
      { column: 'createdAt', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(3)
    .select<{ body: string | null }[]>('body');
  return rows.map(({ body }) => body ?? '');
}

/** How many answers of these kinds we planned for a person after an instant. */
export async function countReplies(
  tx: Tx,
  { contactId, rules, since }: { contactId: string; rules: readonly MessageRule[]; since: Instant },
): Promise<number> {
  const [row] = await tx('messages')
    .where({ contactId, direction: 'out', messageClass: 'reply' })
    .whereIn('rule', rules)
    .where('createdAt', '>', since)
    .count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

export type FailedMessage = {
  id: string;
  /** Of a message outside any visit that took another channel: the row it began with. */
  firstId: string | null;
  cadenceStateId: string | null;
  scheduleVersion: number | null;
  attempt: number;
  fromAddress: string | null;
  appointmentId: string | null;
  contactId: string | null;
  channel: Channel;
  toAddress: string | null;
  reason: Reason | null;
};

/** Writes why a message failed, in our words, once the vendor's report moved it. */
export async function explainFailure(tx: Tx, { id, reason }: { id: string; reason: Reason | null }): Promise<FailedMessage | undefined> {
  const [row] = await tx('messages')
    .where({ id, status: 'failed' })
    .update({ reason })
    .returning<FailedMessage[]>([
      'id',
      'firstId',
      'cadenceStateId',
      'scheduleVersion',
      'attempt',
      'appointmentId',
      'contactId',
      'channel',
      'toAddress',
      'fromAddress',
      'reason',
    ]);
  return row;
}
