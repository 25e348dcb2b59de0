import { tenantTable } from './tenant-table';

// What people write to us: one conversation per contact with what waits for a person in it, texts of unknown senders kept apart until somebody says whose
// they are, media noted, and what a carrier is still to be told of an opt-out in a person's own words.
export const conversations = {
  name: '20261127_12_conversations',
  sql: `
    create table conversations (
      business_id uuid not null references businesses (id),
      id uuid not null,
      contact_id uuid not null,
      status text not null default 'open' check (status in ('open', 'closed')),
      assigned_staff_id uuid,
      unread int not null default 0 check (unread >= 0),
      needs_person text check (needs_person in ('message', 'cancel_visit', 'loop')),
      needs_person_since timestamptz,
      silenced_at timestamptz,
      progressed_at timestamptz not null,
      last_at timestamptz not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      unique (business_id, contact_id),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, assigned_staff_id) references staff (business_id, id),
      check ((needs_person is null) = (needs_person_since is null))
    );
    ${tenantTable('conversations')}
    create index conversations_latest on conversations (business_id, last_at desc, id desc);

    alter table messages add column media_types text[] not null default '{}';
    alter table messages add column media_sealed bytea;
    alter table messages add column media_key_id text;
    alter table messages add column quarantine text check (quarantine in ('waiting', 'assigned', 'dismissed'));
    alter table messages add column quarantine_settled_at timestamptz;
    create index messages_quarantine on messages (business_id, quarantine, id) where quarantine is not null;
    create index messages_sender on messages (business_id, from_address, created_at) where direction = 'in';

    create table carrier_consents (
      business_id uuid not null references businesses (id),
      id uuid not null,
      ack_message_id uuid,
      version int not null default 1,
      told_at timestamptz,
      refused_code text,
      created_at timestamptz not null,
      primary key (business_id, id),
      foreign key (business_id, id) references messages (business_id, id),
      foreign key (business_id, ack_message_id) references messages (business_id, id)
    );
    ${tenantTable('carrier_consents', 'select, insert, update')}
  `,
};
