import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AcceptedLog, LogEntry, LogRecord } from '../accepted-log';
import { Journal } from '../journal';
import { smsSegments } from '../../domain/sms-segments';

export type Direction = 'outbound-api' | 'outbound-reply' | 'inbound';
export type TwilioStatus = 'accepted' | 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'received';

export type TwilioMessage = {
  sid: string;
  to: string;
  from: string;
  body: string;
  direction: Direction;
  status: TwilioStatus;
  errorCode: number | null;
  segments: number;
  createdAt: string;
  sentAt: string | null;
  updatedAt: string;
} & Detail;

/** What Twilio remembers of a request. `carrierCode`: the carrier is going to refuse it with this code. `service`: the Messaging Service that chose the sender. */
type Detail = { callback: string | null; validityS: number; carrierCode: number | null; service: string | null };
type Change = { sid: string; status: TwilioStatus; errorCode: number | null; at: string } | { from: string; to: string; blocked: boolean };

export type NewMessage = { to: string; from: string; body: string } & Detail;

/**
 * Twilio's memory of messages and of who said STOP to whom. Messages are the accepted log itself, so the two cannot disagree; what becomes of
 * them, and the blocks, is in `twilio.jsonl` beside it.
 */
export class TwilioMessages {
  readonly #bySid = new Map<string, TwilioMessage>();
  readonly #blocked = new Set<string>();

  private constructor(
    private readonly log: AcceptedLog,
    private readonly journal: Journal,
  ) {}

  static async open(dir: string, log: AcceptedLog): Promise<TwilioMessages> {
    const { journal, lines } = await Journal.open(join(dir, 'twilio.jsonl'), { synced: false });
    const messages = new TwilioMessages(log, journal);
    for (const record of log.records('twilio')) messages.#remember(record);
    for (const line of lines) messages.#apply(line as Change);
    return messages;
  }

  /** A request of ours takes effect. */
  create({ to, from, body, ...detail }: NewMessage): Promise<TwilioMessage> {
    return this.#log({ to, from, body, kind: to.startsWith(WHATSAPP) ? 'whatsapp' : 'sms', ...carriedBy(detail.callback) }, detail);
  }

  /** A person's text to one of our numbers, or Twilio's own answer to it. */
  add(kind: 'inbound' | 'auto_reply', message: { to: string; from: string; body: string }): Promise<TwilioMessage> {
    return this.#log({ ...message, kind, our_id: null }, null);
  }

  async move(sid: string, status: TwilioStatus, errorCode: number | null = null): Promise<TwilioMessage> {
    await this.#change({ sid, status, errorCode, at: new Date().toISOString() });
    return this.#known(sid);
  }

  async block(from: string, to: string, blocked: boolean): Promise<void> {
    await this.#change({ from, to, blocked });
  }

  /** Whether this person told this number to stop. */
  isBlocked(from: string, to: string): boolean {
    return this.#blocked.has(`${from} ${to}`);
  }

  get(sid: string): TwilioMessage | undefined {
    return this.#bySid.get(sid);
  }

  /** Newest first, as Twilio lists them. */
  list({ to, from }: { to?: string | undefined; from?: string | undefined }): TwilioMessage[] {
    return [...this.#bySid.values()].filter((one) => (to ?? one.to) === one.to && (from ?? one.from) === one.from).reverse();
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  async #log(entry: Omit<LogEntry, 'seq' | 'at' | 'vendor' | 'vendor_id'>, detail: Detail | null): Promise<TwilioMessage> {
    const sid = `SM${randomBytes(16).toString('hex')}`;
    // Whoever reads the log looks for people by their number, whatever the channel.
    const [to, from] = [bare(entry.to), bare(entry.from)];
    const channel = to === entry.to ? {} : { channel: 'whatsapp' as const };
    return this.#remember(await this.log.append({ vendor: 'twilio', vendor_id: sid, ...entry, to, from, ...channel }, detail));
  }

  #remember({ entry, detail }: LogRecord): TwilioMessage {
    const { vendor_id: sid, body, at } = entry;
    const [to, from] = entry.channel === 'whatsapp' ? [WHATSAPP + entry.to, WHATSAPP + entry.from] : [entry.to, entry.from];
    const known: Detail = { ...NOTHING_TO_DO, ...(detail as Partial<Detail> | null) };
    const start = STARTS[entry.kind === 'inbound' || entry.kind === 'auto_reply' ? entry.kind : 'sms'];
    const message: TwilioMessage = {
      ...{ sid, to, from, body, ...known, ...start },
      ...(known.service !== null && { status: 'accepted' as const }),
      errorCode: null,
      segments: smsSegments(body).segments,
      createdAt: at,
      sentAt: null,
      updatedAt: at,
    };
    this.#bySid.set(sid, message);
    return message;
  }

  async #change(change: Change): Promise<void> {
    await this.journal.append(change);
    this.#apply(change);
  }

  #apply(change: Change): void {
    if ('blocked' in change) {
      const pair = `${change.from} ${change.to}`;
      if (change.blocked) this.#blocked.add(pair);
      else this.#blocked.delete(pair);
      return;
    }
    const { sid, status, errorCode, at } = change;
    const message = this.#known(sid);
    const sentAt = message.sentAt ?? (status === 'failed' ? null : at);
    this.#bySid.set(sid, { ...message, status, errorCode, updatedAt: at, sentAt });
  }

  #known(sid: string): TwilioMessage {
    const message = this.#bySid.get(sid);
    if (!message) throw new Error(`no message ${sid}`);
    return message;
  }
}

/** How Twilio marks an address on WhatsApp. */
export const WHATSAPP = 'whatsapp:';
export const bare = (address: string): string => (address.startsWith(WHATSAPP) ? address.slice(WHATSAPP.length) : address);

/** An inbound text or an automatic answer is at its end from the start. */
const NOTHING_TO_DO: Detail = { callback: null, validityS: 0, carrierCode: null, service: null };

const STARTS: Record<'sms' | 'inbound' | 'auto_reply', { direction: Direction; status: TwilioStatus }> = {
  sms: { direction: 'outbound-api', status: 'queued' },
  inbound: { direction: 'inbound', status: 'received' },
  auto_reply: { direction: 'outbound-reply', status: 'delivered' },
};

/** Twilio itself knows nothing of ours; the callback's address happens to say it. */
function carriedBy(callback: string | null): { our_id: string | null; business_id?: string } {
  const query = callback === null ? null : new URL(callback).searchParams;
  const businessId = query?.get('business_id');
  return { our_id: query?.get('m') ?? null, ...(businessId ? { business_id: businessId } : {}) };
}
