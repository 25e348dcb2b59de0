// What a message cost, in micro-dollars: booked from this table when the vendor takes it, corrected when the vendor names its price. Prices are rows with a
// source and a date, so that a new one is no release. `prefix` is the start of the receiver's number; the longest that fits holds. Of the carriers' fees
// (0.0035 to 0.0045) the dearer is taken, so that nobody is surprised by the bill.
export const costs = {
  name: '20261127_20_costs',
  sql: `
    create table prices (
      vendor text not null,
      kind text not null check (kind in ('long_code', 'toll_free', 'short_code', 'email', 'whatsapp_template', 'whatsapp_text')),
      prefix text not null,
      valid_from date not null,
      per text not null check (per in ('segment', 'message')),
      price_micros int not null check (price_micros >= 0),
      carrier_micros int not null default 0 check (carrier_micros >= 0),
      source text not null,
      primary key (vendor, kind, prefix, valid_from)
    );
    grant select on prices to usher_app;
    insert into prices (vendor, kind, prefix, valid_from, per, price_micros, carrier_micros, source) values
      ('twilio', 'long_code', '+1', '2026-11-01', 'segment', 8300, 4500, 'Twilio price list US, 10DLC carrier fees, 2026-11'),
      ('twilio', 'toll_free', '+1', '2026-11-01', 'segment', 8300, 4500, 'Twilio price list US, carrier fees as for 10DLC (unverified), 2026-11'),
      ('twilio', 'short_code', '+1', '2026-11-01', 'segment', 8300, 4500, 'Twilio price list US, carrier fees as for 10DLC (unverified), 2026-11'),
      ('twilio', 'whatsapp_template', '+1', '2026-11-01', 'message', 5000, 3400, 'Twilio fee and Meta utility template US (unverified), 2026-11'),
      ('twilio', 'whatsapp_text', '+1', '2026-11-01', 'message', 5000, 0, 'Twilio fee; Meta charges nothing inside the window (unverified), 2026-11'),
      ('meta', 'whatsapp_template', '+1', '2026-11-01', 'message', 3400, 0, 'Meta utility template US (unverified), 2026-11'),
      ('meta', 'whatsapp_text', '', '2026-11-01', 'message', 0, 0, 'Meta charges nothing inside the window (unverified), 2026-11'),
      ('sendgrid', 'email', '', '2026-11-01', 'message', 400, 0, 'SendGrid Essentials: USD 19.95 a month for 50,000 (unverified), 2026-11');

    alter table messages add column cost_micros bigint check (cost_micros >= 0);
    alter table messages add column price_source text check (price_source in ('estimated', 'vendor'));
    alter table messages add constraint messages_cost check ((cost_micros is null) = (price_source is null));
    -- When the vendor is to be asked what it charged; empty: it was, or it cannot be.
    alter table messages add column price_due_at timestamptz;
    create index messages_price_due on messages (price_due_at) where price_due_at is not null;
    grant select (business_id, id, vendor_id, price_due_at) on messages to usher_sweeper;
    create policy sweeper on messages for select to usher_sweeper using (price_due_at is not null);
  `,
};
