import type { Instant } from '../domain/time';
import { one, RowMissing } from './errors';
import type { Tx } from './tenancy';

// What an operator sees of stored webhooks, and how they put one back. The application's role cannot read a payload: nothing here shows one.

export type EventRow = {
  id: string;
  provider: string;
  eventId: string;
  kind: string;
  status: 'received' | 'processing' | 'processed' | 'unmatched' | 'failed';
  attempts: number;
  errorCode: string | null;
  receivedAt: Instant;
  nextAttemptAt: Instant;
  requeuedAt: Instant | null;
  processedAt: Instant | null;
};

const COLUMNS = [
  'id',
  'provider',
  'eventId',
  'kind',
  'status',
  'attempts',
  'errorCode',
  'receivedAt',
  'nextAttemptAt',
  'requeuedAt',
  'processedAt',
] as const;

/** Which events: what is left out does not matter. `from` and `to` bound when they were received. */
export type EventFilter = {
  provider?: string | undefined;
  eventId?: string | undefined;
  kind?: string | undefined;
  status?: string | undefined;
  error?: string | undefined;
  from?: Instant | undefined;
  to?: Instant | undefined;
};

/** Newest first, by pages. */
export async function listEvents(
  tx: Tx,
  { before, limit, ...filter }: EventFilter & { before?: string; limit: number },
): Promise<EventRow[]> {
  const query = matching(tx, filter).orderBy('id', 'desc').limit(limit);
  if (before !== undefined) void query.where('id', '<', before);
  return query.select<EventRow[]>(...COLUMNS);
}

/** Throws RowMissing. */
export async function findEvent(tx: Tx, id: string): Promise<EventRow> {
  return one(
    'webhook event',
    await tx('webhookEvents')
      .where({ id })
      .select<EventRow[]>(...COLUMNS),
  );
}

/** What was given up, or has found no subject yet. */
export type UndoneFilter = Omit<EventFilter, 'eventId' | 'status'> & { status: 'failed' | 'unmatched' };

export async function countEvents(tx: Tx, filter: UndoneFilter): Promise<number> {
  const [row] = await matching(tx, filter).count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

/** Puts all that match back to received. Answers how many. Safe to run twice: what is put back matches no longer. */
export async function requeueEvents(tx: Tx, filter: UndoneFilter): Promise<number> {
  return matching(tx, filter).update(requeued(tx));
}

/**
 * Puts one event back to received, whatever became of it: the sweep handles it again within seconds, and for a day if it must. Null while somebody is
 * handling it. Throws RowMissing.
 */
export async function requeueEvent(tx: Tx, id: string): Promise<EventRow | null> {
  const rows = await tx('webhookEvents')
    .where({ id })
    .andWhere((free) => void free.whereNot({ status: 'processing' }).orWhereRaw('next_attempt_at <= now()'))
    .update(requeued(tx))
    .returning<EventRow[]>([...COLUMNS]);
  if (rows[0]) return rows[0];
  const there = await tx('webhookEvents').where({ id }).select<{ id: string }[]>('id');
  if (there.length === 0) throw new RowMissing('webhook event');
  return null;
}

/** A new claim: a handler that still holds an older one can do nothing any more. The last error stays until the next try says otherwise. */
const requeued = (tx: Tx) => ({
  status: 'received',
  attempts: 0,
  claim: tx.raw('claim + 1'),
  requeuedAt: tx.raw('now()'),
  nextAttemptAt: tx.raw('now()'),
  processedAt: null,
});

function matching(tx: Tx, { provider, eventId, kind, status, error, from, to }: EventFilter) {
  const query = tx('webhookEvents');
  const equal = { provider, eventId, kind, status, errorCode: error };
  for (const [column, value] of Object.entries(equal)) if (value !== undefined) void query.where({ [column]: value });
  if (from !== undefined) void query.where('receivedAt', '>=', from);
  if (to !== undefined) void query.where('receivedAt', '<', to);
  return query;
}
