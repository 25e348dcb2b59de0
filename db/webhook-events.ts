import type { Knex } from 'knex';
import { one } from './errors';
import type { Tx } from './tenancy';

export type StoredEvent = { id: string; provider: string; eventId: string; kind: string; payload: Buffer; keyId: string };

/**
 * Stores what a vendor delivered, one statement, for the intake role, which can insert and read nothing. A delivery that repeats an event adds no row:
 * then the id given here does not exist, and nobody handles it twice.
 */
export async function storeEvents(intake: Knex, given: StoredEvent[]): Promise<void> {
  // In one order: two processes that store the same repeats together would wait for each other otherwise.
  const events = given.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await intake.raw(
    `insert into webhook_events (id, provider, event_id, kind, payload, key_id)
     select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::text[]) on conflict do nothing`,
    [
      events.map(({ id }) => id),
      events.map(({ provider }) => provider),
      events.map(({ eventId }) => eventId),
      events.map(({ kind }) => kind),
      events.map(({ payload }) => `\\x${payload.toString('hex')}`),
      events.map(({ keyId }) => keyId),
    ],
  );
}

const keyOf = ({ provider, eventId }: StoredEvent): string => `${provider} ${eventId}`;

export type Rejected = { id: string; provider: string; reason: string; bodySha256: string; byteLength: number };

/** Keeps a trace of a delivery whose signature was wrong, for 24 h: its hash, not its text. */
export async function noteRejected(intake: Knex, rejected: Rejected): Promise<void> {
  await intake('rejectedWebhooks').insert(rejected);
}

// received → processing → processed | failed; `unmatched` and `received` again are the ways back to another try. One claim is one try.

/** An event as the handler that claimed it knows it. A newer claim makes an older one void. */
export type Claim = { id: string; claim: number };

/**
 * Claims an event whose turn it is, for a minute: if the process dies, a sweep claims it anew after that. Null: another has it, it is done, its turn has not
 * come, or it was a repeat that left no row.
 */
export async function claimEvent(pool: Knex, id: string): Promise<Claim | null> {
  const { rows } = await pool.raw<{ rows: Claim[] }>(
    `update webhook_events set status = 'processing', attempts = attempts + 1, claim = claim + 1, next_attempt_at = now() + interval '1 minute'
     where id = (select id from webhook_events where id = ? and status in ('received', 'processing', 'unmatched') and next_attempt_at <= now()
       for update skip locked)
     returning id, claim`,
    [id],
  );
  return rows[0] ?? null;
}

/** Holds a claimed event for this transaction, in which its effect is made. False: the claim is void, somebody else has the event or has finished it. */
export async function holdEvent(tx: Tx, claimed: Claim): Promise<boolean> {
  const rows = await tx('webhookEvents')
    .where({ ...claimed, status: 'processing' })
    .forUpdate()
    .skipLocked()
    .select<{ id: string }[]>('id');
  return rows.length > 0;
}

/** The event's effect is part of the same transaction: both are there or neither. */
export async function noteProcessed(tx: Tx, claimed: Claim): Promise<void> {
  await tx('webhookEvents')
    .where({ ...claimed, status: 'processing' })
    .update({ status: 'processed', processedAt: tx.raw('now()'), errorCode: null });
}

/**
 * Tried again after 5, 10, 20 s … an hour, for 24 h since it came or was put back by hand; then failed, for the inspector. `code` is our word, never the
 * error's text. Says nothing when the claim is void.
 */
export async function noteUnprocessed(
  pool: Knex,
  { id, claim, status, code }: Claim & { status: 'received' | 'unmatched'; code: string },
): Promise<void> {
  await pool.raw(
    `update webhook_events set error_code = ?,
       status = case when greatest(received_at, requeued_at) < now() - interval '24 hours' then 'failed' else ? end,
       next_attempt_at = now() + least(interval '1 hour', interval '5 seconds' * power(2, least(attempts - 1, 12)))
     where id = ? and claim = ? and status = 'processing'`,
    [code, status, id, claim],
  );
}

/** Events whose turn has come, oldest first. For the sweeper's role, the only one that reads payloads. */
export async function findDueEvents(sweeper: Knex, limit: number): Promise<StoredEvent[]> {
  return (
    sweeper('webhookEvents')
      .whereIn('status', ['received', 'processing', 'unmatched'])
      // One just stored is being handled by the process that took it.
      .whereRaw(`next_attempt_at <= now() and received_at < now() - interval '5 seconds'`)
      .orderBy('nextAttemptAt')
      .limit(limit)
      .select<StoredEvent[]>('id', 'provider', 'eventId', 'kind', 'payload', 'keyId')
  );
}

/** One event with its payload, for the sweeper's role. Throws RowMissing. */
export async function findStoredEvent(sweeper: Knex, id: string): Promise<StoredEvent> {
  const rows = await sweeper('webhookEvents').where({ id }).select<StoredEvent[]>('id', 'provider', 'eventId', 'kind', 'payload', 'keyId');
  return one('webhook event', rows);
}

/** Whether a vendor has called us since an instant: a sign that its callbacks arrive (providers.md 4). */
export async function hasEventSince(tx: Tx, { provider, since }: { provider: string; since: string }): Promise<boolean> {
  const rows = await tx('webhookEvents').where({ provider }).where('receivedAt', '>', since).limit(1).select<{ id: string }[]>('id');
  return rows.length > 0;
}
