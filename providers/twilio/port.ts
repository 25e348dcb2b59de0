import type { Instant } from '../../domain/time';
import type { Found } from '../errors';
import type { FindText, TextEvent, TextProgress } from '../whatsapp/port';

export type SendSms = {
  /** E.164. */
  to: string;
  /** E.164, or a Messaging Service (MG…), which chooses among its numbers. */
  from: string;
  body: string;
  /** Ours: it comes back with every callback. */
  messageId: string;
  /** How long the vendor may keep it queued: the time left to min(not_after, end of the window). Clamped to 1 s … 10 h. */
  validityMs: number;
};

/** `segments` is left out while a Messaging Service has not chosen its sender: Twilio has not counted them yet. */
export type SentSms = TextProgress & { vendorId: string; segments?: number };

/** In millionths of a US dollar. */
export type SmsPrice = { priceMicros: number; segments: number };

export interface SmsPort {
  /**
   * Asks the vendor once, on one connection. Throws VendorRefused (surely not sent) or OutcomeUnclear (ask `find` before anything else);
   * a signal that is aborted already throws its own reason, nothing sent.
   */
  send(input: SendSms, cancel?: AbortSignal): Promise<SentSms>;
  /** Looks for a message whose outcome was unclear: by number, age and text, since the vendor shows no id of ours. Throws as `send`. */
  find(input: FindText, cancel?: AbortSignal): Promise<Found<TextProgress>>;
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

/** Reads one delivery: the URL with its query as it was called, and the raw form. Never throws. */
export type ParseTwilioWebhook = (delivery: { url: string; body: string }) => TextEvent;
