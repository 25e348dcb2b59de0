/** What every table of a business gets: forced row-level security, one policy, and rights for the application role. Frozen like the migrations that use it. */
export const tenantTable = (table: string, rights = 'select, insert, update, delete'): string => `
  alter table ${table} enable row level security;
  alter table ${table} force row level security;
  create policy business on ${table} using (business_id = (select current_business())) with check (business_id = (select current_business()));
  grant ${rights} on ${table} to usher_app;
`;
