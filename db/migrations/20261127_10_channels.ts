import { lookup, tenantTable } from './tenant-table';

// WhatsApp beside SMS and e-mail: who a person is there, by which vendor and sender a business writes, the templates that WhatsApp has approved, and
// what a message that took another channel remembers of the one before.
export const channels = {
  name: '20261127_10_channels',
  sql: `
    alter table contact_channels drop constraint contact_channels_channel_check;
    alter table contact_channels add constraint contact_channels_channel_check check (channel in ('sms', 'whatsapp', 'email'));
    alter table contact_channels add column unreachable_since timestamptz;
    alter table messages drop constraint messages_channel_check;
    alter table messages add constraint messages_channel_check check (channel in ('sms', 'whatsapp', 'email'));
    alter table contacts add column preferred_channel text check (preferred_channel in ('sms', 'whatsapp', 'email'));

    -- Why a message goes over this channel and not the one before (R41), and of a message outside any visit the first row of its chain.
    alter table messages add column fallback_from text;
    alter table messages add column fallback_reason text;
    alter table messages add column first_id uuid;
    alter table messages add constraint messages_first foreign key (business_id, first_id) references messages (business_id, id);
    create index messages_chain on messages (business_id, first_id) where first_id is not null;
    -- The approved template that was sent instead of free text, and what was filled in.
    alter table messages add column content jsonb;
    -- A second attempt on the same row: the vendor's reports on the first say nothing of it.
    alter table messages add column past_vendor_ids text[] not null default '{}';
    create index messages_whatsapp_in on messages (business_id, contact_id, created_at) where direction = 'in' and channel = 'whatsapp';

    create table contact_identities (
      business_id uuid not null references businesses (id),
      channel text not null check (channel in ('whatsapp')),
      external_hash text not null,
      external_id text not null,
      contact_id uuid not null,
      created_at timestamptz not null,
      primary key (business_id, channel, external_hash),
      foreign key (business_id, contact_id) references contacts (business_id, id) on delete cascade
    );
    ${tenantTable('contact_identities')}
    create index contact_identities_of on contact_identities (business_id, contact_id, channel, created_at);

    create table channel_settings (
      business_id uuid not null references businesses (id),
      channel text not null check (channel in ('sms', 'whatsapp')),
      vendor text not null,
      sender text,
      version int not null default 1,
      updated_at timestamptz not null,
      primary key (business_id, channel),
      check (case channel when 'sms' then vendor = 'twilio' else vendor in ('twilio', 'meta', 'off') end),
      check (channel = 'sms' or vendor = 'off' or sender is not null)
    );
    ${tenantTable('channel_settings')}
    -- What a person writes to a sender finds its business by it.
    create unique index channel_settings_sender on channel_settings (vendor, sender) where channel = 'whatsapp' and vendor <> 'off';
    ${lookup({
      name: 'business_of_sender',
      argument: 'vendor_name text, sender_id text',
      returns: 'uuid',
      table: 'channel_settings',
      columns: 'business_id, channel, vendor, sender',
      body: `select s.business_id from channel_settings s where s.channel = 'whatsapp' and s.vendor = vendor_name and s.sender = sender_id`,
    })}

    create table whatsapp_templates (
      business_id uuid not null references businesses (id),
      id uuid not null,
      vendor text not null check (vendor in ('twilio', 'meta')),
      rule text not null,
      locale text not null check (locale in ('en', 'es')),
      external_id text not null,
      language text not null,
      category text not null check (category in ('utility', 'marketing')),
      status text not null check (status in ('pending', 'approved', 'rejected', 'paused')),
      rejected_reason text,
      wording text not null,
      variables text[] not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      unique (business_id, vendor, rule, locale)
    );
    ${tenantTable('whatsapp_templates')}
  `,
};
