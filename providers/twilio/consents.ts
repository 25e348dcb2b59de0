import { VendorRefused } from '../errors';
import type { CarrierConsentPort, TellCarrier } from './port';
import type { TwilioOptions } from './twilio';
import { ask } from './twilio';

/** Opt-outs by Twilio's Consent Management API. It sets a state, so a repetition does no harm. */
export function createTwilioConsents(options: TwilioOptions): CarrierConsentPort {
  return {
    tell: async (consent, cancel) => {
      const answer = await ask(options, cancel, (client) => client.accounts.v1.bulkConsents.create({ items: [itemOf(consent)] }));
      const code = refusedCode(answer.items);
      if (code !== null) throw new VendorRefused({ vendor: 'twilio', code: 'operator', vendorCode: code });
    },
  };
}

const itemOf = ({ person, ours, optedOut, saidAt, correlationId }: TellCarrier) => ({
  contact_id: person,
  correlation_id: correlationId.replaceAll('-', ''),
  sender_id: ours,
  status: optedOut ? 'opt-out' : 'opt-in',
  source: optedOut ? 'opt-out-message' : 'opt-in-message',
  date_of_consent: saidAt,
});

/** The answer names each item; 0 is success. */
function refusedCode(items: unknown): string | null {
  const list: unknown[] = Array.isArray(items) ? items : [];
  const codes = list.map((item) => (typeof item === 'object' && item !== null && 'error_code' in item ? Number(item.error_code) : 0));
  const refused = codes.find((code) => code !== 0);
  return refused === undefined ? null : String(refused);
}
