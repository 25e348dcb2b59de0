// A business makes cadences of its own and takes them away. A row stays, since enrolments and messages point to it; its key is free again.
export const ownCadences = {
  name: '20261128_23_own_cadences',
  sql: `
    alter table cadences add column active boolean not null default true;
    alter table cadences add check (active or not enabled);
    alter table cadences drop constraint cadences_business_id_key_key;
    create unique index cadences_key on cadences (business_id, key) where active;
  `,
};
