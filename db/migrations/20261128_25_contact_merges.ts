// Two rows that turn out to be one person become one. The row that goes stays as an empty shell that names the kept one: the consent log, which only ever grows,
// points to it.
export const contactMerges = {
  name: '20261128_25_contact_merges',
  sql: `
    alter table contacts add column merged_into uuid check (merged_into <> id);
    alter table contacts add foreign key (business_id, merged_into) references contacts (business_id, id);
    create index contacts_merged on contacts (business_id, merged_into) where merged_into is not null;
  `,
};
