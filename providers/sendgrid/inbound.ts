import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { InboundEmail, ParseInboundEmail } from './port';

/** Inbound Parse, not the raw variant; https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook, 2026-11. */
export const parseInboundEmail: ParseInboundEmail = ({ fields, files }) => {
  const charsets = json(Charsets, text(fields['charsets'])) ?? {};
  const field = (name: string): string => text(fields[name], charsets[name]);
  const envelope = json(Envelope, field('envelope'));
  if (!envelope) return null;
  const headers = headersOf(field('headers'));
  const from = addressIn(field('from'));
  return {
    eventId: eventIdOf(headers.get('message-id') ?? field('headers') + field('text'), envelope),
    from,
    to: envelope.to.map((address) => address.trim().toLowerCase()),
    subject: field('subject'),
    text: field('text').slice(0, KEPT),
    html: field('html').slice(0, KEPT),
    vouched: isVouched({ from, envelopeFrom: envelope.from, spf: field('SPF'), dkim: field('dkim') }),
    automatic: isAutomatic(headers, envelope.from),
    attachments: files,
  };
};

/** Nobody writes a front desk more than this by hand. */
const KEPT = 200_000;

const Charsets = z.record(z.string(), z.string());
const Envelope = z.object({ from: z.string().catch(''), to: z.array(z.string()).min(1) });
type Envelope = z.infer<typeof Envelope>;

function json<Schema extends z.ZodType>(schema: Schema, value: string): z.output<Schema> | null {
  try {
    return schema.safeParse(JSON.parse(value)).data ?? null;
  } catch {
    return null; // not JSON
  }
}

/** Mails come in any character set; one that nobody knows is read as UTF-8, with marks where it is not. */
function text(bytes: Buffer | undefined, charset = 'utf-8'): string {
  const reader = decoder(charset);
  const decoded = reader.decode(bytes ?? Buffer.alloc(0)).replaceAll('\0', '');
  // Node.js 20 reads windows-1252, which is what the web means by latin1 too, as latin1: without quotation marks and the euro sign.
  return reader.encoding === 'windows-1252'
    ? decoded.replace(/[\x80-\x9f]/g, (control) => C1[control.charCodeAt(0) - 0x80] ?? control)
    : decoded;
}

const C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function decoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('utf-8'); // RangeError: a label that is none
  }
}

/** Header lines by name in small letters, folded ones joined; of several the first. */
function headersOf(raw: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of raw.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

const eventIdOf = (messageId: string, { from, to }: Envelope): string =>
  createHash('sha256')
    .update(JSON.stringify([messageId, from, [...to].sort()]))
    .digest('hex');

/** `Ana Díaz <ana@example.com>`, `ana@example.com`; empty for anything else. */
function addressIn(from: string): string {
  const bracket = from.lastIndexOf('<');
  const address = (bracket === -1 ? from : (from.slice(bracket + 1).split('>')[0] ?? '')).trim().toLowerCase();
  return z.email().max(254).safeParse(address).data ?? '';
}

const domainOf = (address: string): string => address.split('@').at(-1)?.trim().toLowerCase() ?? '';

/** SPF speaks for the envelope's domain, DKIM for those it names (`{@example.com : pass}`): either counts for the author's own domain, or one above it. */
function isVouched({ from, envelopeFrom, spf, dkim }: { from: string; envelopeFrom: string; spf: string; dkim: string }): boolean {
  const author = domainOf(from);
  const signed = [...dkim.matchAll(/@([\w.-]+)\s*:\s*pass/gi)].map(([, domain = '']) => domain.toLowerCase());
  const vouching = [...signed, ...(/^pass/i.test(spf.trim()) ? [domainOf(envelopeFrom)] : [])];
  return author !== '' && vouching.some((domain) => domain.includes('.') && (author === domain || author.endsWith(`.${domain}`)));
}

function isAutomatic(headers: Map<string, string>, envelopeFrom: string): boolean {
  const submitted = headers.get('auto-submitted') ?? 'no';
  const precedence = headers.get('precedence') ?? '';
  return (
    envelopeFrom.trim() === '' ||
    !/^no\b/i.test(submitted) ||
    /^(bulk|junk|list|auto_reply)$/i.test(precedence) ||
    ['x-autoreply', 'x-autorespond', 'list-id'].some((name) => headers.has(name))
  );
}

/** Kept as text in the stored event, and read back from there. */
export function readStoredEmail(payload: string): InboundEmail | null {
  return json(Stored, payload);
}

const Stored: z.ZodType<InboundEmail> = z.object({
  eventId: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  vouched: z.boolean(),
  automatic: z.boolean(),
  attachments: z.array(z.object({ filename: z.string(), type: z.string(), bytes: z.number() })),
});
