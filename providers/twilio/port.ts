import type { Instant } from '../../domain/time';
import type { Found, RefusalCode } from '../errors';

export type SendSms = {
  /** E.164, both. */
  to: string;
  from: string;
  body: string;
  /** Ours: it comes back with every callback. */
  messageId: string;
  /** How long the vendor may keep it queued: the time left to min(not_after, end of the window). Clamped to 1 s … 10 h. */
  validityMs: number;
};

/** Where a message stands with the vendor. Callbacks come in any order: only a higher rank moves a message on. */
export type SmsProgress = { status: 'sent' | 'delivered' | 'failed'; rank: number };

export type SentSms = SmsProgress & { vendorId: string; segments: number };

export type FindSms = {
  to: string;
  body: string;
  /** By the system clock, never a business's virtual time: it is compared with the vendor's. */
  markedAt: Instant;
  /** Messages to this number whose vendor id is in our ledger already. */
  knownVendorIds: readonly string[];
};

/** In millionths of a US dollar. */
export type SmsPrice = { priceMicros: number; segments: number };

export interface SmsPort {
  /**
   * Asks the vendor once, on one connection. Throws VendorRefused (surely not sent) or OutcomeUnclear (ask `find` before anything else);
   * a signal that is aborted already throws its own reason, nothing sent.
   */
  send(input: SendSms, cancel?: AbortSignal): Promise<SentSms>;
  /** Looks for a message whose outcome was unclear: by number, age and text, since the vendor shows no id of ours. Throws as `send`. */
  find(input: FindSms, cancel?: AbortSignal): Promise<Found<SmsProgress>>;
  /** What the vendor charged, without the carriers' fees; null: it does not say yet. Throws as `send`. */
  price(vendorId: string, cancel?: AbortSignal): Promise<SmsPrice | null>;
}

export type TellCarrier = {
  /** E.164: who said it, and our number that they said it to. */
  person: string;
  ours: string;
  optedOut: boolean;
  saidAt: Instant;
  /** A UUID of ours. */
  correlationId: string;
};

export interface CarrierConsentPort {
  /** Tells the vendor of an opt-out, or a return, that it does not know by itself. May be repeated. Throws as `SmsPort.send`. */
  tell(input: TellCarrier, cancel?: AbortSignal): Promise<void>;
}

/** What a webhook of the vendor says. `eventId` is the same for a repeated delivery. */
export type SmsEvent =
  | ({
      kind: 'status';
      eventId: string;
      vendorId: string;
      messageId: string | null;
      refusal: RefusalCode | null;
      vendorCode: string | null;
    } & SmsProgress)
  | {
      kind: 'inbound';
      eventId: string;
      vendorId: string;
      from: string;
      to: string;
      body: string;
      /** What came with it. */
      media: { contentType: string; url: string }[];
      /** The vendor named it a keyword, has blocked or unblocked the pair and answered by itself: we record and send nothing. */
      answeredByVendor: 'stop' | 'start' | 'help' | null;
    }
  | { kind: 'ignored'; eventId: string | null };

/** Reads one delivery: the URL with its query as it was called, and the raw form. Never throws. */
export type ParseSmsWebhook = (delivery: { url: string; body: string }) => SmsEvent;
