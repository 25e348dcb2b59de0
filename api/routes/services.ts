import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { hasUnfinished } from '../../db/open-visits';
import {
  findService,
  findServiceLinks,
  insertService,
  listServices,
  replaceServiceLinks,
  retireService,
  updateService,
  type ServiceRow,
} from '../../db/services';
import type { Tx } from '../../db/tenancy';
import { presentService, ServiceView } from '../presenters/service';
import { conflict } from '../problem';
import { route } from '../route';
import { ById, ids, pageOf, pageQueryOfActive, text, toPage } from '../wire';

const tag = 'Services';
const durationMin = z.int().min(5).max(1440);
const bufferMin = z.int().min(0).max(480);
const priceCents = z.int().min(0).max(100_000_000);

const createService = route(
  {
    method: 'post',
    path: '/services',
    tag,
    summary: 'Add a service',
    description:
      'It needs one resource of each kind among resource_ids, and each resource without a kind. Buffers keep staff and resources busy around the visit.',
    action: 'service.created',
    role: 'admin',
    body: z.object({
      name: text(120),
      duration_min: durationMin.meta({ example: 45 }),
      buffer_before_min: bufferMin.default(0),
      buffer_after_min: bufferMin.default(0),
      price_cents: priceCents.meta({ example: 6500 }),
      staff_ids: ids,
      resource_ids: ids.default([]),
    }),
    status: 201,
    response: ServiceView,
    problems: ['unknown_reference'],
  },
  async ({ tx, body: { staffIds, resourceIds, ...fields }, now }) => {
    const service = await insertService(tx, { id: newId(), ...fields, now });
    await replaceServiceLinks(tx, service.id, { staffIds, resourceIds });
    return withLinks(tx, service);
  },
);

const list = route(
  { method: 'get', path: '/services', tag, summary: 'Services', role: 'viewer', query: pageQueryOfActive, response: pageOf(ServiceView) },
  async ({ tx, query: { cursor, limit, includeInactive } }) => {
    const rows = await listServices(tx, { ...(cursor !== undefined && { after: cursor }), limit: limit + 1, includeInactive });
    const links = await findServiceLinks(
      tx,
      rows.map(({ id }) => id),
    );
    return toPage(rows, { limit, present: (row) => presentService(row, links.get(row.id)), keyOf: (row) => row.id });
  },
);

const getService = route(
  { method: 'get', path: '/services/:id', tag, summary: 'One service', role: 'viewer', params: ById, response: ServiceView },
  async ({ tx, params }) => withLinks(tx, await findService(tx, params.id)),
);

const editService = route(
  {
    method: 'patch',
    path: '/services/:id',
    tag,
    summary: 'Change a service',
    description: 'Lists replace the whole list. Visits already booked keep the length they were booked with.',
    action: 'service.updated',
    role: 'admin',
    params: ById,
    body: z.object({
      name: text(120).optional(),
      duration_min: durationMin.optional(),
      buffer_before_min: bufferMin.optional(),
      buffer_after_min: bufferMin.optional(),
      price_cents: priceCents.optional(),
      staff_ids: ids.optional(),
      resource_ids: ids.optional(),
      active: z.literal(true).optional().meta({ description: 'brings back a retired one' }),
    }),
    response: ServiceView,
    problems: ['unknown_reference'],
  },
  async ({ tx, params: { id }, body: { staffIds, resourceIds, ...fields }, ifVersion, now }) => {
    const service = await updateService(tx, { id, fields, ifVersion, now });
    await replaceServiceLinks(tx, id, { ...(staffIds && { staffIds }), ...(resourceIds && { resourceIds }) });
    return withLinks(tx, service);
  },
);

const deleteService = route(
  {
    method: 'delete',
    path: '/services/:id',
    tag,
    summary: 'Remove a service',
    description: 'Refused while visits lie ahead. One with past visits is kept, inactive.',
    action: 'service.deleted',
    role: 'admin',
    params: ById,
    status: 204,
    problems: ['has_future_appointments'],
  },
  async ({ tx, params: { id }, now }) => {
    await findService(tx, id);
    if (await hasUnfinished(tx, { serviceId: id, now })) throw conflict('has_future_appointments');
    await retireService(tx, { id, now });
  },
);

async function withLinks(tx: Tx, service: ServiceRow) {
  return presentService(service, (await findServiceLinks(tx, [service.id])).get(service.id));
}

export const serviceRoutes = [createService, list, getService, editService, deleteService];
