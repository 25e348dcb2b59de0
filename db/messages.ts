import type { Decision } from '../domain/decision';
import type { Channel, Locale, MessageClass, MessageRule, MessageStatus, Reason, Resolution } from '../domain/message';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

/** `id` and `language` as the vendor knows the template; `variables` by their number, '1' first. */
export type TemplateContent = { id: string; language: string; variables: Record<string, string> };

export type MessageRow = {
  id: string;
  direction: 'out' | 'in';
  sendKey: string | null;
  appointmentId: string | null;
  contactId: string | null;
  staffId: string | null;
  /** Of a link to log in: whom it is for. */
  userId: string | null;
  rule: MessageRule;
  messageClass: MessageClass;
  channel: Channel;
  locale: Locale | null;
  templateId: string | null;
  /** Small, not personal: what the template needs and the facts no longer say, such as the text that a reply answers. */
  facts: Record<string, string>;
  status: MessageStatus | 'received';
  reason: Reason | null;
  scheduleVersion: number | null;
  /** Of a notice: the change that it tells of. */
  change: string | null;
  dueAt: Instant;
  sendAt: Instant;
  deferredUntil: Instant | null;
  notAfter: Instant;
  settledAt: Instant | null;
  attempt: number;
  looks: number;
  markedAt: Instant | null;
  sentAt: Instant | null;
  deliveredAt: Instant | null;
  failedAt: Instant | null;
  vendor: string | null;
  vendorId: string | null;
  vendorRank: number;
  vendorCode: string | null;
  /** What a person decided when nobody knew whether it was sent. */
  resolution: Resolution | null;
  resolvedAt: Instant | null;
  segments: number | null;
  /** Millionths of a US dollar; null: not sent, or nobody knows the price. */
  costMicros: number | null;
  priceSource: 'estimated' | 'vendor' | null;
  /** What earlier attempts cost that the vendor took and could not bring. */
  pastCostMicros: number;
  asksConfirmation: boolean;
  toAddress: string | null;
  fromAddress: string | null;
  fromName: string | null;
  subject: string | null;
  body: string | null;
  html: string | null;
  /** It goes over this channel because that one is closed or refused it, and why. */
  fallbackFrom: Channel | null;
  fallbackReason: Reason | null;
  /** Of a message outside any visit that took another channel: the row it began with. */
  firstId: string | null;
  /** The cadence's enrolment that it belongs to. */
  cadenceStateId: string | null;
  /** The approved WhatsApp template that goes instead of the text, and what fills it. */
  content: TemplateContent | null;
  /** What the gate said at the message's last turn, and what it saw; null: it has had none. */
  decision: Decision | null;
  /** Content types of what came with a message; the vendor's addresses of it are sealed. */
  mediaTypes: string[];
  createdAt: Instant;
  updatedAt: Instant;
};

/** Throws RowMissing when this business has no such message. */
export async function findMessage(tx: Tx, id: string, lock?: 'forUpdate'): Promise<MessageRow> {
  const query = tx('messages').where({ id });
  return one('message', await (lock ? query.forUpdate() : query).select<MessageRow[]>('*'));
}

/** A message outside any visit with those that took another channel after it, in the order in which they were tried. Locked. Throws RowMissing. */
export async function findChain(tx: Tx, firstId: string): Promise<MessageRow[]> {
  const first = await findMessage(tx, firstId, 'forUpdate');
  return [first, ...(await tx('messages').where({ firstId }).orderBy('id').forUpdate().select<MessageRow[]>('*'))];
}

export type PlannedRow = {
  id: string;
  sendKey: string;
  appointmentId: string | null;
  contactId: string | null;
  staffId: string | null;
  rule: MessageRule;
  messageClass: MessageClass;
  channel: Channel;
  scheduleVersion: number | null;
  change?: string | null;
  facts?: Record<string, string>;
  status: 'planned' | 'held' | 'skipped';
  reason: Reason | null;
  dueAt: Instant;
  sendAt: Instant;
  notAfter: Instant;
  fallback?: { from: Channel; reason: Reason } | null;
  firstId?: string;
  cadenceStateId?: string;
  userId?: string;
};

const PLANNED = `id uuid, send_key text, appointment_id uuid, contact_id uuid, staff_id uuid, rule text, message_class text, channel text, schedule_version int,
  change text, facts jsonb, status text, reason text, due_at timestamptz, send_at timestamptz, not_after timestamptz, fallback_from text, fallback_reason text,
  first_id uuid, cadence_state_id uuid, user_id uuid`;
const PLANNED_NAMES = PLANNED.replace(/(\w+) \w+(,|$)/g, '$1$2');

const toJson = (row: PlannedRow): Record<string, unknown> => ({
  id: row.id,
  send_key: row.sendKey,
  appointment_id: row.appointmentId,
  contact_id: row.contactId,
  staff_id: row.staffId,
  rule: row.rule,
  message_class: row.messageClass,
  channel: row.channel,
  schedule_version: row.scheduleVersion,
  change: row.change ?? null,
  facts: row.facts ?? {},
  status: row.status,
  reason: row.reason,
  due_at: row.dueAt,
  send_at: row.sendAt,
  not_after: row.notAfter,
  fallback_from: row.fallback?.from ?? null,
  fallback_reason: row.fallback?.reason ?? null,
  first_id: row.firstId ?? null,
  cadence_state_id: row.cadenceStateId ?? null,
  user_id: row.userId ?? null,
});

/**
 * Writes what the plan says into the ledger. A row that is under way or settled is never touched; a deferral that the gate or the vendor asked for is kept.
 * The unique send_key makes a second row for the same message impossible, whoever plans at the same time.
 */
export async function savePlanned(tx: Tx, rows: PlannedRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return;
  await tx.raw(
    `insert into messages as m (business_id, direction, ${PLANNED_NAMES}, created_at, updated_at)
     select current_business(), 'out', ${PLANNED_NAMES}, ?::timestamptz, ?::timestamptz from jsonb_to_recordset(?::jsonb) as r(${PLANNED})
     order by r.send_key
     on conflict (business_id, send_key) where send_key is not null do update
       set status = excluded.status,
           reason = case when excluded.status = 'planned' and m.deferred_until > excluded.send_at then m.reason else excluded.reason end,
           due_at = excluded.due_at, send_at = greatest(excluded.send_at, m.deferred_until), not_after = excluded.not_after,
           fallback_from = excluded.fallback_from, fallback_reason = excluded.fallback_reason, updated_at = excluded.updated_at
       where m.settled_at is null and m.status in ('planned', 'held', 'skipped')
         and (m.status, m.due_at, m.send_at, m.not_after, m.reason, m.fallback_from, m.fallback_reason) is distinct from
             (excluded.status, excluded.due_at, greatest(excluded.send_at, m.deferred_until), excluded.not_after, excluded.reason, excluded.fallback_from, excluded.fallback_reason)`,
    [now, now, JSON.stringify(rows.map(toJson))],
  );
}

/** Whether the ledger has a message of that key, whatever became of it. */
export async function isNamed(tx: Tx, sendKey: string): Promise<boolean> {
  const rows = await tx('messages').where({ sendKey }).limit(1).select<{ id: string }[]>('id');
  return rows.length > 0;
}

/** What became of a message that a visit's plan named. */
export type Outcome = {
  id: string;
  sendKey: string;
  rule: MessageRule;
  channel: Channel;
  contactId: string | null;
  staffId: string | null;
  scheduleVersion: number;
  change: string | null;
  status: MessageStatus;
  reason: Reason | null;
  settled: boolean;
};

/** Drops a message that the plan names no longer; a later plan may name it again. Only one that is not under way. */
export async function dropMessage(tx: Tx, { id, reason, now }: { id: string; reason: Reason; now: Instant }): Promise<void> {
  await tx('messages').where({ id }).whereIn('status', ['planned', 'held']).update({ status: 'skipped', reason, updatedAt: now });
}

export type Skip = { id: string; reason: Reason; decision: Decision | null; now: Instant };

/** Ends a message without sending it, decided at its turn, with the reason. Only one that is not under way. */
export async function skipMessage(tx: Tx, { id, reason, decision, now }: Skip): Promise<void> {
  await tx('messages')
    .where({ id })
    .whereIn('status', ['planned', 'held', 'skipped'])
    .update({ status: 'skipped', reason, decision: decision && JSON.stringify(decision), settledAt: now, updatedAt: now });
}

export type Next = { id: string; channel: Channel; rule: MessageRule; reason: Reason | null; sendAt: Instant };

/** The message of a visit that is due next. One under way counts as due: somebody must find out what became of it. */
export async function findNext(tx: Tx, appointmentId: string): Promise<Next | undefined> {
  const [row] = await tx('messages')
    .where({ appointmentId, direction: 'out' })
    .whereNotNull('scheduleVersion')
    .whereIn('status', ['planned', 'held', 'sending'])
    // A held message waits for its release, which rings; at the latest it is looked at when it would be too late.
    .orderByRaw(`case status when 'held' then not_after else send_at end, id`)
    .limit(1)
    .select<Next[]>('id', 'channel', 'rule', 'reason', tx.raw(`case status when 'held' then not_after else send_at end as send_at`));
  return row;
}

export type MessagePage = {
  contactId?: string;
  appointmentId?: string;
  status?: string;
  reason?: string;
  from?: Instant;
  to?: Instant;
  before?: string;
  limit: number;
};

/** Newest first, by pages; what is still planned is included. */
export async function listMessages(tx: Tx, page: MessagePage): Promise<MessageRow[]> {
  const query = tx('messages').orderBy('id', 'desc').limit(page.limit);
  for (const key of ['contactId', 'appointmentId', 'status', 'reason'] as const) {
    const value = page[key];
    if (value !== undefined) void query.where({ [key]: value });
  }
  if (page.from !== undefined) void query.whereRaw('coalesce(sent_at, send_at, created_at) >= ?::timestamptz', [page.from]);
  if (page.to !== undefined) void query.whereRaw('coalesce(sent_at, send_at, created_at) < ?::timestamptz', [page.to]);
  if (page.before !== undefined) void query.where('id', '<', page.before);
  return query.select<MessageRow[]>('*');
}

/** The messages of one visit in the order in which they are, were or would have been sent. */
export async function listAppointmentMessages(tx: Tx, appointmentId: string): Promise<MessageRow[]> {
  return tx('messages').where({ appointmentId }).orderByRaw('coalesce(sent_at, send_at, created_at), id').select<MessageRow[]>('*');
}
