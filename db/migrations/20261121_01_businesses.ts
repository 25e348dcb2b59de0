import { lookup, tenantTable } from './tenant-table';

// The tenant and who may speak for it. Look-ups that must find a business before one is known are listed security definer functions that return ids only.
export const businesses = {
  name: '20261121_01_businesses',
  sql: `
    create extension if not exists btree_gist;

    create function current_business() returns uuid language sql stable as
      $$ select nullif(current_setting('app.business_id', true), '')::uuid $$;

    create table businesses (
      id uuid primary key,
      name text not null,
      slug text not null unique,
      status text not null default 'active' check (status in ('active', 'paused', 'canceled')),
      zone text not null default 'America/Chicago',
      locale text not null default 'en' check (locale in ('en', 'es')),
      phone text,
      email text,
      slot_step_min int not null default 15 check (slot_step_min between 5 and 120),
      quiet_start_minute int not null default 1260 check (quiet_start_minute between 0 and 1439),
      quiet_end_minute int not null default 480 check (quiet_end_minute between 0 and 1439),
      version int not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    alter table businesses enable row level security;
    alter table businesses force row level security;
    create policy business on businesses using (id = (select current_business())) with check (id = (select current_business()));
    grant select, insert, update on businesses to usher_app;

    create table users (
      business_id uuid not null references businesses (id),
      id uuid not null,
      email text not null,
      email_hash text not null unique,
      password_hash text not null,
      permission_level text not null check (permission_level in ('owner', 'admin', 'staff', 'viewer')),
      created_at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('users')}

    create table sessions (
      business_id uuid not null references businesses (id),
      token_hash text not null unique,
      user_id uuid not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      revoked_at timestamptz,
      primary key (business_id, token_hash),
      foreign key (business_id, user_id) references users (business_id, id)
    );
    ${tenantTable('sessions')}

    create table api_keys (
      business_id uuid not null references businesses (id),
      id uuid not null,
      name text not null,
      key_hash text not null unique,
      permission_level text not null check (permission_level in ('owner', 'admin', 'staff', 'viewer')),
      created_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      primary key (business_id, id)
    );
    ${tenantTable('api_keys')}

    create table phone_numbers (
      business_id uuid not null references businesses (id),
      id uuid not null,
      number_e164 text not null unique,
      registration_pending_until timestamptz,
      created_at timestamptz not null,
      primary key (business_id, id)
    );
    ${tenantTable('phone_numbers')}

    ${lookup({
      name: 'business_of_api_key',
      argument: 'hash text',
      returns: 'table (business_id uuid, id uuid)',
      table: 'api_keys',
      columns: 'business_id, id, key_hash, revoked_at',
      body: 'select k.business_id, k.id from api_keys k where k.key_hash = hash and k.revoked_at is null',
    })}
    ${lookup({
      name: 'business_of_session',
      argument: 'hash text',
      returns: 'table (business_id uuid, user_id uuid)',
      table: 'sessions',
      columns: 'business_id, user_id, token_hash, revoked_at',
      body: 'select s.business_id, s.user_id from sessions s where s.token_hash = hash and s.revoked_at is null',
    })}
    ${lookup({
      name: 'business_of_email',
      argument: 'hash text',
      returns: 'table (business_id uuid, id uuid)',
      table: 'users',
      columns: 'business_id, id, email_hash',
      body: 'select u.business_id, u.id from users u where u.email_hash = hash',
    })}
    ${lookup({
      name: 'business_of_number',
      argument: 'e164 text',
      returns: 'uuid',
      table: 'phone_numbers',
      columns: 'business_id, number_e164',
      body: 'select n.business_id from phone_numbers n where n.number_e164 = e164',
    })}
  `,
};
