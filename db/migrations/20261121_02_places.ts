import { tenantTable } from './tenant-table';

// Where, by whom and with what a visit happens. Hours are local wall time; minutes since midnight, so that 24:00 needs no exception.
const hours = (owner: string, column: string): string => `
  create table ${owner}_hours (
    business_id uuid not null,
    ${column} uuid not null,
    weekday int not null check (weekday between 1 and 7),
    from_minute int not null check (from_minute between 0 and 1439),
    to_minute int not null check (to_minute between 1 and 1440 and to_minute > from_minute),
    primary key (business_id, ${column}, weekday, from_minute),
    foreign key (business_id, ${column}) references ${owner === 'staff' ? 'staff' : 'locations'} (business_id, id) on delete cascade
  );
  ${tenantTable(`${owner}_hours`)}
`;

export const places = {
  name: '20261121_02_places',
  sql: `
    create table locations (
      business_id uuid not null references businesses (id),
      id uuid not null,
      name text not null,
      address text,
      phone text,
      zone text not null,
      active boolean not null default true,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('locations')}
    create table closures (
      business_id uuid not null,
      id uuid not null,
      location_id uuid not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null check (ends_at > starts_at),
      reason text,
      primary key (business_id, id),
      foreign key (business_id, location_id) references locations (business_id, id) on delete cascade
    );
    ${tenantTable('closures')}
    create index closures_when on closures (business_id, location_id, ends_at);

    create table staff (
      business_id uuid not null references businesses (id),
      id uuid not null,
      location_id uuid not null,
      name text not null,
      email text,
      phone_e164 text,
      locale text not null default 'en' check (locale in ('en', 'es')),
      permission_level text not null default 'staff' check (permission_level in ('owner', 'admin', 'staff', 'viewer')),
      bookable boolean not null default true,
      dnd_start_minute int check (dnd_start_minute between 0 and 1439),
      dnd_end_minute int check (dnd_end_minute between 0 and 1439),
      active boolean not null default true,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      foreign key (business_id, location_id) references locations (business_id, id)
    );
    ${tenantTable('staff')}
    create index staff_of_location on staff (business_id, location_id);
    create table time_off (
      business_id uuid not null,
      id uuid not null,
      staff_id uuid not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null check (ends_at > starts_at),
      reason text,
      primary key (business_id, id),
      foreign key (business_id, staff_id) references staff (business_id, id) on delete cascade
    );
    ${tenantTable('time_off')}
    create index time_off_when on time_off (business_id, staff_id, ends_at);
    ${hours('location', 'location_id')}
    ${hours('staff', 'staff_id')}

    create table resources (
      business_id uuid not null references businesses (id),
      id uuid not null,
      location_id uuid not null,
      name text not null,
      kind text,
      active boolean not null default true,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      foreign key (business_id, location_id) references locations (business_id, id)
    );
    ${tenantTable('resources')}

    create table services (
      business_id uuid not null references businesses (id),
      id uuid not null,
      name text not null,
      duration_min int not null check (duration_min between 5 and 1440),
      buffer_before_min int not null default 0 check (buffer_before_min between 0 and 480),
      buffer_after_min int not null default 0 check (buffer_after_min between 0 and 480),
      price_cents int not null default 0 check (price_cents >= 0),
      active boolean not null default true,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('services')}
    create table service_staff (
      business_id uuid not null,
      service_id uuid not null,
      staff_id uuid not null,
      primary key (business_id, service_id, staff_id),
      foreign key (business_id, service_id) references services (business_id, id) on delete cascade,
      foreign key (business_id, staff_id) references staff (business_id, id) on delete cascade
    );
    ${tenantTable('service_staff')}
    create table service_resources (
      business_id uuid not null,
      service_id uuid not null,
      resource_id uuid not null,
      primary key (business_id, service_id, resource_id),
      foreign key (business_id, service_id) references services (business_id, id) on delete cascade,
      foreign key (business_id, resource_id) references resources (business_id, id) on delete cascade
    );
    ${tenantTable('service_resources')}
  `,
};
