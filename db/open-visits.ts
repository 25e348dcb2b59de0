import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

/** Whose visits; none of them: the whole business's. */
export type VisitsOf = {
  contactId?: string;
  contactIds?: string[];
  staffId?: string;
  locationId?: string;
  serviceId?: string;
  resourceId?: string;
};

const FILTERS = {
  contactId: 'a.contact_id = :contactId',
  contactIds: 'a.contact_id = any(:contactIds::uuid[])',
  staffId: 'a.staff_id = :staffId',
  locationId: 'a.location_id = :locationId',
  serviceId: 'a.service_id = :serviceId',
  resourceId: 'exists (select 1 from appointment_resources r where r.appointment_id = a.id and r.resource_id = :resourceId)',
} as const satisfies Record<keyof VisitsOf, string>;

/** Visits ahead that still have a plan. */
const AHEAD = `a.status in ('booked', 'confirmed', 'arrived') and a.starts_at > :now`;

const filterOf = (of: VisitsOf): string => (Object.keys(of) as (keyof VisitsOf)[]).map((key) => ` and ${FILTERS[key]}`).join('');

/** How many visits lie ahead. */
export async function countAhead(tx: Tx, { now, ...of }: VisitsOf & { now: Instant }): Promise<number> {
  const { rows } = await tx.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from appointments a where ${AHEAD}${filterOf(of)}`,
    { ...of, now },
  );
  return rows[0]?.count ?? 0;
}

/** Some of the visits ahead, the same each time and of all ages; all of them where `limit` is enough. */
export async function sampleAhead(tx: Tx, { now, limit }: { now: Instant; limit: number }): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { id: string }[] }>(
    `select a.id from appointments a where ${AHEAD} order by hashtextextended(a.id::text, 0) limit :limit`,
    { now, limit },
  );
  return rows.map(({ id }) => id);
}

/** How many messages of a rule wait for their time, with a visit ahead or in a cadence. */
export async function countWaiting(tx: Tx, { rule, now }: { rule: string; now: Instant }): Promise<number> {
  const { rows } = await tx.raw<{ rows: { count: number }[] }>(
    `select ((select count(*) from appointments a join messages m on m.appointment_id = a.id
       where ${AHEAD} and m.cadence_state_id is null and m.rule = :rule and m.direction = 'out' and m.status in ('planned', 'held'))
     + (select count(*) from messages m where m.cadence_state_id is not null and m.rule = :rule and m.status in ('planned', 'held')))::int as count`,
    { rule, now },
  );
  return rows[0]?.count ?? 0;
}

/** Is anything still held, booked or running? It keeps what it uses. */
export async function hasUnfinished(tx: Tx, { now, ...of }: VisitsOf & { now: Instant }): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { found: boolean }[] }>(
    `select exists (select 1 from appointments a where a.live and a.ends_at > :now and not (a.status = 'held' and a.hold_expires_at <= :now)${filterOf(of)}) as found`,
    { ...of, now },
  );
  return rows[0]?.found ?? false;
}

export type Touch = VisitsOf & { now: Instant; after: string | null; limit: number };

/** Raises the version of the next visits ahead, in the order of their ids so that two of these cannot deadlock, and answers what to ring. */
export async function touchAhead(tx: Tx, { now, after, limit, ...of }: Touch): Promise<{ id: string; version: number }[]> {
  return touch(tx, { change: '', of, now, after, limit });
}

/** The same for a location whose zone changes: its visits are shown at another local time, which is a new schedule (R5). */
export async function moveAheadToZone(
  tx: Tx,
  { now, after, limit, zone, locationId }: Touch & { zone: string; locationId: string },
): Promise<{ id: string; version: number }[]> {
  const change = `, zone = :zone, schedule_version = schedule_version + 1, schedule_changed_at = :now, schedule_changed_by = 'staff', previous_starts_at = starts_at`;
  return touch(tx, { change, of: { locationId }, now, after, limit, zone });
}

type Touched = { change: string; of: VisitsOf; now: Instant; after: string | null; limit: number; zone?: string };

async function touch(tx: Tx, { change, of, now, after, limit, zone = '' }: Touched): Promise<{ id: string; version: number }[]> {
  const { rows } = await tx.raw<{ rows: { id: string; version: number }[] }>(
    `with visit as (select a.id from appointments a where ${AHEAD}${filterOf(of)} and (:after::uuid is null or a.id > :after::uuid) order by a.id limit :limit for update)
     update appointments t set version = t.version + 1, updated_at = :now${change} from visit where t.id = visit.id returning t.id, t.version`,
    { ...of, now, after, limit, zone },
  );
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}
