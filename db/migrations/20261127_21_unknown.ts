import { lookup } from './tenant-table';

// Of some messages nobody knows whether they were sent, and a person decides. What they decided stays beside the state; the count is what an operator watches.
export const unknown = {
  name: '20261127_21_unknown',
  sql: `
    alter table messages add column resolution text check (resolution in ('it_was_sent', 'send_again', 'leave_it'));
    alter table messages add column resolved_at timestamptz;
    alter table messages add constraint messages_resolution check ((resolution is null) = (resolved_at is null));
    create index messages_unknown on messages (business_id) where status = 'unknown' and resolution is null;
    ${lookup({
      name: 'count_unknown_messages',
      argument: '',
      returns: 'int',
      table: 'messages',
      columns: 'status, resolution',
      body: `select count(*)::int from messages where status = 'unknown' and resolution is null`,
    })}
  `,
};
