import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

/** A stretch in which nobody is booked: a member of staff's time off, or a location's closure. */
export type AbsenceRow = {
  id: string;
  kind: 'time_off' | 'closure';
  staffId: string | null;
  locationId: string | null;
  startsAt: Instant;
  endsAt: Instant;
  reason: string | null;
};

const ALL = `(
  select id, 'time_off' as kind, staff_id, null::uuid as location_id, starts_at, ends_at, reason from time_off
  union all
  select id, 'closure', null, location_id, starts_at, ends_at, reason from closures) x`;

/** Throws a foreign key violation (23503) for staff or a location of nobody or of another business. */
export async function insertAbsence(tx: Tx, { kind, staffId, locationId, ...row }: AbsenceRow): Promise<void> {
  const business = { businessId: tx.raw('current_business()') };
  if (kind === 'time_off') await tx('timeOff').insert({ ...business, ...row, staffId });
  else await tx('closures').insert({ ...business, ...row, locationId });
}

/** Throws RowMissing. */
export async function findAbsence(tx: Tx, id: string): Promise<AbsenceRow> {
  const { rows } = await tx.raw<{ rows: AbsenceRow[] }>(`select * from ${ALL} where id = ?`, [id]);
  return one('absence', rows);
}

/** Throws RowMissing. */
export async function updateAbsence(
  tx: Tx,
  id: string,
  fields: Partial<Pick<AbsenceRow, 'startsAt' | 'endsAt' | 'reason'>>,
): Promise<AbsenceRow> {
  const { kind } = await findAbsence(tx, id);
  await tx(kind === 'time_off' ? 'timeOff' : 'closures')
    .where({ id })
    .update(fields);
  return findAbsence(tx, id);
}

/** Throws RowMissing. */
export async function deleteAbsence(tx: Tx, id: string): Promise<void> {
  const gone = (await tx('timeOff').where({ id }).delete()) + (await tx('closures').where({ id }).delete());
  one('absence', gone > 0 ? [id] : []);
}

export type AbsencePage = {
  staffId?: string;
  locationId?: string;
  from?: Instant;
  to?: Instant;
  after?: { startsAt: Instant; id: string };
  limit: number;
};

/** Those that touch the range, by start, by pages. */
export async function listAbsences(tx: Tx, { staffId, locationId, from, to, after, limit }: AbsencePage): Promise<AbsenceRow[]> {
  const { rows } = await tx.raw<{ rows: AbsenceRow[] }>(
    `select * from ${ALL}
     where (:staffId::uuid is null or staff_id = :staffId::uuid) and (:locationId::uuid is null or location_id = :locationId::uuid)
       and (:from::timestamptz is null or ends_at > :from::timestamptz) and (:to::timestamptz is null or starts_at < :to::timestamptz)
       and (:afterStart::timestamptz is null or (starts_at, id) > (:afterStart::timestamptz, :afterId::uuid))
     order by starts_at, id limit :limit`,
    {
      staffId: staffId ?? null,
      locationId: locationId ?? null,
      from: from ?? null,
      to: to ?? null,
      afterStart: after?.startsAt ?? null,
      afterId: after?.id ?? null,
      limit,
    },
  );
  return rows;
}

/** Live visits that lie in the stretch: they stay, and somebody should move them. */
export async function countVisitsWithin(
  tx: Tx,
  { staffId, locationId, startsAt, endsAt }: Pick<AbsenceRow, 'staffId' | 'locationId' | 'startsAt' | 'endsAt'>,
): Promise<number> {
  const { rows } = await tx.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from appointments where live and starts_at < :endsAt and ends_at > :startsAt
       and (staff_id = :staffId::uuid or location_id = :locationId::uuid)`,
    { staffId, locationId, startsAt, endsAt },
  );
  return rows[0]?.count ?? 0;
}
