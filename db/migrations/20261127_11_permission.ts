import { tenantTable } from './tenant-table';

// Permission: opt-outs by channel and scope with their proofs, do-not-call numbers, what a business set for itself, and what is counted against caps.
// The owner of the tables is bound by row-level security too, so it is lifted while the opt-outs so far are copied.
export const permission = {
  name: '20261127_11_permission',
  sql: `
    create table opt_outs (
      business_id uuid not null references businesses (id),
      id uuid not null,
      channel text not null check (channel in ('sms', 'whatsapp', 'email', 'voice')),
      address_hash text not null,
      scope text not null check (scope in ('automated', 'marketing')),
      source text not null check (source in ('keyword', 'free_text', 'carrier', 'unsubscribe', 'spam_report', 'link', 'spoken', 'staff')),
      statement text,
      evidence text,
      recorded_by text not null,
      suppressed_at timestamptz not null,
      reopened text[] not null default '{}',
      lifted_at timestamptz,
      lifted_evidence text,
      primary key (business_id, id)
    );
    alter table contact_channels no force row level security;
    insert into opt_outs (business_id, id, channel, address_hash, scope, source, recorded_by, suppressed_at)
      select business_id, gen_random_uuid(), channel, address_hash, 'automated',
        case when suppressed_source in ('keyword', 'carrier', 'unsubscribe', 'spam_report') then suppressed_source else 'staff' end, 'migration', suppressed_at
      from contact_channels where suppressed_at is not null;
    alter table contact_channels force row level security;
    ${tenantTable('opt_outs', 'select, insert, update')}
    create unique index opt_outs_standing on opt_outs (business_id, address_hash, channel, scope) where lifted_at is null;
    create index opt_outs_address on opt_outs (business_id, address_hash, suppressed_at);

    create table compliance_settings (
      business_id uuid not null references businesses (id),
      outbound_per_min_cap int not null default 5 check (outbound_per_min_cap between 0 and 60),
      outbound_daily_cap int not null default 50 check (outbound_daily_cap between 0 and 1000),
      contact_daily_cap int not null default 3 check (contact_daily_cap between 0 and 3),
      international text not null default 'visits' check (international in ('none', 'visits', 'all')),
      trial_outbound boolean not null default true,
      recording_announce boolean not null default true,
      retain_transcripts_days int not null default 90 check (retain_transcripts_days between 1 and 3650),
      updated_at timestamptz not null,
      primary key (business_id)
    );
    ${tenantTable('compliance_settings', 'select, insert, update')}

    create table dnc_numbers (
      business_id uuid not null references businesses (id),
      id uuid not null,
      number_hash text not null,
      number_e164 text,
      reason text not null,
      source text not null check (source in ('manual', 'csv_import')),
      created_by text not null,
      created_at timestamptz not null,
      removed_at timestamptz,
      removed_reason text,
      removed_by text,
      primary key (business_id, id)
    );
    ${tenantTable('dnc_numbers', 'select, insert, update')}
    create unique index dnc_numbers_standing on dnc_numbers (business_id, number_hash) where removed_at is null;
    create index dnc_numbers_list on dnc_numbers (business_id, id) where removed_at is null;

    create table dnc_checks (
      business_id uuid not null references businesses (id),
      number_hash text not null,
      listed boolean not null,
      checked_at timestamptz not null,
      primary key (business_id, number_hash)
    );
    ${tenantTable('dnc_checks', 'select, insert, update')}
    grant select (checked_at), delete on dnc_checks to usher_sweeper;
    create policy sweeper on dnc_checks to usher_sweeper using (true);
    create index dnc_checks_old on dnc_checks (checked_at);

    create table call_reservations (
      business_id uuid not null references businesses (id),
      id uuid not null,
      contact_id uuid not null,
      reserved_at timestamptz not null,
      released_at timestamptz,
      primary key (business_id, id),
      foreign key (business_id, contact_id) references contacts (business_id, id)
    );
    ${tenantTable('call_reservations', 'select, insert, update')}
    create index call_reservations_recent on call_reservations (business_id, reserved_at) where released_at is null;

    alter table messages add column decision jsonb, add column counted_at timestamptz;
    alter table messages no force row level security;
    update messages set counted_at = sent_at where direction = 'out' and contact_id is not null and message_class <> 'reply' and sent_at > now() - interval '24 hours';
    alter table messages force row level security;
    create index messages_counted on messages (business_id, contact_id, counted_at) where counted_at is not null;
    create index audit_logs_latest on audit_logs (business_id, at desc, id desc);
  `,
};
