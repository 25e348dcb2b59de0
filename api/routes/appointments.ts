import { z } from 'zod';
import { changeAppointment, findAppointment, findAppointmentResources, listAppointments } from '../../db/appointments';
import { listAppointmentMessages } from '../../db/messages';
import type { Instant } from '../../domain/time';
import { book, bookHold, reschedule } from '../booking';
import { AppointmentStatusView, AppointmentView, presentAppointment } from '../presenters/appointment';
import { MessageView, presentMessage } from '../presenters/message';
import { snakeKeys } from '../naming';
import { invalidField } from '../problem';
import { route } from '../route';
import { ById, id, instantIn, momentIn, pageOf, pageQuery, resolveMoment, text, toPage } from '../wire';
import { bookingBody, bookingInput, byIn, findVersion, knownStaff, resourcesOf, sourceIn } from './booking-body';

const tag = 'Appointments';

const createAppointment = route(
  {
    method: 'post',
    path: '/appointments',
    tag,
    summary: 'Book a visit, or a hold',
    description:
      'Without staff_id whoever is free and whose turn it is. A slot that is taken answers 409 with the next free ones. A walk-in (source walk_in) without start_ts begins at this minute.',
    action: 'appointment.booked',
    role: 'staff',
    body: bookingBody
      .partial()
      .extend({ hold_id: id.optional(), source: sourceIn.optional() })
      .meta({ example: { contact_id: '<contact_id>', service_id: '<service_id>', start_ts: '2027-03-16T10:00:00-04:00' } }),
    status: 201,
    response: AppointmentView,
    problems: ['conflict', 'hold_expired', 'appointment.in_the_past', 'local_time_missing', 'local_time_twice', 'unknown_reference'],
  },
  async (call) => {
    const { tx, now, body, deps } = call;
    const { holdId, ...rest } = body;
    const booked =
      holdId === undefined
        ? await book(tx, await bookingInput({ tx, now, body: complete(rest, now) }), deps)
        : await bookHold(tx, { id: holdId, ...aboutHold(rest), now }, deps);
    return presentAppointment(booked, await resourcesOf(tx, booked.id));
  },
);

type Asked = Parameters<typeof bookingInput>[0]['body'];

/** Visits begin on a whole minute. */
const thisMinute = (now: Instant): { at: Instant } => ({ at: `${now.slice(0, 16)}:00.000Z` });

/** Without a hold the three facts of a booking are needed; of a walk-in two, so that the same request a minute later is still the same. */
function complete({ contactId, serviceId, source, ...rest }: Partial<Asked>, now: Instant): Asked {
  const startTs = rest.startTs ?? (source === 'walk_in' ? thisMinute(now) : undefined);
  if (contactId === undefined) throw invalidField('contact_id', 'is needed, or hold_id');
  if (serviceId === undefined) throw invalidField('service_id', 'is needed, or hold_id');
  if (startTs === undefined) throw invalidField('start_ts', 'is needed, or hold_id');
  return { ...rest, contactId, serviceId, startTs, source: source ?? 'api' };
}

/** What may still be said of a hold when it is booked. Its service, staff and times stand. */
function aboutHold({
  contactId,
  source,
  externalRef,
  note,
  by,
  ...fixed
}: Partial<Asked>): Omit<Parameters<typeof bookHold>[1], 'id' | 'now'> {
  const [field] = Object.entries(snakeKeys(fixed) as object).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (field !== undefined) throw invalidField(field, 'belongs to the hold and cannot be given again');
  const given = { contactId, source, externalRef, note };
  return { by: by ?? null, about: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

const listAll = route(
  {
    method: 'get',
    path: '/appointments',
    tag,
    summary: 'Visits by start',
    role: 'viewer',
    query: z.object({
      contact_id: id.optional(),
      staff_id: id.optional(),
      status: AppointmentStatusView.optional(),
      from: instantIn.optional(),
      to: instantIn.optional(),
      ...pageQuery(z.object({ startsAt: z.iso.datetime(), id: z.uuid() })),
    }),
    response: pageOf(AppointmentView),
  },
  async ({ query: { cursor, limit, ...filter }, tx }) => {
    const rows = await listAppointments(tx, { ...filter, ...(cursor && { after: cursor }), limit: limit + 1 });
    const resources = await findAppointmentResources(
      tx,
      rows.map((row) => row.id),
    );
    return toPage(rows, {
      limit,
      present: (row) => presentAppointment(row, resources.get(row.id) ?? []),
      keyOf: ({ startsAt, id: key }) => ({ startsAt, id: key }),
    });
  },
);

const getOne = route(
  { method: 'get', path: '/appointments/:id', tag, summary: 'One visit', role: 'viewer', params: ById, response: AppointmentView },
  async ({ params, tx }) => presentAppointment(await findAppointment(tx, params.id), await resourcesOf(tx, params.id)),
);

const updateOne = route(
  {
    method: 'patch',
    path: '/appointments/:id',
    tag,
    summary: 'Edit the note or the external reference, or move the visit',
    action: 'appointment.edited',
    role: 'staff',
    params: ById,
    body: z.object({
      start_ts: momentIn.optional(),
      staff_id: id.optional(),
      note: text(2_000).nullable().optional(),
      external_ref: text(200).nullable().optional(),
      by: byIn.optional(),
    }),
    response: AppointmentView,
    problems: ['conflict', 'appointment.in_the_past', 'unknown_reference'],
  },
  async ({ params, body: { startTs, staffId, by, ...edit }, ifVersion, tx, now }) => {
    const before = await findVersion(tx, params.id, ifVersion);
    await knownStaff(tx, staffId);
    const edited = Object.keys(edit).length === 0 ? before : await changeAppointment(tx, params.id, { ...edit, now });
    const moves = startTs !== undefined || staffId !== undefined;
    const startsAt = startTs === undefined ? before.startsAt : resolveMoment(startTs, before.zone, 'start_ts');
    const after = moves ? await reschedule(tx, { id: params.id, startsAt, staffId: staffId ?? null, by: by ?? 'api', now }) : edited;
    return presentAppointment(after, await resourcesOf(tx, params.id));
  },
);

const rescheduleOne = route(
  {
    method: 'post',
    path: '/appointments/:id/reschedule',
    tag,
    summary: 'Move a visit; its reminders move with it',
    description: 'If the new slot is taken the visit stays where it was and the answer is 409 with the next free slots.',
    action: 'appointment.rescheduled',
    role: 'staff',
    params: ById,
    body: z.object({ start_ts: momentIn, staff_id: id.optional(), by: byIn.optional() }),
    response: AppointmentView,
    problems: ['conflict', 'appointment.in_the_past', 'unknown_reference'],
  },
  async ({ params, body, ifVersion, tx, now }) => {
    const { zone } = await findVersion(tx, params.id, ifVersion);
    await knownStaff(tx, body.staffId);
    const startsAt = resolveMoment(body.startTs, zone, 'start_ts');
    const moved = await reschedule(tx, { id: params.id, startsAt, staffId: body.staffId ?? null, by: body.by ?? 'api', now });
    return presentAppointment(moved, await resourcesOf(tx, params.id));
  },
);

const listMessagesOfOne = route(
  {
    method: 'get',
    path: '/appointments/:id/messages',
    tag,
    summary: 'Every message of a visit, planned ones included, with what will happen and why',
    role: 'viewer',
    params: ById,
    response: z.object({ messages: z.array(MessageView) }),
  },
  async ({ params, tx, now, from }) => {
    const { zone } = await findAppointment(tx, params.id);
    const rows = await listAppointmentMessages(tx, params.id);
    return { messages: rows.map((row) => presentMessage(row, { now, locale: from.locale, zone })) };
  },
);

export const appointmentRoutes = [createAppointment, listAll, getOne, updateOne, rescheduleOne, listMessagesOfOne];
