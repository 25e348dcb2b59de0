import { tenantTable } from './tenant-table';

// Visits. Holds and bookings share one constraint, so neither can overtake the other (R12); buffers are part of the time that is taken (R10).
// The resources of a visit mirror its time and its being live through their foreign key, so that no code can let them drift apart.
export const appointments = {
  name: '20261121_04_appointments',
  sql: `
    create table appointments (
      business_id uuid not null references businesses (id),
      id uuid not null,
      location_id uuid not null,
      contact_id uuid not null,
      service_id uuid not null,
      staff_id uuid not null,
      status text not null check (status in ('held', 'booked', 'confirmed', 'arrived', 'completed', 'cancelled', 'no_show', 'expired')),
      previous_status text,
      status_changed_at timestamptz not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null check (ends_at > starts_at),
      buffer_before_min int not null default 0,
      buffer_after_min int not null default 0,
      busy_from timestamptz not null,
      busy_to timestamptz not null,
      busy tstzrange not null generated always as (tstzrange(busy_from, busy_to)) stored,
      live boolean not null generated always as (status in ('held', 'booked', 'confirmed', 'arrived')) stored,
      zone text not null,
      hold_expires_at timestamptz check ((status = 'held') <= (hold_expires_at is not null)),
      booked_at timestamptz,
      booked_by text,
      schedule_version int not null default 1,
      schedule_changed_at timestamptz,
      schedule_changed_by text,
      previous_starts_at timestamptz,
      staff_changed_at timestamptz,
      cancelled_at timestamptz,
      cancelled_by text,
      no_show_at timestamptz,
      completed_at timestamptz,
      source text not null default 'api',
      external_ref text,
      note text,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      unique (business_id, id, busy, live),
      check (busy_from <= starts_at and busy_to >= ends_at),
      foreign key (business_id, location_id) references locations (business_id, id),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, service_id) references services (business_id, id),
      foreign key (business_id, staff_id) references staff (business_id, id),
      constraint appointments_staff_free exclude using gist (business_id with =, staff_id with =, busy with &&) where (live)
    );
    ${tenantTable('appointments', 'select, insert, update')}
    create index appointments_start on appointments (business_id, starts_at, id);
    create index appointments_contact on appointments (business_id, contact_id, starts_at);
    create index appointments_staff on appointments (business_id, staff_id, starts_at);
    create unique index appointments_external_ref on appointments (business_id, external_ref) where external_ref is not null;
    create index appointments_holds on appointments (business_id, hold_expires_at) where status = 'held';
    grant select (business_id, id, status, hold_expires_at) on appointments to usher_sweeper;
    create policy sweeper on appointments for select to usher_sweeper using (status = 'held');

    create table appointment_resources (
      business_id uuid not null,
      appointment_id uuid not null,
      resource_id uuid not null,
      busy tstzrange not null,
      live boolean not null,
      primary key (business_id, appointment_id, resource_id),
      foreign key (business_id, appointment_id, busy, live) references appointments (business_id, id, busy, live) on update cascade,
      foreign key (business_id, resource_id) references resources (business_id, id),
      constraint appointment_resources_free exclude using gist (business_id with =, resource_id with =, busy with &&) where (live)
    );
    ${tenantTable('appointment_resources')}
  `,
};
