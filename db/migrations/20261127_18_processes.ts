// Every answer to a text and every day's schedule leaves a closed process behind: the sweep forgets them after 30 days. A later ring makes the row anew.
export const processes = {
  name: '20261127_18_processes',
  sql: `
    grant delete on processes to usher_sweeper;
    create policy sweeper_forgets on processes for delete to usher_sweeper using (closed_at < now() - interval '30 days');
    create index processes_closed on processes (closed_at) where closed_at is not null;
  `,
};
