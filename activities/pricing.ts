import { deferPrice, findUnpriced, notePrice } from '../db/prices';
import { withBusiness } from '../db/tenancy';
import { OutcomeUnclear, VendorRefused } from '../providers/errors';
import type { Deps } from './deps';

export type PricingDeps = Pick<Deps, 'db' | 'sweeper' | 'clock' | 'sms' | 'log'>;

/** A look costs one request: so many a minute, and a vendor that does not answer ends the pass. */
const LOOKS = 50;

/** Asks Twilio what it charged for the messages whose turn has come: its price is null when it takes one. Safe to run twice because a price is only set. */
export async function correctPrices({ db, sweeper, clock, sms, log }: PricingDeps): Promise<void> {
  for (const { businessId, id, vendorId } of await findUnpriced(sweeper, LOOKS)) {
    try {
      const price = await sms.price(vendorId);
      const now = clock.system();
      await withBusiness(db, businessId, (tx) =>
        price ? notePrice(tx, { id, vendorId, now, ...price }) : deferPrice(tx, { id, vendorId }),
      );
    } catch (error) {
      if (!(error instanceof VendorRefused) && !(error instanceof OutcomeUnclear)) throw error;
      log.warn({ messageId: id, text: error.textForLog() }, 'the vendor could not be asked for a price');
      if (error instanceof OutcomeUnclear || error.code === 'vendor_down' || error.code === 'rate_limited') return;
      await withBusiness(db, businessId, (tx) => deferPrice(tx, { id, vendorId })); // it does not know the message
    }
  }
}
