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
  `,
};
