import { lookup } from './tenant-table';

// A sender may only say so much in a second, and several businesses may share one: each has a line of its own there, so that a flood waits behind itself.
// No table of a business's: the platform's own number serves many.
export const senderLines = {
  name: '20261127_19_sender_lines',
  sql: `
    create table sender_lines (
      sender text not null,
      line text not null,
      busy_until timestamptz not null,
      primary key (sender, line)
    ) with (fillfactor = 70);
    grant select, insert, update on sender_lines to usher_app;

    create index messages_unknown on messages (business_id) where status = 'unknown';
    ${lookup({
      name: 'count_unknown_messages',
      argument: '',
      returns: 'int',
      table: 'messages',
      columns: 'status',
      body: `select count(*)::int from messages where status = 'unknown'`,
    })}
  `,
};
