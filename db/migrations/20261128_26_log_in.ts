import { tenantTable } from './tenant-table';

// People log in by a link in an e-mail, which is a message of the ledger to a user; and see where they are logged in, so a session says since when and by what.
// The ledger's new foreign key is not valid: it holds for every row from now on, and no old one has a user, so nothing is to be read while nobody can write.
// Its two indexes hold few rows; each reads the ledger once, and writing waits for that.
export const logIn = {
  name: '20261128_26_log_in',
  sql: `
    alter table messages add column user_id uuid;
    alter table messages add constraint messages_user foreign key (business_id, user_id) references users (business_id, id) not valid;
    create index messages_user on messages (business_id, user_id) where user_id is not null;

    -- What a front desk's day begins with: messages that need a person.
    create index messages_failed on messages (business_id, failed_at) where status = 'failed';

    create table sign_in_links (
      business_id uuid not null references businesses (id),
      message_id uuid not null,
      user_id uuid not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      primary key (business_id, message_id),
      foreign key (business_id, message_id) references messages (business_id, id),
      foreign key (business_id, user_id) references users (business_id, id)
    );
    ${tenantTable('sign_in_links', 'select, insert, update')}
    create index sign_in_links_user on sign_in_links (business_id, user_id);

    alter table sessions add column id uuid not null default gen_random_uuid();
    alter table sessions add column device text;
    alter table sessions add column last_used_at timestamptz;
    create unique index sessions_id on sessions (business_id, id);
    create index sessions_user on sessions (business_id, user_id);
  `,
};
