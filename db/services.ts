import type { Instant } from '../domain/time';
import { editRow, listRows, retireRow, type Edit, type Editable, type ListPage } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type ServiceRow = {
  id: string;
  name: string;
  durationMin: number;
  bufferBeforeMin: number;
  bufferAfterMin: number;
  priceCents: number;
  active: boolean;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};
const SERVICES: Editable = { table: 'services', what: 'service' };

export type NewService = Pick<ServiceRow, 'id' | 'name' | 'durationMin' | 'bufferBeforeMin' | 'bufferAfterMin' | 'priceCents'> & {
  now: Instant;
};

export async function insertService(tx: Tx, { now, ...row }: NewService): Promise<ServiceRow> {
  const rows = await tx('services')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, updatedAt: now })
    .returning<ServiceRow[]>('*');
  return one('service', rows);
}

/** Throws RowMissing. */
export async function findService(tx: Tx, id: string): Promise<ServiceRow> {
  return one('service', await tx('services').where({ id }).select<ServiceRow[]>('*'));
}

/** How long the service takes and on whose clock: the member of staff's location, or the first one where it is given. Throws RowMissing. */
export async function findServiceZone(
  tx: Tx,
  { serviceId, staffId }: { serviceId: string; staffId: string | null },
): Promise<{ zone: string; durationMin: number }> {
  const { rows } = await tx.raw<{ rows: { zone: string; durationMin: number }[] }>(
    `select v.duration_min, coalesce(
       (select l.zone from staff s join locations l on l.id = s.location_id where s.id = :staffId::uuid),
       (select l.zone from service_staff ss join staff s on s.id = ss.staff_id and s.active join locations l on l.id = s.location_id and l.active
        where ss.service_id = v.id order by l.id limit 1),
       (select b.zone from businesses b)) as zone
     from services v where v.id = :serviceId and v.active`,
    { serviceId, staffId },
  );
  return one('service', rows);
}

export const listServices = (tx: Tx, page: ListPage): Promise<ServiceRow[]> => listRows<ServiceRow>(tx, SERVICES, page);
export const updateService = (tx: Tx, edit: Edit): Promise<ServiceRow> => editRow<ServiceRow>(tx, SERVICES, edit);
export const retireService = (tx: Tx, at: { id: string; now: Instant }): Promise<void> => retireRow(tx, SERVICES, at);

export type ServiceLinks = { staffIds: string[]; resourceIds: string[] };

/** Says who gives a service and what it needs; a list left out stays. Throws a foreign key violation (23503) for an id of another business. */
export async function replaceServiceLinks(tx: Tx, serviceId: string, { staffIds, resourceIds }: Partial<ServiceLinks>): Promise<void> {
  const business = { businessId: tx.raw('current_business()'), serviceId };
  if (staffIds) {
    await tx('serviceStaff').where({ serviceId }).delete();
    if (staffIds.length > 0) await tx('serviceStaff').insert(staffIds.map((staffId) => ({ ...business, staffId })));
  }
  if (resourceIds) {
    await tx('serviceResources').where({ serviceId }).delete();
    if (resourceIds.length > 0) await tx('serviceResources').insert(resourceIds.map((resourceId) => ({ ...business, resourceId })));
  }
}

/** Staff and resources of several services at once. */
export async function findServiceLinks(tx: Tx, serviceIds: string[]): Promise<Map<string, ServiceLinks>> {
  const { rows } = await tx.raw<{ rows: (ServiceLinks & { id: string })[] }>(
    `select v.id, array(select ss.staff_id from service_staff ss where ss.service_id = v.id order by ss.staff_id) as staff_ids,
       array(select sr.resource_id from service_resources sr where sr.service_id = v.id order by sr.resource_id) as resource_ids
     from services v where v.id = any(?::uuid[])`,
    [serviceIds],
  );
  return new Map(rows.map(({ id, staffIds, resourceIds }) => [id, { staffIds, resourceIds }]));
}
