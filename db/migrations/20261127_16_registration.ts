import { tenantTable } from './tenant-table';

// Who a business texts as, and how far the carriers' registration of it is: a state with its date and reason instead of a guess at when it will be over.
// Senders that were texting go on; one that the carriers had just refused waits for a person. phone_numbers stays what finds a business by its number.
export const registration = {
  name: '20261127_16_registration',
  sql: `
    create table senders (
      business_id uuid not null references businesses (id),
      id uuid not null,
      address text not null,
      kind text not null check (kind in ('long_code', 'toll_free', 'short_code')),
      registration text not null check (registration in ('not_started', 'pending', 'approved', 'rejected')),
      registration_since timestamptz not null,
      registration_reason text,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      unique (business_id, address),
      check ((registration = 'rejected') <= (registration_reason is not null))
    );
    alter table phone_numbers no force row level security;
    insert into senders (business_id, id, address, kind, registration, registration_since, registration_reason, created_at, updated_at)
      select business_id, id, number_e164, case when number_e164 ~ '^[+]1(800|833|844|855|866|877|888)' then 'toll_free' else 'long_code' end,
        case when registration_pending_until > now() then 'pending' else 'approved' end, now(),
        case when registration_pending_until > now() then 'refused by the carriers' end, created_at, now()
      from phone_numbers;
    alter table phone_numbers force row level security;
    ${tenantTable('senders', 'select, insert, update')}
  `,
};
