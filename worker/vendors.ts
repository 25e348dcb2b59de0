import type { Log } from '../db/log';
import type { BreakerOptions } from '../providers/breaker';
import { Breaker } from '../providers/breaker';
import type { MetaOptions } from '../providers/meta/meta';
import { createMetaWhatsApp } from '../providers/meta/meta';
import type { Tracing } from '../providers/opentelemetry/port';
import type { EmailPort } from '../providers/sendgrid/port';
import type { SendGridOptions } from '../providers/sendgrid/sendgrid';
import { createSendGridEmail } from '../providers/sendgrid/sendgrid';
import type { SmsPort } from '../providers/twilio/port';
import type { CarrierConsentPort } from '../providers/twilio/port';
import { createTwilioConsents } from '../providers/twilio/consents';
import type { TwilioOptions } from '../providers/twilio/twilio';
import { createTwilioSms, createTwilioWhatsApp } from '../providers/twilio/twilio';
import type { WhatsAppPort } from '../providers/whatsapp/port';
import { guardVendor } from '../providers/vendor-guard';
import type { Meter } from './metrics';

export type VendorsOptions = {
  twilio: TwilioOptions;
  sendgrid: SendGridOptions;
  meta: MetaOptions;
  tracing: Tracing;
  meter: Meter;
  log: Log;
  /** L4 unless told. */
  breaker?: BreakerOptions | undefined;
};

export type Vendors = {
  sms: SmsPort;
  whatsapp: Record<'twilio' | 'meta', WhatsAppPort>;
  carrierConsents: CarrierConsentPort;
  email: EmailPort;
  /** How long a vendor is let alone, in ms. */
  vendorWaitMs: (vendor: string) => number;
};

/** The vendors of messages, each behind a breaker of its own, measured and traced. */
export function createVendors({ twilio, sendgrid, meta, tracing, meter, log, breaker: options }: VendorsOptions): Vendors {
  const breakers = new Map<string, Breaker>();
  const breakerOf = (vendor: string): Breaker => {
    const known = breakers.get(vendor);
    if (known) return known;
    const breaker = new Breaker(vendor, {
      options,
      changed: (state) => {
        meter.breaker(vendor, state);
        const alarm = state === 'open' ? log.error.bind(log) : log.info.bind(log);
        alarm({ vendor, state }, 'the breaker of a vendor changed');
      },
    });
    meter.breaker(vendor, 'closed');
    breakers.set(vendor, breaker);
    return breaker;
  };
  const guard = <Port extends object>(vendor: string, port: Port): Port =>
    guardVendor(port, { vendor, breaker: breakerOf(vendor), tracing, seen: meter.vendorCall });
  return {
    sms: guard('twilio', createTwilioSms(twilio)),
    whatsapp: { twilio: guard('twilio', createTwilioWhatsApp(twilio)), meta: guard('meta', createMetaWhatsApp(meta)) },
    // Another host of Twilio's, with troubles of its own.
    carrierConsents: guard('twilio_consents', createTwilioConsents(twilio)),
    email: guard('sendgrid', createSendGridEmail(sendgrid)),
    vendorWaitMs: (vendor) => breakers.get(vendor)?.waitMs() ?? 0,
  };
}
