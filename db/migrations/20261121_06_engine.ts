import { lookup, tenantTable } from './tenant-table';

// What ties facts to time: the doorbell that wakes a process, the process's own last plan, and what happens once a day.
// relay and sweeper see these rows of all businesses by a policy of their own, never by BYPASSRLS.
export const engine = {
  name: '20261121_06_engine',
  sql: `
    create table doorbells (
      workflow_id text primary key,
      business_id uuid not null references businesses (id),
      kind text not null,
      version int not null,
      lane int not null default 0 check (lane in (0, 1)),
      changed_at timestamptz not null,
      claim int not null default 0,
      claimed_until timestamptz,
      next_attempt_at timestamptz,
      attempts int not null default 0,
      last_error text
    ) with (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70);
    ${tenantTable('doorbells', 'select, insert, update')}
    create index doorbells_of_business on doorbells (business_id, lane);
    grant select, update, delete on doorbells to usher_relay;
    create policy relay on doorbells to usher_relay using (true) with check (true);

    create table processes (
      workflow_id text primary key,
      business_id uuid not null references businesses (id),
      kind text not null,
      version int not null,
      planned_version int not null default 0,
      next_at timestamptz,
      next_what text,
      clock_lead_ms bigint not null default 0,
      planned_at timestamptz,
      closed_at timestamptz,
      created_at timestamptz not null
    ) with (fillfactor = 70);
    ${tenantTable('processes', 'select, insert, update')}
    create index processes_next on processes (business_id, next_at) where closed_at is null;
    grant select on processes to usher_sweeper;
    create policy sweeper on processes for select to usher_sweeper using (true);
    create index processes_overdue on processes (next_at) where closed_at is null;

    create table daily_runs (
      business_id uuid not null references businesses (id),
      kind text not null,
      local_date date not null,
      done_at timestamptz not null,
      primary key (business_id, kind, local_date)
    );
    ${tenantTable('daily_runs', 'select, insert')}

    create table sandbox_clocks (
      business_id uuid not null references businesses (id),
      offset_ms bigint not null,
      primary key (business_id)
    );
    ${tenantTable('sandbox_clocks', 'select, insert, update')}

    ${lookup({
      name: 'active_businesses',
      argument: '',
      returns: 'table (id uuid, zone text)',
      table: 'businesses',
      columns: 'id, zone, status',
      body: `select b.id, b.zone from businesses b where b.status = 'active'`,
    })}
  `,
};
