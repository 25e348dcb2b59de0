import { z } from 'zod';
import type { MessageRow } from '../../db/messages';
import type { Locale } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { CHANNELS, id, instantOut } from '../wire';
import { explainMessage } from './message-explanation';

export const MESSAGE_STATUSES = ['planned', 'held', 'sending', 'sent', 'delivered', 'failed', 'skipped', 'unknown', 'received'] as const;

export const MessageView = z
  .object({
    id,
    appointment_id: id.nullable(),
    contact_id: id.nullable(),
    rule: z.string().nullable().meta({ description: '1d, confirmation, change_notice, …; null for what the person wrote' }),
    channel: z.enum(CHANNELS),
    direction: z.enum(['out', 'in']),
    recipient: z.enum(['contact', 'staff', 'user']).meta({ description: 'user: a link to log in' }),
    staff_id: id.nullable().meta({ description: 'the member of staff whom it tells' }),
    status: z.enum(MESSAGE_STATUSES),
    reason: z.string().nullable().meta({ description: 'why it was not sent, or waits' }),
    fallback: z
      .object({ from: z.enum(CHANNELS), reason: z.string() })
      .nullable()
      .meta({ description: 'the channel that would have come before, and why it is not the one' }),
    due_at: instantOut.nullable(),
    waiting_until: instantOut.nullable().meta({ description: 'when it goes, if that is later than it was due' }),
    not_after: instantOut.nullable().meta({ description: 'the last moment at which it would be of use' }),
    sent_at: instantOut.nullable(),
    delivered_at: instantOut.nullable(),
    failed_at: instantOut.nullable(),
    template_id: z.string().nullable(),
    vendor_id: z.string().nullable(),
    vendor_code: z.string().nullable().meta({ description: "the vendor's own code for a refusal" }),
    resolution: z
      .enum(['it_was_sent', 'send_again', 'leave_it'])
      .nullable()
      .meta({ description: 'what a person decided when nobody knew whether it was sent' }),
    segments: z.int().nullable().meta({ description: 'of a text: what it is charged by' }),
    cost_micros: z
      .int()
      .nullable()
      .meta({
        description:
          'millionths of a US dollar, of every attempt that the vendor took; null until it was sent, or while nobody knows the price',
      }),
    price_source: z
      .enum(['estimated', 'vendor'])
      .nullable()
      .meta({ description: 'our table of prices at first, then what the vendor charged' }),
    subject: z.string().nullable(),
    body: z.string().nullable().meta({ description: 'null until it is written, shortly before it is sent' }),
    media_types: z.array(z.string()).meta({ description: 'content types of what came with it' }),
    explanation: z.string().meta({ description: "what becomes of it and why, in the caller's language" }),
    created_at: instantOut,
  })
  .meta({ id: 'Message' });

/** `zone`: whose local time the explanation names; UTC unless told. */
export type Reader = { now: Instant; locale: Locale; zone?: string };

/** A message of the ledger as clients see it, planned ones included. Addresses stay inside. */
export function presentMessage(row: MessageRow, reader: Reader) {
  const inbound = row.direction === 'in';
  const open = row.status === 'planned' || row.status === 'held';
  const waitingUntil = open && row.sendAt > row.dueAt ? row.sendAt : null;
  return {
    id: row.id,
    appointmentId: row.appointmentId,
    contactId: row.contactId,
    rule: inbound ? null : row.rule,
    channel: row.channel,
    direction: row.direction,
    recipient: recipientOf(row),
    staffId: row.staffId,
    status: row.status,
    reason: row.reason,
    fallback: row.fallbackFrom === null ? null : { from: row.fallbackFrom, reason: row.fallbackReason ?? 'vendor_refused' },
    dueAt: inbound ? null : row.dueAt,
    waitingUntil,
    notAfter: inbound ? null : row.notAfter,
    sentAt: row.sentAt,
    deliveredAt: row.deliveredAt,
    failedAt: row.failedAt,
    templateId: row.templateId,
    vendorId: row.vendorId,
    vendorCode: row.vendorCode,
    resolution: row.resolution,
    segments: row.segments,
    costMicros: row.pastCostMicros === 0 ? row.costMicros : row.pastCostMicros + (row.costMicros ?? 0),
    priceSource: row.priceSource,
    subject: row.subject,
    body: bodyOf(row),
    mediaTypes: row.mediaTypes,
    explanation: explainMessage({ ...row, waitingUntil }, reader),
    createdAt: row.createdAt,
  };
}

const recipientOf = ({ staffId, userId }: MessageRow): 'contact' | 'staff' | 'user' => {
  if (userId !== null) return 'user';
  return staffId === null ? 'contact' : 'staff';
};

/** What was written by hand stands before it is sent. */
const bodyOf = ({ body, rule, facts }: MessageRow): string | null => body ?? (rule === 'manual' ? (facts['body'] ?? null) : null);
