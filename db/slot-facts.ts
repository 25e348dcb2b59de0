import type { WeeklyHours } from '../domain/opening-hours';
import type { SlotResource, SlotService, SlotStaff } from '../domain/slots';
import type { StaffLoad } from '../domain/round-robin';
import type { Interval } from '../domain/intervals';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

export type SlotQuestion = {
  serviceId: string;
  /** Only this member of staff, or any. */
  staffId: string | null;
  /** Busy time is read for this span; buffers of neighbours are included. */
  from: Instant;
  to: Instant;
  now: Instant;
  /** A visit that is to be moved does not stand in its own way. */
  ignoreId: string | null;
};

/** One place where the service is given, with what is taken there. */
export type SlotPlace = {
  locationId: string;
  zone: string;
  locationHours: WeeklyHours[];
  closures: Interval[];
  staff: (SlotStaff & StaffLoad)[];
  resources: (SlotResource & { kind: string | null })[];
};

export type SlotFactsRow = { service: Omit<SlotService, 'resourceGroups'>; stepMin: number; places: SlotPlace[] };

const HOURS = (table: string, owner: string): string => `
  (select coalesce(jsonb_agg(jsonb_build_object('weekday', h.weekday, 'from', to_char(make_interval(mins => h.from_minute), 'HH24:MI'),
     'to', to_char(make_interval(mins => h.to_minute), 'HH24:MI'))), '[]') from ${table} h where ${owner})`;

const SPANS = (from: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object('startsAt', x.starts_at, 'endsAt', x.ends_at)), '[]') from ${from})`;

/** A live row blocks, a hold only until it expires. */
const BLOCKS = `a.live and not (a.status = 'held' and a.hold_expires_at <= :now) and a.busy && tstzrange(:from::timestamptz - interval '1 day', :to::timestamptz + interval '1 day')
  and a.id is distinct from :ignoreId::uuid`;

/**
 * All that decides which times are free for a service, in one trip whatever the number of staff: hours, closures, time off, visits and holds with buffers,
 * resources. Throws RowMissing for a service that is unknown or no longer offered.
 */
export async function findSlotFacts(tx: Tx, question: SlotQuestion): Promise<SlotFactsRow> {
  const { rows } = await tx.raw<{ rows: SlotFactsRow[] }>(
    `select jsonb_build_object('durationMin', v.duration_min, 'bufferBeforeMin', v.buffer_before_min, 'bufferAfterMin', v.buffer_after_min) as service,
       (select slot_step_min from businesses) as step_min,
       (select coalesce(jsonb_agg(jsonb_build_object('locationId', l.id, 'zone', l.zone,
          'locationHours', ${HOURS('location_hours', 'h.location_id = l.id')},
          'closures', ${SPANS('closures x where x.location_id = l.id and x.ends_at > :from and x.starts_at < :to')},
          'staff', (select coalesce(jsonb_agg(jsonb_build_object('id', s.id,
             'hours', ${HOURS('staff_hours', 'h.staff_id = s.id')},
             'timeOff', ${SPANS('time_off x where x.staff_id = s.id and x.ends_at > :from and x.starts_at < :to')},
             'busy', ${SPANS(`(select a.busy_from as starts_at, a.busy_to as ends_at from appointments a where a.staff_id = s.id and ${BLOCKS}) x`)},
             'bookingsThatDay', (select count(*) from appointments a where a.staff_id = s.id and a.live
                and (a.starts_at at time zone l.zone)::date = (:from::timestamptz at time zone l.zone)::date),
             'lastBookedAt', (select max(a.booked_at) from appointments a where a.staff_id = s.id)) order by s.id), '[]')
           from staff s join service_staff ss on ss.staff_id = s.id and ss.service_id = v.id
           where s.location_id = l.id and s.active and s.bookable and (:staffId::uuid is null or s.id = :staffId::uuid)),
          'resources', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind,
             'busy', ${SPANS(
               `(select a.busy_from as starts_at, a.busy_to as ends_at from appointment_resources ar join appointments a on a.id = ar.appointment_id
                 where ar.resource_id = r.id and ${BLOCKS}) x`,
             )}) order by r.id), '[]')
           from resources r join service_resources sr on sr.resource_id = r.id and sr.service_id = v.id where r.location_id = l.id and r.active))
          order by l.id), '[]')
        from locations l where l.active and exists (
          select 1 from staff s join service_staff ss on ss.staff_id = s.id and ss.service_id = v.id where s.location_id = l.id and s.active and s.bookable)) as places
     from services v where v.id = :serviceId and v.active`,
    { ...question },
  );
  return one('service', rows);
}
