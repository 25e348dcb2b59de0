// A message that the vendor took, could not bring, and took again was paid twice: what earlier attempts cost stays beside the newest one's price. No checks on the new
// columns: each would read the whole ledger while nobody can write to it.
export const pastAttempts = {
  name: '20261128_24_past_attempts',
  sql: `
    alter table messages add column past_cost_micros bigint not null default 0;
    -- The part of it that no vendor had confirmed when the message went again.
    alter table messages add column past_estimated_micros bigint not null default 0;
    alter table messages add column past_segments int not null default 0;
    -- When the last of them left: the week that they are counted in, should no other follow.
    alter table messages add column past_sent_at timestamptz;
  `,
};
