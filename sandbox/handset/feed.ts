import type { MessageTime } from '../../db/handset';
import type { Channel } from '../../domain/message';
import { instant, type Instant } from '../../domain/time';
import type { AcceptedLog, LogEntry } from '../accepted-log';
import type { DemoBusiness } from '../demo';

/** One text or e-mail as it stands on the phone. */
export type FeedItem = {
  seq: number;
  channel: Channel;
  /** From the phone's owner. */
  mine: boolean;
  /** Said by the vendor itself, not by Usher. */
  automatic: boolean;
  /** The other side: one of the demo's businesses, or only its number. */
  business: Pick<DemoBusiness, 'id' | 'name'> | null;
  number: string;
  at: Instant;
  subject: string | null;
  text: string;
  hasHtml: boolean;
  /** The web address that its List-Unsubscribe header names. */
  unsubscribeUrl: string | null;
};

export type Addresses = { phone: string | null; email: string | null; whatsapp: string | null };

const KEPT = 120;

/** What the vendors brought to this person's number and address, and what the person wrote: of all businesses, the oldest first. */
export function entriesOf(log: AcceptedLog, person: Addresses): LogEntry[] {
  return log
    .entries({ kind: 'all' })
    .filter((entry) => concerns(entry, person))
    .slice(-KEPT);
}

export function concerns(entry: LogEntry, { phone, email, whatsapp }: Addresses): boolean {
  const { kind, to, from } = entry;
  const channel = channelOf(entry);
  if (channel === 'email') return email !== null && (kind === 'inbound' ? from : to).toLowerCase() === email.toLowerCase();
  const own = channel === 'whatsapp' ? whatsapp : phone;
  return own !== null && (kind === 'inbound' ? from : to) === own;
}

function channelOf({ vendor, kind, channel }: LogEntry): Channel {
  if (vendor === 'sendgrid') return 'email';
  return kind === 'whatsapp' || channel === 'whatsapp' ? 'whatsapp' : 'sms';
}

/** What a business's ledger knows of the messages, and how far its time was pushed. */
export type Ledger = {
  business: DemoBusiness;
  /** As whom it writes on WhatsApp. */ whatsapp: string | null;
  messages: MessageTime[];
  offsetMs: number;
};

type Known = { ledger: Ledger; at: Instant | null };

/**
 * Puts the entries into the businesses' time. The log has the machine's; the ledger knows when it was on the business's clock. What was not sent there (yet):
 * a text under way is as far ahead as its business is now, the vendor's own answer as far as the text that caused it.
 */
export function feedOf(entries: LogEntry[], ledgers: Ledger[]): FeedItem[] {
  const rows = ledgers.flatMap((ledger) => ledger.messages.map(({ id, vendorId, at }) => ({ id, vendorId, known: { ledger, at } })));
  const byOurs = new Map<string | null, Known>(rows.map(({ id, known }) => [id, known]));
  const byVendors = new Map<string | null, Known>(rows.map(({ vendorId, known }) => [vendorId, known]));
  const leads = new Map<string, number>();
  return entries.map((entry) => {
    const known = byOurs.get(entry.our_id) ?? byVendors.get(entry.vendor_id) ?? byNumber(entry, ledgers);
    const id = known?.ledger.business.id ?? '';
    const underWayMs = entry.kind === 'auto_reply' ? leads.get(id) : known?.ledger.offsetMs;
    const leadMs = known?.at ? Date.parse(known.at) - Date.parse(entry.at) : (underWayMs ?? 0);
    leads.set(id, leadMs);
    return itemOf(entry, known?.ledger.business ?? null, instant(Date.parse(entry.at) + leadMs));
  });
}

function byNumber(entry: LogEntry, ledgers: Ledger[]): Known | undefined {
  const ours = entry.kind === 'inbound' ? entry.to : entry.from;
  const channel = channelOf(entry);
  const ledger = ledgers.find(
    ({ business, whatsapp }) => channel !== 'email' && ours === (channel === 'sms' ? business.sms_number : whatsapp),
  );
  return ledger && { ledger, at: null };
}

const itemOf = (entry: LogEntry, business: DemoBusiness | null, at: Instant): FeedItem => ({
  seq: entry.seq,
  channel: channelOf(entry),
  mine: entry.kind === 'inbound',
  automatic: entry.kind === 'auto_reply',
  business: business && { id: business.id, name: business.name },
  number: entry.kind === 'inbound' ? entry.to : entry.from,
  at,
  subject: entry.subject ?? null,
  text: entry.body,
  hasHtml: entry.html !== undefined,
  unsubscribeUrl: unsubscribeUrlOf(entry),
});

export type TextPart = { text: string; url: string | null };

/** Cuts a text at its web addresses, so that they can be opened. A full stop after one is not part of it. */
export function partsOf(text: string): TextPart[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/)
    .map((part, index) => ({ text: part, url: index % 2 === 1 ? part : null }))
    .filter((part) => part.text !== '');
}

export const unsubscribeUrlOf = ({ list_unsubscribe: header = '' }: LogEntry): string | null =>
  /<(https?:[^>]+)>/.exec(header)?.[1] ?? null;
