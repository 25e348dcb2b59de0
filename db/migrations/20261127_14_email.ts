import { lookup } from './tenant-table';

// What e-mail needs besides its text: the postal address that marketing must carry (CAN-SPAM), and the name it is sent under. Mail that answers no message
// of ours finds its business by the slug before the @.
export const email = {
  name: '20261127_14_email',
  sql: `
    alter table businesses add column postal_address text;
    alter table messages add column from_name text;
    ${lookup({
      name: 'business_of_slug',
      argument: 'asked text',
      returns: 'uuid',
      table: 'businesses',
      columns: 'id, slug',
      body: 'select b.id from businesses b where b.slug = asked',
    })}
  `,
};
