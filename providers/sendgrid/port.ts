import type { Instant } from '../../domain/time';
import type { Found, RefusalCode } from '../errors';

export type SendEmail = {
  to: string;
  from: { email: string; name: string };
  replyTo?: string;
  subject: string;
  text: string;
  html?: string;
  /** Ours: it comes back with every event. */
  messageId: string;
  /** An address that unsubscribes by one POST (RFC 8058), and one that does by a mail. */
  unsubscribe?: { url: string; mailto: string | null };
  /** A calendar entry, say. `type` is a bare MIME type, without parameters. */
  attachments?: readonly { filename: string; type: string; content: string }[];
};

/** Where a message stands with the vendor. Events come in any order: only a higher rank moves a message on. */
export type EmailProgress = { status: 'sent' | 'delivered' | 'failed'; rank: number };

export type SentEmail = EmailProgress & { vendorId: string };

export interface EmailPort {
  /**
   * Asks the vendor once, on one connection. Throws VendorRefused (surely not sent) or OutcomeUnclear;
   * a signal that is aborted already throws its own reason, nothing sent.
   */
  send(input: SendEmail, cancel?: AbortSignal): Promise<SentEmail>;
  /**
   * Always `cannot_ask`: SendGrid has no key and no list of what it took (its activity feed is a paid extra and late). An unclear message waits
   * five minutes for its `processed` event and is `unknown` after that.
   */
  find(): Promise<Found<EmailProgress>>;
}

/** What one event of a delivery says. `eventId` is the same for a repeated delivery: repeats are normal. */
export type EmailEvent =
  | ({
      kind: 'status';
      eventId: string;
      vendorId: string;
      messageId: string | null;
      refusal: RefusalCode | null;
      vendorCode: string | null;
      /** The person, or their mail program, opened it or followed a link. */
      seen: 'opened' | 'clicked' | null;
      at: Instant;
    } & EmailProgress)
  | {
      kind: 'opt_out';
      eventId: string;
      vendorId: string;
      messageId: string | null;
      email: string;
      source: 'spam_report' | 'unsubscribe';
      at: Instant;
    }
  | { kind: 'ignored'; eventId: string };

/** Reads the raw body of a delivery; null when it is no list of events. `raw` is the one event as sent, to be stored beside its id. Never throws. */
export type ParseEmailWebhook = (body: string) => { event: EmailEvent; raw: unknown }[] | null;

/** A mail that a person wrote to us, as it is stored: no attachment, no header but those that matter. */
export type InboundEmail = {
  /** The same for a repeated delivery: a hash of Message-ID and envelope. */
  eventId: string;
  /** The author's address, small letters; empty for a bounce or what cannot be read. */
  from: string;
  /** To whom the receiving server took it, small letters: our own addresses, also when it was a blind copy. */
  to: string[];
  subject: string;
  text: string;
  html: string;
  /** SPF or DKIM vouches for the author's domain. Without it anybody may have written it in anybody's name. */
  vouched: boolean;
  /** Written by a program: an absence notice, a bounce, a list (RFC 3834). Never answered, or two robots would talk. */
  automatic: boolean;
  attachments: { filename: string; type: string; bytes: number }[];
};

/** Reads a delivery of the Inbound Parse webhook: its fields as bytes, each in the character set that `charsets` names. Null for what is no mail. Never throws. */
export type ParseInboundEmail = (form: { fields: Record<string, Buffer>; files: InboundEmail['attachments'] }) => InboundEmail | null;
