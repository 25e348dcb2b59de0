// An event belongs to the handler whose claim is the newest, so that a process that wakes up late cannot act a second time. What the operator did to
// events is written down beside the tenants' own audit logs: these events belong to no business until they are handled.
export const webhooks = {
  name: '20261127_13_webhooks',
  sql: `
    alter table webhook_events
      add column claim int not null default 0,
      add column requeued_at timestamptz;
    create index webhook_events_failed on webhook_events (id) where status in ('failed', 'unmatched');
    grant select (claim, next_attempt_at, requeued_at), update (claim, requeued_at) on webhook_events to usher_app;

    create table platform_audit_logs (
      id uuid primary key,
      actor_kind text not null,
      actor_id text not null,
      action text not null,
      subject_kind text not null,
      subject_id uuid,
      reason text,
      asked jsonb not null default '{}',
      request_id text,
      at timestamptz not null
    );
    create index platform_audit_logs_subject on platform_audit_logs (subject_id, id);
    grant select, insert on platform_audit_logs to usher_app;
  `,
};
