import { z } from 'zod';
import { findAppointment } from '../../db/appointments';
import { findService } from '../../db/services';
import { findSlotFacts } from '../../db/slot-facts';
import type { Tx } from '../../db/tenancy';
import { findOfferLine, listOffers } from '../../db/waitlist-offers';
import type { Locale } from '../../domain/message';
import { DAY_MS, MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import { hasLead, openingAt } from '../../domain/waitlist';
import { offerFreed, type Freed } from '../freed-slots';
import { FreedSlotView, OFFER_STATUSES, OfferView, presentFreedSlot, presentOffer } from '../presenters/waitlist';
import { conflict, invalid, invalidField } from '../problem';
import { route } from '../route';
import { acceptOffer, declineOffer, type Answered } from '../waitlist';
import { ById, id, instantIn, pageOf, pageQueryById, toPage } from '../wire';

const tag = 'Waitlist';

const triggerCancellation = route(
  {
    method: 'post',
    path: '/notify-list/trigger-cancellation',
    tag,
    summary: 'Offer a freed time to the waitlist',
    description:
      'A visit that was cancelled or moved is offered by itself; this is for times that were freed elsewhere, or to try again. Either appointment_id, or ' +
      'service_id with start_ts and end_ts. Offers go out one after the other: the answer holds those made so far.',
    action: 'waitlist.triggered',
    role: 'staff',
    body: z
      .object({
        appointment_id: id.optional(),
        service_id: id.optional(),
        staff_id: id.optional(),
        start_ts: instantIn.optional(),
        end_ts: instantIn.optional(),
      })
      .meta({ example: { appointment_id: '<appointment_id>' } }),
    status: 202,
    response: z.object({ freed_slot: FreedSlotView, offers: z.array(OfferView) }),
    problems: ['waitlist.slot_not_free', 'waitlist.too_close', 'unknown_reference'],
  },
  async ({ tx, body: { appointmentId, ...time }, now, from }) => {
    const freed = appointmentId === undefined ? await timeOf(tx, time, now) : await timeOfVisit(tx, appointmentId, now);
    if (!hasLead(freed, now)) throw invalid('waitlist.too_close');
    if (!(await isFree(tx, freed))) throw conflict('waitlist.slot_not_free');
    const slot = await offerFreed(tx, freed);
    const lines = await listOffers(tx, { freedSlotId: slot.id, limit: 100 });
    const freedSlot = presentFreedSlot(slot, lines, from.locale);
    return { freedSlot, offers: freedSlot.offers };
  },
);

async function timeOfVisit(tx: Tx, appointmentId: string, now: Instant): Promise<Freed> {
  const { serviceId, staffId, startsAt, endsAt } = await findAppointment(tx, appointmentId);
  return { serviceId, staffId, startsAt, endsAt, appointmentId, cause: 'asked', now };
}

type Time = { serviceId?: string | undefined; staffId?: string | undefined; startTs?: Instant | undefined; endTs?: Instant | undefined };

async function timeOf(tx: Tx, { serviceId, staffId, startTs, endTs }: Time, now: Instant): Promise<Freed> {
  if (serviceId === undefined) throw invalidField('service_id', 'is needed, or appointment_id');
  if (startTs === undefined) throw invalidField('start_ts', 'is needed, or appointment_id');
  if (endTs === undefined) throw invalidField('end_ts', 'is needed, or appointment_id');
  const { durationMin } = await findService(tx, serviceId);
  const endsAt = plusMs(startTs, durationMin * MINUTE_MS);
  if (endTs < endsAt) throw invalidField('end_ts', `the service takes ${durationMin} minutes`);
  return { serviceId, staffId: staffId ?? null, startsAt: startTs, endsAt, appointmentId: null, cause: 'asked', now };
}

async function isFree(tx: Tx, { serviceId, staffId, startsAt, now }: Freed): Promise<boolean> {
  const facts = await findSlotFacts(tx, { serviceId, staffId, from: startsAt, to: plusMs(startsAt, DAY_MS), now, ignoreId: null });
  return openingAt(facts, { serviceId, startsAt, now }) !== null;
}

const list = route(
  {
    method: 'get',
    path: '/waitlist-offers',
    tag,
    summary: 'Who was asked, who was passed over, and what came of it, newest first',
    role: 'viewer',
    query: z.object({
      freed_slot_id: id.optional(),
      entry_id: id.optional(),
      contact_id: id.optional(),
      status: z.enum(OFFER_STATUSES).optional(),
      ...pageQueryById,
    }),
    response: pageOf(OfferView),
  },
  async ({ tx, query: { cursor, limit, ...filter }, from }) => {
    const rows = await listOffers(tx, { ...filter, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: (row) => presentOffer(row, from.locale), keyOf: (row) => row.id });
  },
);

const getOffer = route(
  { method: 'get', path: '/waitlist-offers/:id', tag, summary: 'One offer', role: 'viewer', params: ById, response: OfferView },
  async ({ tx, params, from }) => presentOffer(await findOfferLine(tx, params.id), from.locale),
);

const accept = route(
  {
    method: 'post',
    path: '/waitlist-offers/:id/accept',
    tag,
    summary: 'Take an offer for the person: books the visit',
    description: 'The first to take it has it. Whoever was too late is answered with the offer as lost.',
    action: 'waitlist_offer.accepted',
    role: 'staff',
    params: ById,
    response: OfferView,
    problems: ['waitlist.offer_ended'],
  },
  async ({ tx, params, now, from, deps }) => {
    const answered = await acceptOffer(tx, { offerId: params.id, by: 'staff', now }, deps);
    return afterAnswer(tx, { offerId: params.id, answered, wanted: 'accepted', locale: from.locale });
  },
);

const decline = route(
  {
    method: 'post',
    path: '/waitlist-offers/:id/decline',
    tag,
    summary: 'Let an offer pass for the person: the next one is asked at once',
    action: 'waitlist_offer.declined',
    role: 'staff',
    params: ById,
    response: OfferView,
    problems: ['waitlist.offer_ended'],
  },
  async ({ tx, params, now, from }) => {
    const answered = await declineOffer(tx, { offerId: params.id, now });
    return afterAnswer(tx, { offerId: params.id, answered, wanted: 'declined', locale: from.locale });
  },
);

type After = { offerId: string; answered: Answered; wanted: 'accepted' | 'declined'; locale: Locale };

/** The same answer twice is answered twice. An offer that was just lost says so in its own status, which a refusal would roll back. */
async function afterAnswer(tx: Tx, { offerId, answered, wanted, locale }: After) {
  const isRepeat = answered.kind === 'ended' && answered.status === wanted;
  if (answered.kind !== wanted && answered.kind !== 'lost' && !isRepeat) throw conflict('waitlist.offer_ended');
  return presentOffer(await findOfferLine(tx, offerId), locale);
}

export const waitlistOfferRoutes = [triggerCancellation, list, getOffer, accept, decline];
