import { tenantTable } from './tenant-table';

// People and what they allowed. A channel row stands for one address of one business and is what a STOP and a send lock against each other (R34).
// Two people may share a number (a mother books for her child), so an opt-out belongs to the address, a consent to the person.
export const contacts = {
  name: '20261121_03_contacts',
  sql: `
    create table contacts (
      business_id uuid not null references businesses (id),
      id uuid not null,
      name text not null,
      phone_e164 text,
      phone_hash text,
      email text,
      email_hash text,
      locale text not null default 'en' check (locale in ('en', 'es')),
      zone text,
      postal_code text,
      source text not null default 'api',
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      check ((phone_e164 is null) = (phone_hash is null)),
      check ((email is null) = (email_hash is null))
    );
    ${tenantTable('contacts')}
    create index contacts_phone on contacts (business_id, phone_hash) where phone_hash is not null;
    create index contacts_email on contacts (business_id, email_hash) where email_hash is not null;

    create table contact_channels (
      business_id uuid not null references businesses (id),
      channel text not null check (channel in ('sms', 'email')),
      address_hash text not null,
      suppressed_at timestamptz,
      suppressed_source text,
      unusable_at timestamptz,
      unusable_code text,
      unreachable_count int not null default 0,
      primary key (business_id, channel, address_hash)
    );
    ${tenantTable('contact_channels', 'select, insert, update')}

    create table attestations (
      business_id uuid not null references businesses (id),
      id uuid not null,
      statement text not null,
      recorded_by text not null,
      ip text,
      user_agent text,
      created_at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('attestations', 'select, insert')}

    create table consents (
      business_id uuid not null references businesses (id),
      id uuid not null,
      contact_id uuid not null,
      channel text not null check (channel in ('sms', 'email', 'whatsapp', 'voice')),
      purpose text not null check (purpose in ('service', 'marketing', 'ai_voice')),
      granted boolean not null,
      statement text not null,
      source text not null,
      method text not null check (method in ('form', 'keyword', 'paper', 'spoken', 'attested', 'api', 'carrier', 'link')),
      address_hash text,
      attestation_id uuid,
      recorded_by text not null,
      ip text,
      user_agent text,
      recorded_at timestamptz not null,
      primary key (business_id, id),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, attestation_id) references attestations (business_id, id)
    );
    ${tenantTable('consents', 'select, insert')}
    create index consents_latest on consents (business_id, contact_id, channel, purpose, recorded_at desc, id desc);
  `,
};
