import type { Log } from '../db/log';
import type { BreakerOptions } from '../providers/breaker';
import { Breaker } from '../providers/breaker';
import type { Tracing } from '../providers/opentelemetry/port';
import type { EmailPort } from '../providers/sendgrid/port';
import type { SendGridOptions } from '../providers/sendgrid/sendgrid';
import { createSendGridEmail } from '../providers/sendgrid/sendgrid';
import type { SmsPort } from '../providers/twilio/port';
import type { CarrierConsentPort } from '../providers/twilio/port';
import { createTwilioConsents } from '../providers/twilio/consents';
import type { TwilioOptions } from '../providers/twilio/twilio';
import { createTwilioSms } from '../providers/twilio/twilio';
import { guardVendor } from '../providers/vendor-guard';
import type { Meter } from './metrics';

export type VendorsOptions = {
  twilio: TwilioOptions;
  sendgrid: SendGridOptions;
  tracing: Tracing;
  meter: Meter;
  log: Log;
  /** L4 unless told. */
  breaker?: BreakerOptions | undefined;
};

export type Vendors = { sms: SmsPort; carrierConsents: CarrierConsentPort; email: EmailPort; vendorWaitMs: (vendor: string) => number };

/** The vendors of messages, each behind a breaker of its own, measured and traced. */
export function createVendors({ twilio, sendgrid, tracing, meter, log, breaker: options }: VendorsOptions): Vendors {
  const breakers = new Map<string, Breaker>();
  const guard = <Port extends object>(vendor: string, port: Port): Port => {
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
    return guardVendor(port, { vendor, breaker, tracing, seen: meter.vendorCall });
  };
  return {
    sms: guard('twilio', createTwilioSms(twilio)),
    // Another host of Twilio's, with troubles of its own.
    carrierConsents: guard('twilio_consents', createTwilioConsents(twilio)),
    email: guard('sendgrid', createSendGridEmail(sendgrid)),
    vendorWaitMs: (vendor) => breakers.get(vendor)?.waitMs() ?? 0,
  };
}
