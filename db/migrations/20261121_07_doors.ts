import { lookup, tenantTable } from './tenant-table';

// The doors to the world: webhooks stored before they are understood, requests answered once, links, and the two ledgers that are only ever added to.
export const doors = {
  name: '20261121_07_doors',
  sql: `
    create table webhook_events (
      id uuid primary key,
      provider text not null,
      event_id text not null,
      kind text not null,
      payload bytea not null,
      key_id text not null,
      status text not null default 'received' check (status in ('received', 'processing', 'processed', 'unmatched', 'failed')),
      attempts int not null default 0,
      next_attempt_at timestamptz not null default now(),
      error_code text,
      received_at timestamptz not null default now(),
      processed_at timestamptz,
      unique (provider, event_id)
    );
    create index webhook_events_due on webhook_events (next_attempt_at) where status in ('received', 'processing', 'unmatched');
    create index webhook_events_received on webhook_events (received_at);
    grant insert on webhook_events to usher_intake;
    grant select (id, provider, event_id, kind, status, attempts, received_at, processed_at, error_code), update (status, attempts, next_attempt_at, error_code, processed_at) on webhook_events to usher_app;
    grant select, delete on webhook_events to usher_sweeper;

    create table rejected_webhooks (
      id uuid primary key,
      provider text not null,
      reason text not null,
      body_sha256 text not null,
      byte_length int not null,
      received_at timestamptz not null default now()
    );
    grant insert on rejected_webhooks to usher_intake;
    grant select (id, received_at), delete on rejected_webhooks to usher_sweeper;

    create table idempotency_keys (
      business_id uuid not null references businesses (id),
      key text not null,
      request_hash text not null,
      status int,
      answer jsonb,
      created_at timestamptz not null default now(),
      primary key (business_id, key)
    );
    ${tenantTable('idempotency_keys')}
    grant select (business_id, key, created_at), delete on idempotency_keys to usher_sweeper;
    create policy sweeper on idempotency_keys to usher_sweeper using (created_at < now() - interval '24 hours');

    create table events_ledger (
      business_id uuid not null references businesses (id),
      id uuid not null,
      type text not null,
      subject_id uuid,
      payload jsonb not null default '{}',
      at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('events_ledger', 'select, insert')}

    create table audit_logs (
      business_id uuid not null references businesses (id),
      id uuid not null,
      actor_kind text not null,
      actor_id text not null,
      action text not null,
      subject_kind text not null,
      subject_id uuid,
      changes jsonb not null default '{}',
      request_id text,
      at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('audit_logs', 'select, insert')}
    create index audit_logs_subject on audit_logs (business_id, subject_id, id);

    create table links (
      business_id uuid not null references businesses (id),
      id uuid not null,
      kind text not null check (kind in ('appointment', 'staff_calendar')),
      token_hash text not null unique,
      appointment_id uuid,
      staff_id uuid,
      created_at timestamptz not null,
      revoked_at timestamptz,
      primary key (business_id, id),
      foreign key (business_id, appointment_id) references appointments (business_id, id),
      foreign key (business_id, staff_id) references staff (business_id, id)
    );
    ${tenantTable('links')}
    create unique index links_appointment on links (business_id, appointment_id) where appointment_id is not null;
    create unique index links_staff on links (business_id, staff_id) where staff_id is not null;
    ${lookup({
      name: 'business_of_link',
      argument: 'hash text',
      returns: 'table (business_id uuid, id uuid)',
      table: 'links',
      columns: 'business_id, id, token_hash, revoked_at',
      body: 'select l.business_id, l.id from links l where l.token_hash = hash and l.revoked_at is null',
    })}
  `,
};
