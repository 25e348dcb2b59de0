import type { Channel, Locale, MessageStatus, Reason } from '../domain/message';
import type { OfferStatus } from '../domain/waitlist-offer';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';
import type { EntryStatus } from './waitlist';

export type OfferRow = {
  id: string;
  freedSlotId: string;
  entryId: string;
  contactId: string;
  messageId: string | null;
  /** The visit booked by it. */
  appointmentId: string | null;
  status: OfferStatus;
  reason: Reason | null;
  askedAt: Instant | null;
  expiresAt: Instant | null;
  closedAt: Instant | null;
  createdAt: Instant;
};

export type NewOffer = Pick<OfferRow, 'id' | 'freedSlotId' | 'entryId' | 'contactId' | 'expiresAt'> & { now: Instant };

/** Makes an offer. False: the person was asked about this slot before, or has another offer open just now. */
export async function insertOffer(tx: Tx, { now, ...row }: NewOffer): Promise<boolean> {
  const rows = await tx('waitlistOffers')
    .insert({ businessId: tx.raw('current_business()'), ...row, status: 'offered', createdAt: now })
    .onConflict()
    .ignore()
    .returning<{ id: string }[]>('id');
  return rows.length > 0;
}

/** Which message carries the offer. */
export async function noteMessage(tx: Tx, { id, messageId }: { id: string; messageId: string }): Promise<void> {
  await tx('waitlistOffers').where({ id }).update({ messageId });
}

export type PassedOver = Pick<OfferRow, 'id' | 'freedSlotId' | 'entryId' | 'contactId' | 'reason'> & { now: Instant };

/** Notes that somebody was not asked, and why. */
export async function insertPassedOver(tx: Tx, { now, ...row }: PassedOver): Promise<void> {
  await tx('waitlistOffers')
    .insert({ businessId: tx.raw('current_business()'), ...row, status: 'passed_over', closedAt: now, createdAt: now })
    .onConflict()
    .ignore();
}

/** Throws RowMissing. */
export async function findOffer(tx: Tx, id: string): Promise<OfferRow> {
  return one('waitlist offer', await tx('waitlistOffers').where({ id }).select<OfferRow[]>('*'));
}

/** Whether an offer still waits for its answer. */
export const isOffered = async (tx: Tx, id: string): Promise<boolean> => (await findOffer(tx, id)).status === 'offered';

export type OfferWithMessage = OfferRow & {
  messageStatus: MessageStatus;
  messageReason: Reason | null;
  messageChannel: Channel;
  /** The message that it began with, when another channel was taken since. */
  firstMessageId: string;
  messageSendAt: Instant;
  messageSentAt: Instant | null;
};

/** The open offers of a slot, each with its message as it stands. */
export async function findOpenOffers(tx: Tx, freedSlotId: string): Promise<OfferWithMessage[]> {
  const { rows } = await tx.raw<{ rows: OfferWithMessage[] }>(
    `select o.*, m.status as message_status, m.reason as message_reason, m.channel as message_channel, m.send_at as message_send_at,
       m.sent_at as message_sent_at, coalesce(m.first_id, m.id) as first_message_id
     from waitlist_offers o join messages m on m.id = o.message_id
     where o.freed_slot_id = ? and o.status = 'offered' order by o.id`,
    [freedSlotId],
  );
  return rows;
}

/** Which of these messages carry an offer that is still open, and for which slot. */
export async function findOffersCarried(tx: Tx, messageIds: string[]): Promise<{ messageId: string; freedSlotId: string }[]> {
  return tx('waitlistOffers')
    .whereIn('messageId', messageIds)
    .where({ status: 'offered' })
    .orderBy('freedSlotId')
    .select<{ messageId: string; freedSlotId: string }[]>('messageId', 'freedSlotId');
}

/** It was sent: from then on it runs. */
export async function noteWindow(tx: Tx, { id, askedAt, expiresAt }: { id: string; askedAt: Instant; expiresAt: Instant }): Promise<void> {
  await tx('waitlistOffers').where({ id, status: 'offered' }).update({ askedAt, expiresAt });
}

export type ClosedOffer = { id: string; status: OfferStatus; reason?: Reason | null; appointmentId?: string; now: Instant };

/** Ends an open offer, once: answers whether this was its end. */
export async function closeOffer(tx: Tx, { id, now, ...end }: ClosedOffer): Promise<boolean> {
  const changed = await tx('waitlistOffers')
    .where({ id, status: 'offered' })
    .update({ ...end, closedAt: now });
  return changed > 0;
}

/** The offers that an entry, or a person, has open. */
export async function findOpenOffersOf(tx: Tx, of: { entryId: string } | { contactId: string }): Promise<OfferRow[]> {
  return tx('waitlistOffers')
    .where({ ...of, status: 'offered' })
    .orderBy('id')
    .select<OfferRow[]>('*');
}

/** Offers that these people have not answered yet, with the time that is offered (R40). */
export async function findOfferQuestions(tx: Tx, contactIds: string[]): Promise<{ offerId: string; startsAt: Instant }[]> {
  return tx('waitlistOffers as o')
    .join('freedSlots as f', 'f.id', 'o.freedSlotId')
    .whereIn('o.contactId', contactIds)
    .where({ 'o.status': 'offered' })
    .orderBy('f.startsAt')
    .select<{ offerId: string; startsAt: Instant }[]>('o.id as offerId', 'f.startsAt');
}

export type OfferPage = {
  freedSlotId?: string;
  entryId?: string;
  contactId?: string;
  status?: OfferStatus;
  before?: string;
  limit: number;
};

export type OfferLine = OfferRow & { serviceId: string; staffId: string | null; startsAt: Instant; endsAt: Instant };

/** Newest first, by pages. */
export async function listOffers(tx: Tx, { before, limit, ...filter }: OfferPage): Promise<OfferLine[]> {
  const query = tx('waitlistOffers as o').join('freedSlots as f', 'f.id', 'o.freedSlotId').orderBy('o.id', 'desc').limit(limit);
  for (const [key, value] of Object.entries(filter)) void query.where({ [`o.${key}`]: value });
  if (before !== undefined) void query.where('o.id', '<', before);
  return query.select<OfferLine[]>('o.*', 'f.serviceId', 'f.staffId', 'f.startsAt', 'f.endsAt');
}

/** Throws RowMissing. */
export async function findOfferLine(tx: Tx, id: string): Promise<OfferLine> {
  const query = tx('waitlistOffers as o').join('freedSlots as f', 'f.id', 'o.freedSlotId').where({ 'o.id': id });
  return one('waitlist offer', await query.select<OfferLine[]>('o.*', 'f.serviceId', 'f.staffId', 'f.startsAt', 'f.endsAt'));
}

/** An offer with what it offers, in words and times, and whose it is: what its message and its page show. `zone` is the venue's. */
export type LinkedOffer = {
  id: string;
  status: OfferStatus;
  expiresAt: Instant | null;
  appointmentId: string | null;
  entryId: string;
  entryStatus: EntryStatus;
  serviceId: string;
  serviceName: string;
  staffId: string | null;
  staffName: string | null;
  locationName: string;
  address: string | null;
  zone: string;
  startsAt: Instant;
  endsAt: Instant;
  businessName: string;
  /** For calls: the location's own number, else the business's. */
  phone: string | null;
  contactId: string;
  contactLocale: Locale;
  contactZone: string | null;
  contactPostalCode: string | null;
  contactPhone: string | null;
};

/** In one trip and without a lock. The place is the member of staff's, or the first where the service is given. Throws RowMissing. */
export async function findLinkedOffer(tx: Tx, offerId: string): Promise<LinkedOffer> {
  const { rows } = await tx.raw<{ rows: LinkedOffer[] }>(
    `select o.id, o.status, o.expires_at, o.appointment_id, o.entry_id, e.status as entry_status, f.service_id, v.name as service_name, s.id as staff_id,
       s.name as staff_name, l.name as location_name, l.address, l.zone, f.starts_at, f.ends_at, b.name as business_name, coalesce(l.phone, b.phone) as phone,
       c.id as contact_id, c.locale as contact_locale, c.zone as contact_zone, c.postal_code as contact_postal_code, c.phone_e164 as contact_phone
     from waitlist_offers o
     join businesses b on b.id = o.business_id
     join contacts c on c.id = o.contact_id
     join freed_slots f on f.id = o.freed_slot_id
     join services v on v.id = f.service_id
     join waitlist_entries e on e.id = o.entry_id
     left join staff s on s.id = coalesce(f.staff_id, e.staff_id)
     join locations l on l.id = coalesce(s.location_id,
       (select m.location_id from service_staff ss join staff m on m.id = ss.staff_id where ss.service_id = v.id order by m.location_id limit 1))
     where o.id = ?`,
    [offerId],
  );
  return one('waitlist offer', rows);
}
