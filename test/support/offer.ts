import { readConfig } from '../../config';
import { withBusiness } from '../../db/tenancy';
import { findOffer, type OfferRow } from '../../db/waitlist-offers';
import { aWaitlistOffer } from '../factories';
import type { TestApi } from './api';
import { aSalon, type Salon, type SalonOptions } from './salon';
import { hiddenFields, read, type Fields, type Page } from './visit';

/** An open offer at a salon and its page, as the person's browser sees it. */
export type OfferAtSalon = {
  salon: Salon;
  offerId: string;
  freedSlotId: string;
  entryId: string;
  token: string;
  open: (part?: string, init?: RequestInit) => Promise<Page>;
  /** Sends a form of the page, with what the page itself put into it. */
  tap: (part: string, fields?: Fields, options?: { form?: Fields; headers?: Fields }) => Promise<Page>;
  form: () => Promise<Fields>;
  row: () => Promise<OfferRow>;
};

type Options = Omit<SalonOptions, 'appSecret'> & { salon?: Salon; freedSlotId?: string };

/** Wednesday, 10 March 2027, 10:00 in New York, offered to the salon's contact at the tests' now. */
export async function anOffer(api: TestApi, { salon: given, freedSlotId, ...options }: Options = {}): Promise<OfferAtSalon> {
  const { db } = api.database;
  const salon = given ?? (await aSalon(db, { ...options, appSecret: readConfig({}).APP_SECRET }));
  const { contactId, serviceId, staffId } = salon;
  const time = { serviceId, staffId, startsAt: '2027-03-10T15:00:00.000Z', now: api.now() };
  const offered = await aWaitlistOffer(db, salon.id, {
    ...(given === undefined && { contactId }),
    ...time,
    ...(freedSlotId !== undefined && { freedSlotId }),
  });
  const token = api.deps.hash.linkToken('waitlist_offer', offered.offerId);
  const open = (part = '', init: RequestInit = {}): Promise<Page> => read(`${api.url}/o/${token}${part}`, init);
  const form = async (): Promise<Fields> => hiddenFields(await open());
  return {
    salon,
    ...offered,
    token,
    open,
    form,
    tap: async (part, fields = {}, { form: kept, headers = {} } = {}) =>
      open(part, { method: 'POST', body: new URLSearchParams({ ...(kept ?? (await form())), ...fields }), headers }),
    row: () => withBusiness(db, salon.id, (tx) => findOffer(tx, offered.offerId)),
  };
}
