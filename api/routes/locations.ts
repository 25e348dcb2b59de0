import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findBusiness } from '../../db/businesses';
import { findHours, replaceHours } from '../../db/hours';
import {
  findLocation,
  insertLocation,
  isLocationInUse,
  listLocations,
  retireLocation,
  updateLocation,
  type LocationRow,
} from '../../db/locations';
import { hasUnfinished } from '../../db/open-visits';
import type { Tx } from '../../db/tenancy';
import { phoneIn } from '../phone';
import { LocationView, presentLocation } from '../presenters/location';
import { conflict } from '../problem';
import { replanInZone } from '../replan';
import { route } from '../route';
import { weeklyHours } from '../weekly-hours';
import { ById, pageOf, pageQueryOfActive, text, toPage, zoneIn } from '../wire';

const tag = 'Locations';

const createLocation = route(
  {
    method: 'post',
    path: '/locations',
    tag,
    summary: 'Add a location',
    description: "Without a zone it takes the business's. It is closed until it has hours.",
    action: 'location.created',
    role: 'admin',
    body: z.object({
      name: text(120),
      address: text(300).optional(),
      phone: phoneIn.optional(),
      zone: zoneIn.optional(),
      hours: weeklyHours.default([]),
    }),
    status: 201,
    response: LocationView,
  },
  async ({ tx, body: { hours, name, address = null, phone = null, ...body }, caller, now }) => {
    const zone = body.zone ?? (await findBusiness(tx, caller.businessId)).zone;
    const location = await insertLocation(tx, { id: newId(), name, address, phone, zone, now });
    await replaceHours(tx, 'location', { ownerId: location.id, hours });
    return withHours(tx, location);
  },
);

const list = route(
  {
    method: 'get',
    path: '/locations',
    tag,
    summary: 'Locations with their hours',
    role: 'viewer',
    query: pageQueryOfActive,
    response: pageOf(LocationView),
  },
  async ({ tx, query: { cursor, limit, includeInactive } }) => {
    const rows = await listLocations(tx, { ...(cursor !== undefined && { after: cursor }), limit: limit + 1, includeInactive });
    const hours = await findHours(
      tx,
      'location',
      rows.map(({ id }) => id),
    );
    return toPage(rows, { limit, present: (row) => presentLocation(row, hours.get(row.id) ?? []), keyOf: (row) => row.id });
  },
);

const getLocation = route(
  { method: 'get', path: '/locations/:id', tag, summary: 'One location', role: 'viewer', params: ById, response: LocationView },
  async ({ tx, params }) => withHours(tx, await findLocation(tx, params.id)),
);

const editLocation = route(
  {
    method: 'patch',
    path: '/locations/:id',
    tag,
    summary: 'Change a location',
    description:
      'Hours replace the whole week; visits already booked stay. A new zone is a new schedule for every visit ahead: their people are told the local time anew.',
    action: 'location.updated',
    role: 'admin',
    params: ById,
    body: z.object({
      name: text(120).optional(),
      address: text(300).nullable().optional(),
      phone: phoneIn.nullable().optional(),
      zone: zoneIn.optional(),
      hours: weeklyHours.optional(),
      active: z.literal(true).optional().meta({ description: 'brings back a retired one' }),
    }),
    response: LocationView,
  },
  async ({ tx, params: { id }, body: { hours, ...fields }, ifVersion, now }) => {
    const before = await findLocation(tx, id);
    const after = await updateLocation(tx, { id, fields, ifVersion, now });
    if (hours) await replaceHours(tx, 'location', { ownerId: id, hours });
    if (after.zone !== before.zone) await replanInZone(tx, { locationId: id, zone: after.zone, now });
    return withHours(tx, after);
  },
);

const deleteLocation = route(
  {
    method: 'delete',
    path: '/locations/:id',
    tag,
    summary: 'Remove a location',
    description: 'Refused while visits lie ahead or active staff or resources are there. One with past visits is kept, inactive.',
    action: 'location.deleted',
    role: 'admin',
    params: ById,
    status: 204,
    problems: ['has_future_appointments', 'in_use'],
  },
  async ({ tx, params: { id }, now }) => {
    await findLocation(tx, id);
    if (await hasUnfinished(tx, { locationId: id, now })) throw conflict('has_future_appointments');
    if (await isLocationInUse(tx, id)) throw conflict('in_use');
    await retireLocation(tx, { id, now });
  },
);

async function withHours(tx: Tx, location: LocationRow) {
  return presentLocation(location, (await findHours(tx, 'location', [location.id])).get(location.id) ?? []);
}

export const locationRoutes = [createLocation, list, getLocation, editLocation, deleteLocation];
