import { v7 as newId } from 'uuid';
import { createHash } from 'node:crypto';
import { isUnavailable } from '../../db/errors';
import type { StoredEvent } from '../../db/webhook-events';
import { noteRejected, storeEvents } from '../../db/webhook-events';
import { errorCode } from '../../domain/error-code';
import type { WebhookDeps } from './deps';
import { SEALED_AS } from './deps';

export type Delivered = { eventId: string; kind: string; payload: string };

/** Stores what was delivered, encrypted, once each. Rejects when it could not be stored; then the vendor must keep it. */
export type Store = (provider: string, delivered: Delivered[]) => Promise<StoredEvent[]>;

/**
 * Transaction 1 of a webhook. While one statement is under way, what comes in gathers for the next (natural group commit, docs/benchmarks.md B1): nobody waits
 * for others, and a burst costs few trips.
 */
export function createStore({ intake, encryption }: Pick<WebhookDeps, 'intake' | 'encryption'>): Store {
  const waiting: Delivery[] = [];
  const state = { writing: false };
  const write = async (): Promise<void> => {
    state.writing = true;
    while (waiting.length > 0) await writeTogether(intake, waiting.splice(0, AT_ONCE));
    state.writing = false;
  };
  return (provider, delivered) => {
    const events: StoredEvent[] = delivered.map(({ eventId, kind, payload }) => {
      const { keyId, bytes } = encryption.seal(payload, SEALED_AS);
      return { id: newId(), provider, eventId, kind, payload: bytes, keyId };
    });
    if (events.length === 0) return Promise.resolve(events); // nothing of ours: answered whatever the database does
    return new Promise((resolve, reject) => {
      waiting.push({ events, stored: () => resolve(events), failed: reject });
      if (!state.writing) void write();
    });
  };
}

/** Deliveries in one statement, at most. */
const AT_ONCE = 100;

type Delivery = { events: StoredEvent[]; stored: () => void; failed: (error: Error) => void };

/** Never rejects: each delivery hears how it fared. One that the database refuses does not take the others with it. */
async function writeTogether(intake: WebhookDeps['intake'], deliveries: Delivery[]): Promise<void> {
  try {
    await storeEvents(
      intake,
      deliveries.flatMap(({ events }) => events),
    );
    for (const { stored } of deliveries) stored();
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error('not stored');
    if (deliveries.length === 1 || isUnavailable(error)) for (const { failed } of deliveries) failed(error);
    else for (const each of deliveries) await writeTogether(intake, [each]);
  }
}

/** A delivery with a bad signature leaves its hash for a day, not its text: anybody may send us anything. */
export async function reject({ intake, log }: WebhookDeps, { provider, body }: { provider: string; body: Buffer | string }): Promise<void> {
  const bodySha256 = createHash('sha256').update(body).digest('hex');
  log.warn({ provider, bodySha256 }, 'a webhook with a bad signature was refused');
  const rejected = { id: newId(), provider, reason: 'bad_signature', bodySha256, byteLength: Buffer.byteLength(body) };
  // The answer is 401 with or without a trace: 503 would invite whoever it was to come again.
  await noteRejected(intake, rejected).catch((error: unknown) => {
    log.warn({ provider, code: errorCode(error) }, 'the refused webhook left no trace');
  });
}
