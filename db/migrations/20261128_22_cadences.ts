import { tenantTable } from './tenant-table';

// Follow-ups as data, who is in one, and how somebody stands with the business (R52). One active cadence for a contact is a constraint, so that no two starts at
// the same moment can make it two. A message names the enrolment it belongs to: whatever ends that drops what has not left yet in one statement.
/** What a business that is there already gets: the same as a new one (domain/cadence-defaults.ts; a test compares them). As the tables' owner. */
export const CADENCES_OF_BEFORE = `
    insert into cadences (business_id, id, key, name_en, name_es, trigger, priority, enabled, winback_weeks, message_class, created_at, updated_at)
      select b.id, gen_random_uuid(), v.*, now(), now() from businesses b, (values
        ('never_answered', 'Never Answered', 'Sin respuesta', 'never_answered', 30, true, null::int, 'marketing'),
        ('no_show_recovery', 'No-show recovery', 'Recuperar ausencias', 'no_show_recovery', 20, true, null, 'marketing'),
        ('winback', 'Winback', 'Reencuentro', 'winback', 10, false, 12, 'marketing')) v;
    insert into cadence_steps (business_id, cadence_id, position, wait_min, template_key, channels)
      select d.business_id, d.id, v.position, v.days * 1440, v.template_key, '{sms,email}' from cadences d join (values
        ('never_answered', 1, 2, 'cadence_never_answered_1'), ('never_answered', 2, 3, 'cadence_never_answered_2'),
        ('never_answered', 3, 7, 'cadence_never_answered_3'), ('no_show_recovery', 1, 5, 'cadence_no_show_1'),
        ('no_show_recovery', 2, 9, 'cadence_no_show_2'), ('winback', 1, 0, 'cadence_winback_1'),
        ('winback', 2, 21, 'cadence_winback_2')) v (key, position, days, template_key) on v.key = d.key;`;

export const cadences = {
  name: '20261128_22_cadences',
  sql: `
    create table cadences (
      business_id uuid not null references businesses (id),
      id uuid not null,
      key text not null check (key ~ '^[a-z][a-z_]{1,39}$'),
      name_en text not null,
      name_es text not null,
      trigger text not null check (trigger in ('never_answered', 'no_show_recovery', 'winback', 'manual')),
      priority int not null check (priority between 1 and 100),
      enabled boolean not null,
      winback_weeks int check (winback_weeks between 1 and 260),
      message_class text not null check (message_class in ('notice', 'marketing')),
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      unique (business_id, key),
      check ((trigger = 'winback') = (winback_weeks is not null))
    );
    create unique index cadences_trigger on cadences (business_id, trigger) where trigger <> 'manual';

    create table cadence_steps (
      business_id uuid not null references businesses (id),
      cadence_id uuid not null,
      position int not null check (position between 1 and 20),
      wait_min int not null check (wait_min between 0 and 525600),
      template_key text not null,
      channels text[] not null check (channels <> '{}' and channels <@ '{sms,whatsapp,email}'),
      primary key (business_id, cadence_id, position),
      foreign key (business_id, cadence_id) references cadences (business_id, id)
    );
    alter table businesses no force row level security;
    ${CADENCES_OF_BEFORE}
    alter table businesses force row level security;
    ${tenantTable('cadences', 'select, insert, update')}
    ${tenantTable('cadence_steps')}

    create table cadence_states (
      business_id uuid not null references businesses (id),
      id uuid not null,
      cadence_id uuid not null,
      contact_id uuid not null,
      appointment_id uuid,
      status text not null default 'active' check (status in ('active', 'ended')),
      ended_reason text check (ended_reason in ('replied', 'booked', 'opted_out', 'finished', 'stopped', 'superseded', 'erased')),
      ended_at timestamptz,
      step int not null default 1,
      next_action_at timestamptz,
      queued_at timestamptz,
      sent_at timestamptz,
      last_status text,
      noted text[] not null default '{}',
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, id),
      check ((status = 'ended') = (ended_reason is not null)),
      check ((status = 'ended') = (ended_at is not null)),
      check ((status = 'active') = (next_action_at is not null)),
      foreign key (business_id, cadence_id) references cadences (business_id, id),
      foreign key (business_id, contact_id) references contacts (business_id, id),
      foreign key (business_id, appointment_id) references appointments (business_id, id)
    );
    ${tenantTable('cadence_states')}
    create unique index cadence_states_active on cadence_states (business_id, contact_id) where status = 'active';
    create index cadence_states_queue on cadence_states (business_id, next_action_at, contact_id) where status = 'active';
    create index cadence_states_contact on cadence_states (business_id, contact_id, cadence_id, created_at);

    alter table messages add column cadence_state_id uuid;
    alter table messages add foreign key (business_id, cadence_state_id) references cadence_states (business_id, id);
    create index messages_cadence on messages (business_id, cadence_state_id) where cadence_state_id is not null;

    create table lead_status (
      business_id uuid not null references businesses (id),
      contact_id uuid not null,
      bucket text not null check (bucket in ('new', 'no_answer', 'engaged', 'booked', 'visited', 'no_show', 'lapsed', 'opted_out', 'lost')),
      tag text,
      next_action_at timestamptz,
      bucket_at timestamptz not null,
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (business_id, contact_id),
      foreign key (business_id, contact_id) references contacts (business_id, id)
    );
    ${tenantTable('lead_status')}
    create index lead_status_bucket on lead_status (business_id, bucket);
  `,
};
