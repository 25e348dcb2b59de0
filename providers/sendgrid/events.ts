import { createHash } from 'node:crypto';
import { z } from 'zod';
import { instant } from '../../domain/time';
import type { RefusalCode } from '../errors';
import type { EmailEvent, EmailProgress, ParseEmailWebhook } from './port';

/** An event webhook's delivery: a JSON array, one event or hundreds. */
export const parseSendGridWebhook: ParseEmailWebhook = (body) => {
  const events = readArray(body);
  return events ? events.map((raw) => ({ event: parseEvent(raw), raw })) : null;
};

/** A bounce may follow `delivered` by hours: the receiving server took it and then gave it back. */
const PROGRESS: Record<string, EmailProgress> = {
  processed: { status: 'sent', rank: 1 },
  deferred: { status: 'sent', rank: 2 },
  delivered: { status: 'delivered', rank: 4 },
  dropped: { status: 'failed', rank: 4 },
  bounce: { status: 'failed', rank: 5 },
  open: { status: 'delivered', rank: 6 },
  click: { status: 'delivered', rank: 6 },
};

const OPT_OUTS: Record<string, 'spam_report' | 'unsubscribe'> = {
  spamreport: 'spam_report',
  unsubscribe: 'unsubscribe',
  group_unsubscribe: 'unsubscribe',
};

const RawEvent = z.object({
  event: z.string(),
  email: z.string(),
  timestamp: z.number().nonnegative().max(1e11),
  sg_event_id: z.string().min(1),
  sg_message_id: z.string().catch(''),
  m: z.string().nullable().catch(null),
  type: z.string().catch(''),
  reason: z.string().catch(''),
  status: z.string().catch(''),
});

function parseEvent(raw: unknown): EmailEvent {
  const read = RawEvent.safeParse(raw);
  if (!read.success) return { kind: 'ignored', eventId: `unread:${hash(raw)}` };
  const { event, email, m, sg_event_id: eventId } = read.data;
  const about = { eventId, vendorId: vendorIdOf(read.data.sg_message_id), messageId: m, at: instant(read.data.timestamp * 1000) };
  const source = own(OPT_OUTS, event);
  if (source) return { kind: 'opt_out', email, source, ...about };
  const progress = own(PROGRESS, event);
  if (!progress) return { kind: 'ignored', eventId };
  const seen = event === 'open' ? 'opened' : event === 'click' ? 'clicked' : null;
  return { kind: 'status', ...about, ...progress, ...failure(read.data), seen };
}

/** A block is the receiving server's mood (full, busy, greylisted); a bounce is an address that does not exist. */
function failure({ event, type, reason, status }: z.infer<typeof RawEvent>): { refusal: RefusalCode | null; vendorCode: string | null } {
  const vendorCode = /^\d(\.\d{1,3}){2}$/.test(status) ? status : event;
  if (event === 'bounce') return { refusal: type === 'blocked' ? 'carrier_error' : 'channel_unusable', vendorCode };
  if (event === 'dropped') return { refusal: dropped(reason), vendorCode };
  return { refusal: null, vendorCode: null };
}

/** SendGrid drops what its own lists forbid and says so in words; https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event, 2026-11. */
function dropped(reason: string): RefusalCode {
  if (/unsubscribed|spam report/i.test(reason)) return 'suppressed';
  return /bounced|invalid( email)? address/i.test(reason) ? 'channel_unusable' : 'operator';
}

/** `sg_message_id` is X-Message-Id and what the vendor's machines added to it. */
const vendorIdOf = (id: string): string => id.replace(/\.(recvd|filter).*$/, '');

const own = <Value>(table: Record<string, Value>, key: string): Value | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

/** Stable, so that a repeat of an event we cannot read is still a repeat. */
const hash = (raw: unknown): string => createHash('sha256').update(JSON.stringify(raw)).digest('hex').slice(0, 32);

function readArray(body: string): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null; // not JSON: the caller answers as for any delivery it cannot use
  }
}
