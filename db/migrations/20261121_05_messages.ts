import { lookup, tenantTable } from './tenant-table';

// The ledger: one row for every message planned, sent, not sent or received, with the reason. send_key makes a second sending impossible.
export const messages = {
  name: '20261121_05_messages',
  sql: `
    create table reminder_rules (
      business_id uuid not null references businesses (id),
      rule text not null check (rule in ('7d', '3d', '1d', '2h')),
      offset_days int,
      offset_hours int,
      channels text[] not null,
      last_useful_min int not null check (last_useful_min >= 0),
      enabled boolean not null default true,
      version int not null default 1,
      updated_at timestamptz not null,
      primary key (business_id, rule),
      check ((offset_days is null) <> (offset_hours is null))
    );
    ${tenantTable('reminder_rules')}

    create table messages (
      business_id uuid not null references businesses (id),
      id uuid not null,
      direction text not null check (direction in ('out', 'in')),
      send_key text,
      appointment_id uuid,
      contact_id uuid,
      staff_id uuid,
      rule text,
      message_class text,
      channel text not null check (channel in ('sms', 'email')),
      locale text,
      template_id text,
      facts jsonb not null default '{}',
      status text not null check (status in ('planned', 'held', 'sending', 'sent', 'delivered', 'failed', 'skipped', 'unknown', 'received')),
      reason text,
      schedule_version int,
      change text,
      due_at timestamptz,
      send_at timestamptz,
      deferred_until timestamptz,
      not_after timestamptz,
      settled_at timestamptz,
      attempt int not null default 0,
      looks int not null default 0,
      marked_at timestamptz,
      sent_at timestamptz,
      delivered_at timestamptz,
      failed_at timestamptz,
      vendor text,
      vendor_id text,
      vendor_rank int not null default 0,
      vendor_code text,
      segments int,
      asks_confirmation boolean not null default false,
      to_address text,
      from_address text,
      subject text,
      body text,
      html text,
      handled_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      check ((direction = 'out') = (send_key is not null)),
      check ((status = 'skipped') <= (reason is not null)),
      foreign key (business_id, appointment_id) references appointments (business_id, id),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, staff_id) references staff (business_id, id)
    );
    ${tenantTable('messages', 'select, insert, update')}
    create unique index messages_send_key on messages (business_id, send_key) where send_key is not null;
    create unique index messages_vendor_id on messages (business_id, vendor, vendor_id) where vendor_id is not null;
    create index messages_appointment on messages (business_id, appointment_id, send_at) where appointment_id is not null;
    create index messages_contact on messages (business_id, contact_id, id) where contact_id is not null;
    create index messages_list on messages (business_id, id);
    create index messages_sent on messages (business_id, contact_id, sent_at) where sent_at is not null;

    create index messages_id on messages (id);
    create index messages_by_vendor_id on messages (vendor, vendor_id) where vendor_id is not null;
    ${lookup({
      name: 'business_of_message',
      argument: 'message uuid',
      returns: 'uuid',
      table: 'messages',
      columns: 'business_id, id, vendor, vendor_id',
      body: 'select m.business_id from messages m where m.id = message limit 1',
    })}
    ${lookup({
      name: 'business_of_vendor_message',
      argument: 'vendor_name text, message text',
      returns: 'table (business_id uuid, id uuid)',
      table: 'messages',
      columns: 'business_id, id, vendor, vendor_id',
      body: 'select m.business_id, m.id from messages m where m.vendor = vendor_name and m.vendor_id = message limit 1',
    })}
  `,
};
