import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findLocation, findOnlyLocation } from '../../db/locations';
import { hasUnfinished } from '../../db/open-visits';
import { findResource, insertResource, listResources, retireResource, updateResource } from '../../db/resources';
import { presentResource, ResourceView } from '../presenters/resource';
import { conflict, invalidField } from '../problem';
import { route } from '../route';
import { ById, id, pageOf, pageQueryOfActive, text, toPage } from '../wire';

const tag = 'Resources';

const createResource = route(
  {
    method: 'post',
    path: '/resources',
    tag,
    summary: 'Add a resource: a chair, a room, a machine',
    description: 'location_id may be left out while the business has one location.',
    action: 'resource.created',
    role: 'admin',
    body: z.object({ name: text(120), kind: text(60).optional(), location_id: id.optional() }),
    status: 201,
    response: ResourceView,
  },
  async ({ tx, body: { name, kind = null, locationId }, now }) => {
    const place = locationId === undefined ? await findOnlyLocation(tx) : await findLocation(tx, locationId);
    if (!place) throw invalidField('location_id', 'is needed: the business does not have exactly one location');
    return presentResource(await insertResource(tx, { id: newId(), locationId: place.id, name, kind, now }));
  },
);

const list = route(
  {
    method: 'get',
    path: '/resources',
    tag,
    summary: 'Resources',
    role: 'viewer',
    query: pageQueryOfActive,
    response: pageOf(ResourceView),
  },
  async ({ tx, query: { cursor, limit, includeInactive } }) => {
    const rows = await listResources(tx, { ...(cursor !== undefined && { after: cursor }), limit: limit + 1, includeInactive });
    return toPage(rows, { limit, present: presentResource, keyOf: (row) => row.id });
  },
);

const getResource = route(
  { method: 'get', path: '/resources/:id', tag, summary: 'One resource', role: 'viewer', params: ById, response: ResourceView },
  async ({ tx, params }) => presentResource(await findResource(tx, params.id)),
);

const editResource = route(
  {
    method: 'patch',
    path: '/resources/:id',
    tag,
    summary: 'Change a resource',
    action: 'resource.updated',
    role: 'admin',
    params: ById,
    body: z.object({
      name: text(120).optional(),
      kind: text(60).nullable().optional(),
      active: z.literal(true).optional().meta({ description: 'brings back a retired one' }),
    }),
    response: ResourceView,
  },
  async ({ tx, params, body, ifVersion, now }) =>
    presentResource(await updateResource(tx, { id: params.id, fields: body, ifVersion, now })),
);

const deleteResource = route(
  {
    method: 'delete',
    path: '/resources/:id',
    tag,
    summary: 'Remove a resource',
    description: 'Refused while visits lie ahead. One with past visits is kept, inactive.',
    action: 'resource.deleted',
    role: 'admin',
    params: ById,
    status: 204,
    problems: ['has_future_appointments'],
  },
  async ({ tx, params, now }) => {
    await findResource(tx, params.id);
    if (await hasUnfinished(tx, { resourceId: params.id, now })) throw conflict('has_future_appointments');
    await retireResource(tx, { id: params.id, now });
  },
);

export const resourceRoutes = [createResource, list, getResource, editResource, deleteResource];
