import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findHours, replaceHours } from '../../db/hours';
import { findLocation, findOnlyLocation } from '../../db/locations';
import { hasUnfinished } from '../../db/open-visits';
import { findStaff, insertStaff, listStaff, retireStaff, updateStaff, type StaffRow } from '../../db/staff';
import type { Tx } from '../../db/tenancy';
import { isAtLeast, ROLES, type Caller, type Role } from '../caller';
import { phoneIn } from '../phone';
import { presentStaff, StaffView } from '../presenters/staff';
import { conflict, forbidden, invalidField } from '../problem';
import { route } from '../route';
import { minutesOf, weeklyHours } from '../weekly-hours';
import { ById, emailIn, id, localeIn, pageOf, pageQueryOfActive, text, toPage, wallTime } from '../wire';

const tag = 'Staff';
const doNotDisturb = z.strictObject({ from: wallTime, to: wallTime });

const createStaff = route(
  {
    method: 'post',
    path: '/staff',
    tag,
    summary: 'Add a member of staff',
    description: 'location_id may be left out while the business has one location.',
    action: 'staff.created',
    role: 'admin',
    body: z.object({
      name: text(120),
      email: emailIn.optional(),
      phone: phoneIn.optional(),
      permission_level: z.enum(ROLES),
      hours: weeklyHours,
      location_id: id.optional(),
      locale: localeIn.default('en'),
      bookable: z.boolean().default(true),
      do_not_disturb: doNotDisturb.nullable().default(null),
    }),
    status: 201,
    response: StaffView,
    problems: ['unknown_reference'],
  },
  async ({ tx, body, caller, now }) => {
    const { hours, doNotDisturb: dnd, email = null, phone = null, locationId, ...rest } = body;
    refuseHigher(caller, rest.permissionLevel);
    const place = await placeOf(tx, locationId);
    const member = await insertStaff(tx, { id: newId(), ...rest, email, phoneE164: phone, locationId: place, ...dndMinutes(dnd), now });
    await replaceHours(tx, 'staff', { ownerId: member.id, hours });
    return withHours(tx, member);
  },
);

const list = route(
  {
    method: 'get',
    path: '/staff',
    tag,
    summary: 'Staff with their hours',
    role: 'viewer',
    query: pageQueryOfActive,
    response: pageOf(StaffView),
  },
  async ({ tx, query: { cursor, limit, includeInactive } }) => {
    const rows = await listStaff(tx, { ...(cursor !== undefined && { after: cursor }), limit: limit + 1, includeInactive });
    const hours = await findHours(
      tx,
      'staff',
      rows.map((row) => row.id),
    );
    return toPage(rows, { limit, present: (row) => presentStaff(row, hours.get(row.id) ?? []), keyOf: (row) => row.id });
  },
);

const getStaff = route(
  { method: 'get', path: '/staff/:id', tag, summary: 'One member of staff', role: 'viewer', params: ById, response: StaffView },
  async ({ tx, params }) => withHours(tx, await findStaff(tx, params.id)),
);

const editStaff = route(
  {
    method: 'patch',
    path: '/staff/:id',
    tag,
    summary: 'Change a member of staff',
    description: 'Hours replace the whole week; visits already booked stay.',
    action: 'staff.updated',
    role: 'admin',
    params: ById,
    body: z.object({
      name: text(120).optional(),
      email: emailIn.nullable().optional(),
      phone: phoneIn.nullable().optional(),
      permission_level: z.enum(ROLES).optional(),
      hours: weeklyHours.optional(),
      location_id: id.optional(),
      locale: localeIn.optional(),
      bookable: z.boolean().optional(),
      do_not_disturb: doNotDisturb.nullable().optional(),
      active: z.literal(true).optional().meta({ description: 'brings back a retired one' }),
    }),
    response: StaffView,
    problems: ['unknown_reference'],
  },
  async ({ tx, params, body, caller, ifVersion, now }) => {
    const { hours, doNotDisturb: dnd, phone, ...fields } = body;
    refuseHigher(caller, (await findStaff(tx, params.id)).permissionLevel);
    if (fields.permissionLevel !== undefined) refuseHigher(caller, fields.permissionLevel);
    const changes = { ...fields, ...(phone !== undefined && { phoneE164: phone }), ...(dnd !== undefined && dndMinutes(dnd)) };
    const member = await updateStaff(tx, { id: params.id, fields: changes, ifVersion, now });
    if (hours) await replaceHours(tx, 'staff', { ownerId: params.id, hours });
    return withHours(tx, member);
  },
);

const deleteStaff = route(
  {
    method: 'delete',
    path: '/staff/:id',
    tag,
    summary: 'Remove a member of staff',
    description: 'Refused while visits lie ahead. One with past visits is kept, inactive.',
    action: 'staff.deleted',
    role: 'admin',
    params: ById,
    status: 204,
    problems: ['has_future_appointments'],
  },
  async ({ tx, params, caller, now }) => {
    refuseHigher(caller, (await findStaff(tx, params.id)).permissionLevel);
    if (await hasUnfinished(tx, { staffId: params.id, now })) throw conflict('has_future_appointments');
    await retireStaff(tx, { id: params.id, now });
  },
);

/** Nobody makes, changes or removes somebody above themselves. */
function refuseHigher({ role }: Caller, level: Role): void {
  if (!isAtLeast(role, level)) throw forbidden('forbidden', { needs: level });
}

async function placeOf(tx: Tx, locationId: string | undefined): Promise<string> {
  if (locationId !== undefined) return (await findLocation(tx, locationId)).id;
  const only = await findOnlyLocation(tx);
  if (!only) throw invalidField('location_id', 'is needed: the business does not have exactly one location');
  return only.id;
}

const dndMinutes = (dnd: { from: string; to: string } | null) => ({
  dndStartMinute: dnd === null ? null : minutesOf(dnd.from) % 1440,
  dndEndMinute: dnd === null ? null : minutesOf(dnd.to) % 1440,
});

async function withHours(tx: Tx, member: StaffRow) {
  return presentStaff(member, (await findHours(tx, 'staff', [member.id])).get(member.id) ?? []);
}

export const staffRoutes = [createStaff, list, getStaff, editStaff, deleteStaff];
