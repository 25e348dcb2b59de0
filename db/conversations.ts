import type { NeedsPerson } from '../domain/conversation';
import type { Channel } from '../domain/message';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { MessageRow } from './messages';
import type { Tx } from './tenancy';

export type ConversationRow = {
  id: string;
  contactId: string;
  status: 'open' | 'closed';
  assignedStaffId: string | null;
  unread: number;
  needsPerson: NeedsPerson | null;
  needsPersonSince: Instant | null;
  /** Since when we answer nothing by ourselves (R42). */
  silencedAt: Instant | null;
  /** When the conversation last got anywhere: a visit confirmed, a person of ours at it. */
  progressedAt: Instant;
  lastAt: Instant;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

type About = { contactId: string; now: Instant };

/** A person wrote: their conversation is there, open, and has so many more to read. `id`: of one that is not there yet. */
export async function noteWritten(
  tx: Tx,
  { id, contactId, now, count = 1 }: About & { id: string; count?: number },
): Promise<ConversationRow> {
  const rows = await tx('conversations as c')
    .insert({
      businessId: tx.raw('current_business()'),
      id,
      contactId,
      unread: count,
      progressedAt: tx.raw(`?::timestamptz - interval '1 millisecond'`, [now]), // this text is the first that counts
      lastAt: now,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict(['businessId', 'contactId'])
    .merge({ status: 'open', unread: tx.raw('c.unread + ?', [count]), lastAt: now, version: tx.raw('c.version + 1'), updatedAt: now })
    .returning<ConversationRow[]>('*');
  return one('conversation', rows);
}

/** Throws RowMissing when this business has no such conversation. */
export async function findConversation(tx: Tx, id: string, lock?: 'forUpdate'): Promise<ConversationRow> {
  const query = tx('conversations').where({ id });
  return one('conversation', await (lock ? query.forUpdate() : query).select<ConversationRow[]>('*'));
}

/** A person's conversation, or undefined: they never wrote. */
export async function findConversationOf(tx: Tx, contactId: string): Promise<ConversationRow | undefined> {
  const [row] = await tx('conversations').where({ contactId }).select<ConversationRow[]>('*');
  return row;
}

/** Puts a conversation before a person. What is more pressing stays: a loop, then a question about a visit, then a message. */
export async function askPerson(tx: Tx, { contactId, need, now }: About & { need: NeedsPerson }): Promise<void> {
  await tx('conversations')
    .where({ contactId })
    .update({
      needsPerson: tx.raw(
        `case when needs_person = 'loop' or (needs_person = 'cancel_visit' and ? = 'message') then needs_person else ? end`,
        [need, need],
      ),
      needsPersonSince: tx.raw('coalesce(needs_person_since, ?::timestamptz)', [now]),
      version: tx.raw('version + 1'),
      updatedAt: now,
    });
}

/** Two robots talk: we say nothing more by ourselves, and a person is asked (R42). */
export async function silence(tx: Tx, { contactId, now }: About): Promise<void> {
  await tx('conversations')
    .where({ contactId })
    .update({ silencedAt: tx.raw('coalesce(silenced_at, ?::timestamptz)', [now]) });
  await askPerson(tx, { contactId, need: 'loop', now });
}

/** The conversation got somewhere: what was said before counts for no loop, and a silence ends (R42). */
export async function noteProgress(tx: Tx, { contactId, now }: About): Promise<void> {
  await tx('conversations')
    .where({ contactId })
    .update({
      progressedAt: now,
      silencedAt: null,
      needsPerson: tx.raw(`case when needs_person <> 'loop' then needs_person end`),
      needsPersonSince: tx.raw(`case when needs_person <> 'loop' then needs_person_since end`),
      version: tx.raw('version + 1'),
      updatedAt: now,
    });
}

export type ConversationChange = Partial<Pick<ConversationRow, 'status' | 'assignedStaffId' | 'unread'>>;

/** What a person of ours did with a conversation. Throws RowMissing. */
export async function changeConversation(
  tx: Tx,
  { id, change, now }: { id: string; change: ConversationChange; now: Instant },
): Promise<ConversationRow> {
  const rows = await tx('conversations')
    .where({ id })
    .update({ ...change, version: tx.raw('version + 1'), updatedAt: now })
    .returning<ConversationRow[]>('*');
  return one('conversation', rows);
}

/** A person of ours has dealt with it: nothing is asked, nothing is unread, and we may answer by ourselves again. */
export async function settleConversation(tx: Tx, { contactId, now, said = false }: About & { said?: boolean }): Promise<void> {
  await tx('conversations')
    .where({ contactId })
    .update({
      unread: 0,
      needsPerson: null,
      needsPersonSince: null,
      silencedAt: null,
      progressedAt: now,
      ...(said && { lastAt: now }),
      version: tx.raw('version + 1'),
      updatedAt: now,
    });
}

/** Texts that were put into a conversation are taken out again; one that has none left goes. */
export async function forgetWritten(tx: Tx, { contactId, count, now }: About & { count: number }): Promise<void> {
  const left = await tx('messages').where({ contactId, direction: 'in' }).limit(1).select<{ id: string }[]>('id');
  const query = tx('conversations').where({ contactId });
  if (left.length === 0) await query.delete();
  else await query.update({ unread: tx.raw('greatest(0, unread - ?)', [count]), version: tx.raw('version + 1'), updatedAt: now });
}

export type LastSaid = {
  messageId: string;
  channel: Channel;
  direction: 'in' | 'out';
  body: string | null;
  mediaTypes: string[];
  at: Instant;
};
export type ConversationListed = ConversationRow & { contactName: string; last: LastSaid | null };

export type ConversationPage = {
  id?: string;
  status?: 'open' | 'closed';
  needsPerson?: boolean;
  unread?: boolean;
  assignedStaffId?: string;
  contactId?: string;
  before?: { at: Instant; id: string };
  limit: number;
};

/** What was said and not only planned: received, or sent as far as we know. */
const SAID = `(m.direction = 'in' or m.status in ('sending', 'sent', 'delivered', 'failed', 'unknown'))`;
const SAID_AT = 'coalesce(m.sent_at, m.marked_at, m.created_at)';

/** The latest first, by pages, each with the last thing said in it on any channel. */
export async function listConversations(tx: Tx, page: ConversationPage): Promise<ConversationListed[]> {
  const query = tx('conversations as c')
    .join('contacts as p', (on) => void on.on('p.business_id', 'c.business_id').andOn('p.id', 'c.contact_id'))
    .joinRaw(
      `left join lateral (select json_build_object('messageId', m.id, 'channel', m.channel, 'direction', m.direction, 'body', m.body, 'mediaTypes', m.media_types,
         'at', to_char(${SAID_AT} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as last
       from messages m where m.business_id = c.business_id and m.contact_id = c.contact_id and ${SAID} order by ${SAID_AT} desc, m.id desc limit 1) l on true`,
    )
    .orderBy([
      { column: 'c.last_at', order: 'desc' },
      { column: 'c.id', order: 'desc' },
    ])
    .limit(page.limit)
    .select<ConversationListed[]>('c.*', 'p.name as contactName', 'l.last');
  if (page.id !== undefined) void query.where('c.id', page.id);
  if (page.status !== undefined) void query.where('c.status', page.status);
  if (page.needsPerson !== undefined) void query[page.needsPerson ? 'whereNotNull' : 'whereNull']('c.needs_person');
  if (page.unread !== undefined) void query.where('c.unread', page.unread ? '>' : '=', 0);
  if (page.assignedStaffId !== undefined) void query.where('c.assigned_staff_id', page.assignedStaffId);
  if (page.contactId !== undefined) void query.where('c.contact_id', page.contactId);
  if (page.before !== undefined) void query.whereRaw('(c.last_at, c.id) < (?::timestamptz, ?::uuid)', [page.before.at, page.before.id]);
  return query;
}

/** What was said with a person on all channels, the latest first, by pages. */
export async function listSaid(
  tx: Tx,
  { contactId, before, limit }: { contactId: string; before?: { at: Instant; id: string }; limit: number },
): Promise<(MessageRow & { saidAt: Instant })[]> {
  const query = tx('messages as m')
    .where('m.contact_id', contactId)
    .whereRaw(SAID)
    .orderByRaw(`${SAID_AT} desc, m.id desc`)
    .limit(limit)
    .select<(MessageRow & { saidAt: Instant })[]>('m.*', tx.raw(`${SAID_AT} as said_at`));
  if (before !== undefined) void query.whereRaw(`(${SAID_AT}, m.id) < (?::timestamptz, ?::uuid)`, [before.at, before.id]);
  return query;
}
