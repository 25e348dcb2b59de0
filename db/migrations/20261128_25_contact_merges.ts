import { tenantTable } from './tenant-table';

// Two rows that turn out to be one person become one. The row that goes stays as an empty shell that names the kept one: the consent log, which only ever grows,
// points to it. An address that went stays known as one of theirs, by its hash: a STOP from the old number is theirs too.
export const contactMerges = {
  name: '20261128_25_contact_merges',
  sql: `
    alter table contacts add column merged_into uuid;
    alter table contacts add constraint contacts_merged_into check (merged_into <> id) not valid;
    -- Not valid: it holds for every row from now on, and none from before is merged, so none is to be read while nobody can write.
    alter table contacts add foreign key (business_id, merged_into) references contacts (business_id, id) not valid;
    create index contacts_merged on contacts (business_id, merged_into) where merged_into is not null;

    create table contact_aliases (
      business_id uuid not null references businesses (id),
      contact_id uuid not null,
      kind text not null check (kind in ('phone', 'email')),
      address_hash text not null,
      created_at timestamptz not null,
      primary key (business_id, contact_id, address_hash),
      foreign key (business_id, contact_id) references contacts (business_id, id) on delete cascade
    );
    ${tenantTable('contact_aliases')}
    create index contact_aliases_by on contact_aliases (business_id, address_hash);
  `,
};
