import { refusalOf } from './codes';
import type { TextEvent, TextProgress } from '../whatsapp/port';
import type { ParseTwilioWebhook } from './port';

const PROGRESS: Record<string, TextProgress> = {
  accepted: { status: 'sent', rank: 0 },
  scheduled: { status: 'sent', rank: 0 },
  queued: { status: 'sent', rank: 1 },
  sending: { status: 'sent', rank: 2 },
  sent: { status: 'sent', rank: 3 },
  delivered: { status: 'delivered', rank: 4 },
  undelivered: { status: 'failed', rank: 4 },
  failed: { status: 'failed', rank: 4 },
  canceled: { status: 'failed', rank: 4 },
  read: { status: 'delivered', rank: 5 },
};

/** How Twilio marks an address on WhatsApp. */
export const WHATSAPP = 'whatsapp:';
const bare = (address: string): string => (address.startsWith(WHATSAPP) ? address.slice(WHATSAPP.length) : address);

const KEYWORDS: Record<string, 'stop' | 'start' | 'help'> = { STOP: 'stop', START: 'start', HELP: 'help' };

/** Twilio's word for a message's state in ours; null for a word that says nothing about a message of ours. */
export const twilioProgress = (status: string): TextProgress | null =>
  Object.hasOwn(PROGRESS, status) ? (PROGRESS[status] ?? null) : null;

/** A status callback or an inbound message, from the form as it was posted. */
export const parseTwilioWebhook: ParseTwilioWebhook = ({ url, body }) => {
  const form = new URLSearchParams(body);
  const field = (name: string): string => form.get(name) ?? '';
  const vendorId = field('MessageSid') || field('SmsSid');
  if (vendorId === '') return { kind: 'ignored', eventId: null };
  const status = field('MessageStatus') || field('SmsStatus');
  return status === 'received' ? inbound(vendorId, field) : statusEvent({ vendorId, status, url, errorCode: field('ErrorCode') });
};

function inbound(vendorId: string, field: (name: string) => string): TextEvent {
  const from = field('From');
  const channel = from.startsWith(WHATSAPP) ? 'whatsapp' : 'sms';
  const address = bare(from);
  return {
    kind: 'inbound',
    vendor: 'twilio',
    channel,
    eventId: vendorId,
    vendorId,
    from: address,
    phone: address.startsWith('+') ? address : null,
    identity: address.startsWith('+') ? null : { id: address, previousId: null },
    to: bare(field('To')),
    body: field('Body'),
    media: mediaOf(field),
    answeredByVendor: KEYWORDS[field('OptOutType').toUpperCase()] ?? null,
  };
}

/** Of an MMS. Twilio counts, then numbers from 0. */
function mediaOf(field: (name: string) => string): { contentType: string; url: string }[] {
  const count = Math.min(10, Number(field('NumMedia')) || 0);
  return Array.from({ length: count }, (_, i) => ({
    contentType: field(`MediaContentType${String(i)}`),
    url: field(`MediaUrl${String(i)}`),
  }));
}

type StatusFields = { vendorId: string; status: string; url: string; errorCode: string };

function statusEvent({ vendorId, status, url, errorCode }: StatusFields): TextEvent {
  const eventId = `${vendorId}:${status}`;
  const progress = twilioProgress(status);
  if (!progress) return { kind: 'ignored', eventId };
  const failed = progress.status === 'failed';
  const code = /^\d{1,6}$/.test(errorCode) ? errorCode : null;
  const refusal = failed ? refusalOf(Number(code ?? 0)) : null;
  return {
    kind: 'status',
    vendor: 'twilio',
    eventId,
    vendorId,
    messageId: messageIdOf(url),
    refusal,
    vendorCode: failed ? code : null,
    ...progress,
  };
}

/** `m` of the callback URL we gave the vendor. */
function messageIdOf(url: string): string | null {
  const at = url.indexOf('?');
  return at === -1 ? null : new URLSearchParams(url.slice(at + 1)).get('m');
}
