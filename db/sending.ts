import type { Knex } from 'knex';
import type { Decision } from '../domain/decision';
import type { Reason } from '../domain/message';
import type { Instant } from '../domain/time';
import type { TemplateContent } from './messages';
import { bookCost } from './prices';
import type { Tx } from './tenancy';

// The ledger's four steps of one sending (architecture.md, Sending exactly once). Every step names the attempt it belongs to,
// so that a process that wakes up late cannot undo what another did meanwhile.

export type Mark = {
  id: string;
  toAddress: string;
  fromAddress: string;
  /** Of an e-mail: the business's name. */
  fromName: string | null;
  subject: string | null;
  body: string;
  html: string | null;
  locale: string;
  templateId: string;
  asksConfirmation: boolean;
  segments: number | null;
  content?: TemplateContent | null;
  vendor: string;
  /** The machine's clock, for the vendor's side of a later look; the business's clock may be pushed. */
  markedAt: Instant;
  /** What the gate said and saw. */
  decision: Decision | null;
  now: Instant;
};

/**
 * Marks a message as being sent and answers the attempt's number. From here on nobody else sends it, and it counts against the person's cap until the
 * vendor refuses it (R24); a reply never counts.
 */
export async function markSending(tx: Tx, { id, markedAt, decision, content, now, ...text }: Mark): Promise<number> {
  const [row] = await tx('messages')
    .where({ id })
    .whereIn('status', ['planned', 'held'])
    .update({
      ...text,
      content: content ? JSON.stringify(content) : null,
      status: 'sending',
      reason: null,
      markedAt,
      looks: 0,
      vendorId: null,
      vendorRank: 0,
      vendorCode: null,
      attempt: tx.raw('attempt + 1'),
      decision: JSON.stringify(decision),
      countedAt: tx.raw(`case when contact_id is not null and message_class <> 'reply' then ?::timestamptz end`, [now]),
      updatedAt: now,
    })
    .returning<{ attempt: number }[]>('attempt');
  if (!row) throw new Error('the message is no longer planned');
  return row.attempt;
}

/** `segments`: as the vendor counted them; left out, as we did. */
export type Accepted = { id: string; attempt: number; vendorId: string; segments?: number | undefined; now: Instant };

/** The vendor has it, and its cost is booked. A callback that was faster keeps its higher state. */
export async function noteAccepted(tx: Tx, { id, attempt, vendorId, segments, now }: Accepted): Promise<boolean> {
  const changed = await tx('messages')
    .where({ id, attempt })
    .andWhere(
      (open) =>
        void open
          .whereIn('status', ['sending', 'unknown'])
          // While the process that called stood still. It speaks of the newest attempt, so it holds.
          .orWhere(givenUp)
          .orWhere((told) => void told.where({ status: 'sent' }).whereNull('vendorId')),
    )
    .whereRaw(NOT_PAST, [vendorId])
    .update({
      status: 'sent',
      reason: null,
      vendorId,
      ...(segments !== undefined && { segments }),
      countedAt: counted(tx, now),
      sentAt: tx.raw('coalesce(sent_at, ?::timestamptz)', [now]),
      settledAt: now,
      updatedAt: now,
    });
  if (changed > 0) await bookCost(tx, { id, now });
  return changed > 0;
}

/**
 * Taken for unsent, or to be sent again by a person's decision, and perhaps held or dropped since: a word of the vendor's that it has it after all stops the
 * second text.
 */
const givenUp = (row: Knex.QueryBuilder): void => void row.whereIn('status', ['planned', 'held', 'skipped']).whereNotNull('markedAt');

/** A late word on an attempt that the vendor itself reported as failed says nothing of the present one. */
const NOT_PAST = 'not (? = any(past_vendor_ids))';

/** What left counts against the person's cap, also when it was given up for unsent before (R24). */
const counted = (tx: Tx, now: Instant): Knex.Raw =>
  tx.raw(`coalesce(counted_at, case when contact_id is not null and message_class <> 'reply' then ?::timestamptz end)`, [now]);

export type Returned = { id: string; attempt: number; deferredUntil: Instant; reason: Reason | null; now: Instant };

/** Surely not sent, and worth another try: planned again, not before the instant given. */
export async function returnToPlan(tx: Tx, { id, attempt, deferredUntil, reason, now }: Returned): Promise<void> {
  await tx('messages')
    .where({ id, attempt, status: 'sending' })
    .update({ status: 'planned', reason, deferredUntil, sendAt: deferredUntil, countedAt: null, updatedAt: now });
}

export type Refused = {
  id: string;
  attempt: number;
  status: 'failed' | 'skipped' | 'held';
  reason: Reason | null;
  vendorCode: string;
  now: Instant;
};

/** Surely not sent, and why. */
export async function noteRefused(tx: Tx, { id, attempt, status, reason, vendorCode, now }: Refused): Promise<void> {
  const failedAt = status === 'failed' ? now : null;
  await tx('messages')
    .where({ id, attempt, status: 'sending' })
    .update({ status, reason, vendorCode, failedAt, countedAt: null, settledAt: status === 'held' ? null : now, updatedAt: now });
}

/** The vendor was asked and could not tell. */
export async function noteLook(tx: Tx, { id, attempt, now }: { id: string; attempt: number; now: Instant }): Promise<void> {
  await tx('messages')
    .where({ id, attempt, status: 'sending' })
    .update({ looks: tx.raw('looks + 1'), updatedAt: now });
}

/** Nobody can tell whether it was sent: never guessed, shown to the operator (B1). A late callback may still move it forward. */
export async function noteUnknown(tx: Tx, { id, attempt, now }: { id: string; attempt: number; now: Instant }): Promise<void> {
  await tx('messages').where({ id, attempt, status: 'sending' }).update({ status: 'unknown', settledAt: now, updatedAt: now });
}

export type Deferral = { id: string; until: Instant; reason: Reason; decision: Decision; now: Instant };

/** The gate says: later. */
export async function deferMessage(tx: Tx, { id, until, reason, decision, now }: Deferral): Promise<void> {
  await tx('messages')
    .where({ id })
    .whereIn('status', ['planned', 'held'])
    .update({ status: 'planned', sendAt: until, deferredUntil: until, reason, decision: JSON.stringify(decision), updatedAt: now });
}

/** The gate says: not until something else happens. */
export async function holdMessage(tx: Tx, { id, reason, decision, now }: Omit<Deferral, 'until'>): Promise<void> {
  await tx('messages')
    .where({ id })
    .whereIn('status', ['planned', 'held'])
    .update({ status: 'held', reason, decision: JSON.stringify(decision), updatedAt: now });
}

/** `firstId`: of a message outside any visit that took another channel, the row it began with. */
export type Released = { id: string; firstId: string | null; appointmentId: string | null; cadenceStateId: string | null; inPlan: boolean };

/** Plans again what was held for a reason that is over. Answers which, so that their processes are rung: a held message waits for a ring. */
export async function releaseHeld(tx: Tx, { reason, now }: { reason: Reason; now: Instant }): Promise<Released[]> {
  return tx('messages')
    .where({ status: 'held', reason })
    .update({ status: 'planned', reason: null, updatedAt: now })
    .returning<Released[]>(['id', 'firstId', 'appointmentId', 'cadenceStateId', tx.raw('schedule_version is not null as in_plan')]);
}

export type Report = {
  id: string;
  vendor: string;
  vendorId: string;
  rank: number;
  status: 'sent' | 'delivered' | 'failed';
  vendorCode: string | null;
  now: Instant;
};

/**
 * A vendor's report moves a message forward by rank, never back (B6), also one that was `sending` or `unknown`, or given up because the vendor seemed
 * not to have it: the first callback names the vendor's id even when its answer was lost. Answers whether it moved.
 */
export async function noteReport(tx: Tx, { id, vendor, vendorId, rank, status, vendorCode, now }: Report): Promise<boolean> {
  const changed = await tx('messages')
    .where({ id, direction: 'out' })
    .where((at) => void at.whereIn('status', ['sending', 'sent', 'unknown', 'delivered', 'failed']).orWhere(givenUp))
    .where('vendorRank', '<', rank)
    .andWhere((same) => void same.whereNull('vendorId').orWhere({ vendorId }))
    .whereRaw(NOT_PAST, [vendorId])
    .update({
      status,
      reason: null,
      vendor,
      vendorId,
      vendorRank: rank,
      vendorCode,
      ...(status !== 'failed' && { countedAt: counted(tx, now) }),
      sentAt: tx.raw('coalesce(sent_at, ?::timestamptz)', [now]),
      deliveredAt: status === 'delivered' ? now : tx.raw('delivered_at'),
      failedAt: status === 'failed' ? now : tx.raw('failed_at'),
      settledAt: tx.raw('coalesce(settled_at, ?::timestamptz)', [now]),
      updatedAt: now,
    });
  if (changed > 0) await bookCost(tx, { id, now });
  return changed > 0;
}

export type Reopened = { id: string; status: 'planned' | 'held'; reason: Reason | null; deferredUntil: Instant; now: Instant };

/**
 * The vendor's report says that it did not arrive and that another attempt is worth while: the row is planned again, and its next attempt is a new one, with a
 * cost of its own.
 */
export async function reopenFailed(tx: Tx, { id, status, reason, deferredUntil, now }: Reopened): Promise<void> {
  await tx('messages')
    .where({ id, status: 'failed' })
    .update({
      status,
      reason,
      deferredUntil,
      sendAt: deferredUntil,
      pastVendorIds: tx.raw('array_append(past_vendor_ids, vendor_id)'),
      vendorId: null,
      vendorRank: 0,
      pastCostMicros: tx.raw('past_cost_micros + coalesce(cost_micros, 0)'),
      pastEstimatedMicros: tx.raw("past_estimated_micros + case price_source when 'estimated' then coalesce(cost_micros, 0) else 0 end"),
      pastSegments: tx.raw('past_segments + coalesce(segments, 0)'),
      pastSentAt: tx.raw('sent_at'),
      ...{ costMicros: null, priceSource: null, priceDueAt: null },
      sentAt: null,
      failedAt: null,
      settledAt: null,
      updatedAt: now,
    });
}

/** Vendor ids that this business already knows for an address: a look that finds one of them has not found ours. */
export async function findKnownVendorIds(tx: Tx, { vendor, toAddress }: { vendor: string; toAddress: string }): Promise<string[]> {
  const rows = await tx('messages')
    .where({ vendor, toAddress })
    .whereRaw(`(vendor_id is not null or past_vendor_ids <> '{}')`)
    .orderBy('id', 'desc')
    .limit(200)
    .select<{ vendorId: string | null; pastVendorIds: string[] }[]>('vendorId', 'pastVendorIds');
  return rows.flatMap(({ vendorId, pastVendorIds }) => [...pastVendorIds, ...(vendorId === null ? [] : [vendorId])]);
}
