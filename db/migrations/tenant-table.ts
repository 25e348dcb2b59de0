/** What every table of a business gets: forced row-level security, one policy, and rights for the application role. Frozen like the migrations that use it. */
export const tenantTable = (table: string, rights = 'select, insert, update, delete'): string => `
  alter table ${table} enable row level security;
  alter table ${table} force row level security;
  create policy business on ${table} using (business_id = (select current_business())) with check (business_id = (select current_business()));
  grant ${rights} on ${table} to usher_app;
`;

type Lookup = { name: string; argument: string; returns: string; table: string; columns: string; body: string };

/**
 * A way to find the business of something before the business is known. It runs as usher_lookup, which cannot log in and reads only the named columns,
 * and answers ids only. These functions are the only door across businesses (architecture.md, Facts).
 */
export const lookup = ({ name, argument, returns, table, columns, body }: Lookup): string => `
  create function ${name}(${argument}) returns ${returns} language sql stable security definer set search_path = public, pg_temp as $$ ${body} $$;
  drop policy if exists lookup on ${table};
  create policy lookup on ${table} for select to usher_lookup using (true);
  grant select (${columns}) on ${table} to usher_lookup;
  grant create on schema public to usher_lookup;
  alter function ${name} owner to usher_lookup;
  revoke create on schema public from usher_lookup;
  revoke execute on function ${name} from public;
  grant execute on function ${name} to usher_app;
`;
