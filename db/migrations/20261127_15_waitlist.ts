import { tenantTable } from './tenant-table';

// Who waits for an earlier or another time, what was freed, and who was asked (R60). One open offer for a person at a time, and each person is asked once for
// a slot: both are constraints, so that two processes that ask at the same time cannot break them.
export const waitlist = {
  name: '20261127_15_waitlist',
  sql: `
    alter table businesses add column waitlist_batch_size int not null default 1 check (waitlist_batch_size between 1 and 20);

    create table waitlist_entries (
      business_id uuid not null references businesses (id),
      id uuid not null,
      contact_id uuid not null,
      service_id uuid not null,
      staff_id uuid,
      weekdays int[] not null default '{}' check (weekdays <@ '{1,2,3,4,5,6,7}'),
      windows jsonb not null default '[]',
      earliest_on date,
      latest_on date,
      preference text not null check (preference in ('soonest', 'anytime')),
      status text not null default 'active' check (status in ('active', 'booked', 'removed')),
      removed_reason text check (removed_reason in ('ignored', 'staff', 'contact')),
      ignored_count int not null default 0,
      last_asked_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      check ((status = 'removed') = (removed_reason is not null)),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, service_id) references services (business_id, id),
      foreign key (business_id, staff_id) references staff (business_id, id)
    );
    ${tenantTable('waitlist_entries')}
    create index waitlist_entries_waiting on waitlist_entries (business_id, service_id) where status = 'active';
    create index waitlist_entries_contact on waitlist_entries (business_id, contact_id);

    create table freed_slots (
      business_id uuid not null references businesses (id),
      id uuid not null,
      service_id uuid not null,
      staff_id uuid,
      appointment_id uuid,
      cause text not null check (cause in ('cancelled', 'moved', 'time_off', 'asked')),
      starts_at timestamptz not null,
      ends_at timestamptz not null check (ends_at > starts_at),
      status text not null default 'open' check (status in ('open', 'filled', 'taken', 'too_close', 'nobody')),
      closed_at timestamptz,
      created_at timestamptz not null,
      primary key (business_id, id),
      check ((status = 'open') = (closed_at is null)),
      foreign key (business_id, service_id) references services (business_id, id),
      foreign key (business_id, staff_id) references staff (business_id, id),
      foreign key (business_id, appointment_id) references appointments (business_id, id)
    );
    ${tenantTable('freed_slots', 'select, insert, update')}
    create unique index freed_slots_open on freed_slots (business_id, starts_at, service_id, staff_id) nulls not distinct where status = 'open';

    create table waitlist_offers (
      business_id uuid not null references businesses (id),
      id uuid not null,
      freed_slot_id uuid not null,
      entry_id uuid not null,
      contact_id uuid not null,
      message_id uuid,
      appointment_id uuid,
      status text not null check (status in ('offered', 'accepted', 'declined', 'ignored', 'withdrawn', 'lost', 'passed_over')),
      reason text,
      asked_at timestamptz,
      expires_at timestamptz,
      closed_at timestamptz,
      created_at timestamptz not null,
      primary key (business_id, id),
      unique (business_id, freed_slot_id, entry_id),
      check ((status = 'offered') = (closed_at is null)),
      check ((status = 'accepted') <= (appointment_id is not null)),
      foreign key (business_id, freed_slot_id) references freed_slots (business_id, id),
      foreign key (business_id, entry_id) references waitlist_entries (business_id, id),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, message_id) references messages (business_id, id),
      foreign key (business_id, appointment_id) references appointments (business_id, id)
    );
    ${tenantTable('waitlist_offers', 'select, insert, update')}
    create unique index waitlist_offers_open on waitlist_offers (business_id, contact_id) where status = 'offered';
    create index waitlist_offers_entry on waitlist_offers (business_id, entry_id, id);

    alter table links add column offer_id uuid;
    alter table links add foreign key (business_id, offer_id) references waitlist_offers (business_id, id);
    alter table links drop constraint links_kind_check;
    alter table links add constraint links_kind_check check (kind in ('appointment', 'staff_calendar', 'waitlist_offer'));
    create unique index links_offer on links (business_id, offer_id) where offer_id is not null;
  `,
};
