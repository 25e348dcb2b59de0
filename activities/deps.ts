import type { Clock } from '../db/clock';
import type { Hasher } from '../db/hashing';
import type { Log } from '../db/log';
import type { Db, Pool } from '../db/tenancy';
import type { Channel } from '../domain/message';
import type { DncPort } from '../providers/dnc/port';
import type { EmailPort } from '../providers/sendgrid/port';
import type { CarrierConsentPort, SmsPort } from '../providers/twilio/port';
import type { WhatsAppPort } from '../providers/whatsapp/port';

/** Everything that activities need from outside, made by the worker's entry point. */
export type Deps = {
  db: Db;
  /** The pool of the sweeper's role: ids of what is overdue, in all businesses. */
  sweeper: Pool;
  clock: Clock;
  hash: Hasher;
  sms: SmsPort;
  whatsapp: Record<'twilio' | 'meta', WhatsAppPort>;
  carrierConsents: CarrierConsentPort;
  email: EmailPort;
  /** The external do-not-call list, and how long its answers count; null: none is asked. */
  dnc: { list: DncPort; keepMs: number } | null;
  log: Log;
  /** How long a vendor that does not answer is let alone, in ms; 0: it may be called. */
  vendorWaitMs: (vendor: string) => number;
  /** Measures a message that was marked for its vendor, so long after it should have gone. */
  handedOver: (message: { channel: Channel; lateMs: number }) => void;
  newId: () => string;
  /** Where people reach us, for links in messages. */
  publicUrl: string;
  /** Mail to this domain reaches us; null: none does, and mails cannot be answered. */
  inboundEmailDomain: string | null;
  /** The platform's own sender, for businesses without a number. */
  defaultFromNumber: string;
  fromEmail: string;
};
