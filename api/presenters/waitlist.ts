import { z } from 'zod';
import type { FreedSlotRow } from '../../db/freed-slots';
import type { EntryRow } from '../../db/waitlist';
import type { OfferLine } from '../../db/waitlist-offers';
import { assertNever } from '../../domain/assert-never';
import type { Locale } from '../../domain/message';
import { REASONS } from '../../domain/reasons';
import { id, instantOut, wallTime } from '../wire';

export const PREFERENCES = ['soonest', 'anytime'] as const;
export const ENTRY_STATUSES = ['active', 'booked', 'removed', 'expired'] as const;
export const OFFER_STATUSES = ['offered', 'accepted', 'declined', 'ignored', 'withdrawn', 'lost', 'passed_over'] as const;

const date = z.iso.date().meta({ example: '2027-03-16' });

export const EntryView = z
  .object({
    id,
    contact_id: id,
    service_id: id,
    staff_id: id.nullable(),
    weekdays: z.array(z.int()).meta({ description: '1 (Monday) to 7; empty: any day' }),
    windows: z.array(z.object({ from: wallTime, to: wallTime })).meta({ description: "the venue's local times; empty: any time" }),
    earliest_date: date.nullable(),
    latest_date: date.nullable(),
    preference: z.enum(PREFERENCES).meta({ description: 'soonest: a time within two weeks; anytime: whenever there is one' }),
    status: z.enum(ENTRY_STATUSES),
    removed_reason: z.enum(['ignored', 'staff', 'contact']).nullable(),
    ignored_count: z.int().meta({ description: 'offers without an answer; three take the person off the list' }),
    last_asked_at: instantOut.nullable(),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'WaitlistEntry' });

/** `today` is the business's local date: an entry whose last day is over has expired. */
export const presentEntry = (row: EntryRow, today: string) => ({
  id: row.id,
  contactId: row.contactId,
  serviceId: row.serviceId,
  staffId: row.staffId,
  weekdays: row.weekdays,
  windows: row.windows,
  earliestDate: row.earliestOn,
  latestDate: row.latestOn,
  preference: row.preference,
  status: row.status === 'active' && row.latestOn !== null && row.latestOn < today ? ('expired' as const) : row.status,
  removedReason: row.removedReason,
  ignoredCount: row.ignoredCount,
  lastAskedAt: row.lastAskedAt,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export const OfferView = z
  .object({
    id,
    freed_slot_id: id,
    entry_id: id,
    contact_id: id,
    service_id: id,
    staff_id: id.nullable().meta({ description: 'null: whoever gives the service then' }),
    start_ts: instantOut,
    end_ts: instantOut,
    status: z.enum(OFFER_STATUSES),
    reason: z.string().nullable(),
    explanation: z.string().meta({ description: "what became of it and why, in the caller's language" }),
    asked_at: instantOut.nullable(),
    expires_at: instantOut.nullable(),
    closed_at: instantOut.nullable(),
    message_id: id.nullable(),
    appointment_id: id.nullable().meta({ description: 'the visit booked by it' }),
    created_at: instantOut,
  })
  .meta({ id: 'WaitlistOffer' });

export const presentOffer = (row: OfferLine, locale: Locale) => ({
  id: row.id,
  freedSlotId: row.freedSlotId,
  entryId: row.entryId,
  contactId: row.contactId,
  serviceId: row.serviceId,
  staffId: row.staffId,
  startTs: row.startsAt,
  endTs: row.endsAt,
  status: row.status,
  reason: row.reason,
  explanation: explainOffer(row, locale),
  askedAt: row.askedAt,
  expiresAt: row.expiresAt,
  closedAt: row.closedAt,
  messageId: row.messageId,
  appointmentId: row.appointmentId,
  createdAt: row.createdAt,
});

/** One sentence for a person: what became of an offer. */
export function explainOffer({ status, reason }: Pick<OfferLine, 'status' | 'reason'>, locale: Locale): string {
  const words = WORDS[locale];
  switch (status) {
    case 'passed_over':
      return reason === null ? words.notReached : words.passedOver(REASONS[reason].because[locale]);
    case 'offered':
    case 'accepted':
    case 'declined':
    case 'ignored':
    case 'withdrawn':
    case 'lost':
      return words[status];
    default:
      return assertNever(status);
  }
}

const WORDS = {
  en: {
    offered: 'Waits for an answer.',
    accepted: 'Taken: the visit is booked.',
    declined: 'The person let it pass.',
    ignored: 'Nobody answered within half an hour.',
    withdrawn: 'Withdrawn: the time was taken or given back.',
    lost: 'Somebody else was faster.',
    passedOver: (why: string) => `Not asked, because ${why}.`,
    notReached: 'Did not reach the person.',
  },
  es: {
    offered: 'Espera respuesta.',
    accepted: 'Tomada: la cita queda reservada.',
    declined: 'La persona la dejó pasar.',
    ignored: 'Nadie respondió en media hora.',
    withdrawn: 'Retirada: la hora se ocupó o ya no se ofrece.',
    lost: 'Otra persona respondió antes.',
    passedOver: (why: string) => `No se le preguntó, porque ${why}.`,
    notReached: 'No le llegó a la persona.',
  },
};

export const FreedSlotView = z
  .object({
    id,
    service_id: id,
    staff_id: id.nullable(),
    start_ts: instantOut,
    end_ts: instantOut,
    cause: z.enum(['cancelled', 'moved', 'time_off', 'asked']),
    status: z.enum(['open', 'filled', 'taken', 'too_close', 'nobody']),
    offers: z.array(OfferView).meta({ description: 'so far: they go out one after the other' }),
  })
  .meta({ id: 'FreedSlot' });

export const presentFreedSlot = (row: FreedSlotRow, offers: OfferLine[], locale: Locale) => ({
  id: row.id,
  serviceId: row.serviceId,
  staffId: row.staffId,
  startTs: row.startsAt,
  endTs: row.endsAt,
  cause: row.cause,
  status: row.status,
  offers: offers.map((offer) => presentOffer(offer, locale)),
});
