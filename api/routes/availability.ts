import { v7 as newId } from 'uuid';
import { z } from 'zod';
import {
  countVisitsWithin,
  deleteAbsence,
  findAbsence,
  insertAbsence,
  listAbsences,
  updateAbsence,
  type AbsenceRow,
} from '../../db/availability';
import { findLocation } from '../../db/locations';
import { findStaff } from '../../db/staff';
import type { Tx } from '../../db/tenancy';
import { DAY_MS, type Instant } from '../../domain/time';
import { noteTaken } from '../freed-slots';
import { AbsenceView, presentAbsence } from '../presenters/absence';
import { invalidField } from '../problem';
import { route } from '../route';
import { noteGivenBack } from '../time-given-back';
import { ById, id, instantIn, momentIn, pageOf, pageQuery, resolveMoment, text, toPage } from '../wire';

const tag = 'Availability';
const NewAbsenceView = AbsenceView.extend({ affected_appointments: z.int() }).meta({ id: 'NewAbsence' });
const LONGEST_MS = 2 * 366 * DAY_MS;

const createAbsence = route(
  {
    method: 'post',
    path: '/availability',
    tag,
    summary: 'Block time: time off of a member of staff (staff_id) or a closure of a location (location_id)',
    description:
      'A local time without offset is read on the clock of the place. Visits already booked stay; affected_appointments says how many lie within.',
    action: 'absence.created',
    role: 'staff',
    body: z
      .object({
        staff_id: id.optional(),
        location_id: id.optional(),
        start_ts: momentIn,
        end_ts: momentIn,
        reason: text(200).optional(),
      })
      .meta({ example: { staff_id: '<staff_id>', start_ts: '2027-03-16T12:00', end_ts: '2027-03-16T17:00', reason: 'dentist' } }),
    status: 201,
    response: NewAbsenceView,
    problems: ['local_time_missing', 'local_time_twice', 'unknown_reference'],
  },
  async ({ tx, body: { staffId = null, locationId = null, startTs, endTs, reason = null }, now }) => {
    const { kind, zone } = await subjectOf(tx, staffId, locationId);
    const [startsAt, endsAt] = [resolveMoment(startTs, zone, 'start_ts'), resolveMoment(endTs, zone, 'end_ts')];
    checkSpan(startsAt, endsAt);
    const absence: AbsenceRow = { id: newId(), kind, staffId, locationId, startsAt, endsAt, reason };
    await insertAbsence(tx, absence);
    await noteTaken(tx, { ...absence, now });
    return { ...presentAbsence(absence), affectedAppointments: await countVisitsWithin(tx, absence) };
  },
);

function checkSpan(startsAt: Instant, endsAt: Instant): void {
  if (endsAt <= startsAt) throw invalidField('end_ts', 'must be later than start_ts');
  if (Date.parse(endsAt) - Date.parse(startsAt) > LONGEST_MS) throw invalidField('end_ts', 'at most two years');
}

/** Whose time it is, and on whose clock. One of the two ids. */
async function subjectOf(tx: Tx, staffId: string | null, locationId: string | null): Promise<{ kind: AbsenceRow['kind']; zone: string }> {
  if ((staffId === null) === (locationId === null)) throw invalidField('staff_id', 'either staff_id or location_id');
  const place = staffId === null ? locationId : (await findStaff(tx, staffId)).locationId;
  const { zone } = await findLocation(tx, place ?? '');
  return { kind: staffId === null ? 'closure' : 'time_off', zone };
}

const list = route(
  {
    method: 'get',
    path: '/availability',
    tag,
    summary: 'Time off and closures, by start',
    role: 'viewer',
    query: z.object({
      staff_id: id.optional(),
      location_id: id.optional(),
      from: instantIn.optional(),
      to: instantIn.optional(),
      ...pageQuery(z.object({ startsAt: z.iso.datetime(), id })),
    }),
    response: pageOf(AbsenceView),
  },
  async ({ tx, query: { cursor, limit, ...filter } }) => {
    const rows = await listAbsences(tx, { ...filter, ...(cursor && { after: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: presentAbsence, keyOf: ({ startsAt, id: key }) => ({ startsAt, id: key }) });
  },
);

const getAbsence = route(
  { method: 'get', path: '/availability/:id', tag, summary: 'One of them', role: 'viewer', params: ById, response: AbsenceView },
  async ({ tx, params }) => presentAbsence(await findAbsence(tx, params.id)),
);

const editAbsence = route(
  {
    method: 'patch',
    path: '/availability/:id',
    tag,
    summary: 'Move it, or say why',
    action: 'absence.updated',
    role: 'staff',
    params: ById,
    body: z.object({ start_ts: momentIn.optional(), end_ts: momentIn.optional(), reason: text(200).nullable().optional() }),
    response: NewAbsenceView,
    problems: ['local_time_missing', 'local_time_twice'],
  },
  async ({ tx, params, body: { startTs, endTs, reason } }) => {
    const before = await findAbsence(tx, params.id);
    const { zone } = await subjectOf(tx, before.staffId, before.locationId);
    const startsAt = startTs ? resolveMoment(startTs, zone, 'start_ts') : before.startsAt;
    const endsAt = endTs ? resolveMoment(endTs, zone, 'end_ts') : before.endsAt;
    checkSpan(startsAt, endsAt);
    const after = await updateAbsence(tx, params.id, { startsAt, endsAt, ...(reason !== undefined && { reason }) });
    return { ...presentAbsence(after), affectedAppointments: await countVisitsWithin(tx, after) };
  },
);

const deleteOne = route(
  {
    method: 'delete',
    path: '/availability/:id',
    tag,
    summary: 'Give the time back',
    description: 'What can be booked again is offered to the waitlist.',
    action: 'absence.deleted',
    role: 'staff',
    params: ById,
    status: 204,
  },
  async ({ tx, params, now }) => {
    const absence = await findAbsence(tx, params.id);
    await deleteAbsence(tx, params.id);
    await noteGivenBack(tx, absence, now);
  },
);

export const availabilityRoutes = [createAbsence, list, getAbsence, editAbsence, deleteOne];
