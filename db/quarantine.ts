import type { Channel } from '../domain/message';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Tx } from './tenancy';

/** A text of somebody whom nobody here knows. */
export type QuarantinedRow = {
  id: string;
  contactId: string | null;
  channel: Channel;
  fromAddress: string | null;
  toAddress: string | null;
  body: string | null;
  mediaTypes: string[];
  quarantine: 'waiting' | 'assigned' | 'dismissed';
  quarantineSettledAt: Instant | null;
  createdAt: Instant;
};

const COLUMNS = [
  ...['id', 'contactId', 'channel', 'fromAddress', 'toAddress', 'body', 'mediaTypes', 'quarantine', 'quarantineSettledAt', 'createdAt'],
];

export type QuarantinePage = { state: QuarantinedRow['quarantine']; before?: string; limit: number };

/** Newest first, by pages. */
export async function listQuarantined(tx: Tx, { state, before, limit }: QuarantinePage): Promise<QuarantinedRow[]> {
  const query = tx('messages').where({ quarantine: state }).orderBy('id', 'desc').limit(limit);
  if (before !== undefined) void query.where('id', '<', before);
  return query.select<QuarantinedRow[]>(COLUMNS);
}

/** Throws RowMissing when this business has no such text, or it never was in quarantine. */
export async function findQuarantined(tx: Tx, id: string): Promise<QuarantinedRow> {
  return one(
    'quarantined message',
    await tx('messages').where({ id }).whereNotNull('quarantine').forUpdate().select<QuarantinedRow[]>(COLUMNS),
  );
}

type Sender = Pick<QuarantinedRow, 'channel' | 'fromAddress'>;

/** Settles everything that waits of one sender on one channel; answers which texts. `contactId` null: dismissed. */
export async function settleSender(
  tx: Tx,
  { channel, fromAddress, contactId, now }: Sender & { contactId: string | null; now: Instant },
): Promise<string[]> {
  const rows = await tx('messages')
    .where({ channel, fromAddress, direction: 'in', quarantine: 'waiting' })
    .update({ quarantine: contactId === null ? 'dismissed' : 'assigned', contactId, quarantineSettledAt: now, updatedAt: now })
    .returning<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}

/** Puts back what was settled together, as it was. Answers which texts. */
export async function reopenSender(
  tx: Tx,
  { channel, fromAddress, quarantineSettledAt, now }: Sender & { quarantineSettledAt: Instant | null; now: Instant },
): Promise<string[]> {
  const rows = await tx('messages')
    .where({ channel, fromAddress, direction: 'in', quarantineSettledAt })
    .whereIn('quarantine', ['assigned', 'dismissed'])
    .update({ quarantine: 'waiting', contactId: null, quarantineSettledAt: null, updatedAt: now })
    .returning<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}
