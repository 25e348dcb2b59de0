import { lookup } from './tenant-table';

// What the API needs beyond the businesses' own tables: requests of the platform's operator (no business yet), log-in attempts by address, two look-ups.
export const api = {
  name: '20261121_08_api',
  sql: `
    create table operator_requests (
      key text primary key,
      request_hash text not null,
      status int,
      answer jsonb,
      created_at timestamptz not null default now()
    );
    grant select, insert, update on operator_requests to usher_app;
    grant select (key, created_at), delete on operator_requests to usher_sweeper;

    create table rate_limits (
      key varchar(255) primary key,
      points int not null default 0,
      expire bigint
    );
    grant select, insert, update, delete on rate_limits to usher_app;

    ${lookup({
      name: 'count_doorbells',
      argument: '',
      returns: 'int',
      table: 'doorbells',
      columns: 'workflow_id',
      body: 'select count(*)::int from doorbells',
    })}
    ${lookup({
      name: 'page_of_businesses',
      argument: 'before uuid, page_size int',
      returns: 'table (id uuid)',
      table: 'businesses',
      columns: 'id, zone, status',
      body: 'select b.id from businesses b where before is null or b.id < before order by b.id desc limit page_size',
    })}
  `,
};
