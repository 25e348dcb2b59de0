import type { Instant } from '../../domain/time';
import type { Found, RefusalCode } from '../errors';

// WhatsApp, by whichever vendor. What a webhook says of a text or a WhatsApp message has one form for all of them, too.

/** Free text, or a template that WhatsApp has approved: outside the 24 hours after a person's last message only the latter is taken (R41). */
export type WhatsAppContent =
  | { kind: 'text'; body: string }
  /** `id`: Twilio's content sid (HX…) or Meta's name. `variables` by their number, '1' first; none is empty. `language`: as approved, such as en_US. */
  | { kind: 'template'; id: string; language: string; variables: Record<string, string> };

export type SendWhatsApp = {
  /** E.164, or WhatsApp's own id of a person who shows no number. */
  to: string;
  /** The business's number at Twilio, or Meta's id of it. */
  from: string;
  content: WhatsAppContent;
  /** Ours: it comes back with every report. */
  messageId: string;
  /** How long the vendor may keep it queued. */
  validityMs: number;
};

/** Where a message stands with the vendor. Reports come in any order: only a higher rank moves a message on. */
export type TextProgress = { status: 'sent' | 'delivered' | 'failed'; rank: number };

export type SentWhatsApp = TextProgress & { vendorId: string };

/** The question after a text or a WhatsApp message whose outcome was unclear. */
export type FindText = {
  to: string;
  body: string;
  /** The vendor filled it in: its text may differ from ours by what WhatsApp approved. */
  isTemplate: boolean;
  /** By the system clock, never a business's virtual time: it is compared with the vendor's. */
  markedAt: Instant;
  /** Messages to this address whose vendor id is in our ledger already. */
  knownVendorIds: readonly string[];
};

export interface WhatsAppPort {
  /**
   * Asks the vendor once, on one connection. Throws VendorRefused (surely not sent) or OutcomeUnclear (ask `find` before anything else);
   * a signal that is aborted already throws its own reason, nothing sent.
   */
  send(input: SendWhatsApp, cancel?: AbortSignal): Promise<SentWhatsApp>;
  /** Looks for a message whose outcome was unclear; `cannot_ask` where the vendor has no such question. Throws as `send`. */
  find(input: FindText, cancel?: AbortSignal): Promise<Found<TextProgress>>;
}

/** What a webhook says of a text or a WhatsApp message. `eventId` is the same for a repeated delivery. */
export type TextEvent =
  | ({
      kind: 'status';
      vendor: 'twilio' | 'meta';
      eventId: string;
      vendorId: string;
      messageId: string | null;
      refusal: RefusalCode | null;
      vendorCode: string | null;
    } & TextProgress)
  | {
      kind: 'inbound';
      vendor: 'twilio' | 'meta';
      channel: 'sms' | 'whatsapp';
      eventId: string;
      vendorId: string;
      /** E.164, or the channel's own id of somebody who shows no number. */
      from: string;
      /** E.164; null: none is shown. */
      phone: string | null;
      /** What the channel calls this person at this business; `previousId`: until they changed their phone. */
      identity: { id: string; previousId: string | null } | null;
      /** Our number, or the vendor's id of it. */
      to: string;
      body: string;
      /** What came with it, where the vendor names addresses. */
      media: { contentType: string; url: string }[];
      /** The vendor named it a keyword, has blocked or unblocked the pair and answered by itself: we record and send nothing. */
      answeredByVendor: 'stop' | 'start' | 'help' | null;
    }
  | { kind: 'ignored'; eventId: string | null };
