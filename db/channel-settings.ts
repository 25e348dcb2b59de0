import type { Instant } from '../domain/time';
import { RowChanged } from './errors';
import type { Tx } from './tenancy';

export type WhatsAppVendor = 'twilio' | 'meta' | 'off';

/** By whom a business writes over a channel, and as which sender. A channel without a row is as `channelDefaults` says. */
export type ChannelSetting = {
  channel: 'sms' | 'whatsapp';
  vendor: WhatsAppVendor;
  /** SMS: a Messaging Service (MG…) or a number; null: the business's first number. WhatsApp: a number, or Meta's id of one. */
  sender: string | null;
  version: number;
  /** Null: never changed. */
  updatedAt: Instant | null;
};

const DEFAULTS: readonly ChannelSetting[] = [
  { channel: 'sms', vendor: 'twilio', sender: null, version: 0, updatedAt: null },
  { channel: 'whatsapp', vendor: 'off', sender: null, version: 0, updatedAt: null },
];

/** Both channels, whether they were ever changed or not. */
export async function listChannelSettings(tx: Tx): Promise<ChannelSetting[]> {
  const rows = await tx('channelSettings').select<ChannelSetting[]>('channel', 'vendor', 'sender', 'version', 'updatedAt');
  return DEFAULTS.map((usual) => rows.find(({ channel }) => channel === usual.channel) ?? usual);
}

export type ChannelChange = Pick<ChannelSetting, 'channel' | 'vendor' | 'sender'> & { ifVersion: number | null; now: Instant };

/** Throws RowChanged, and a duplicate (23505) for a WhatsApp sender that any business has: inbound messages find their business by it. */
export async function putChannelSetting(tx: Tx, { ifVersion, now, ...setting }: ChannelChange): Promise<ChannelSetting> {
  const { rows } = await tx.raw<{ rows: ChannelSetting[] }>(
    `insert into channel_settings as s (business_id, channel, vendor, sender, updated_at) values (current_business(), :channel, :vendor, :sender, :now)
     on conflict (business_id, channel) do update set vendor = excluded.vendor, sender = excluded.sender, version = s.version + 1, updated_at = excluded.updated_at
       where :ifVersion::int is null or s.version = :ifVersion
     returning channel, vendor, sender, version, updated_at`,
    { ...setting, ifVersion, now },
  );
  const [row] = rows;
  if (!row) throw new RowChanged('channel');
  return row;
}

/** The business that writes on WhatsApp as this sender, or null. */
export async function findBusinessOfSender(tx: Tx, { vendor, sender }: { vendor: string; sender: string }): Promise<string | null> {
  const { rows } = await tx.raw<{ rows: { id: string | null }[] }>('select business_of_sender(?, ?) as id', [vendor, sender]);
  return rows[0]?.id ?? null;
}
