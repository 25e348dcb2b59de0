import { v7 as newId } from 'uuid';
import { createHash } from 'node:crypto';
import type { StoredEvent } from '../../db/webhook-events';
import { noteRejected, storeEvents } from '../../db/webhook-events';
import { errorCode } from '../../domain/error-code';
import type { WebhookDeps } from './deps';
import { SEALED_AS } from './deps';

export type Delivered = { eventId: string; kind: string; payload: string };

/** Transaction 1: stores what was delivered, encrypted, once each. Throws when it could not be stored; then the vendor must keep it. */
export async function store({ intake, encryption }: WebhookDeps, provider: string, delivered: Delivered[]): Promise<StoredEvent[]> {
  const events: StoredEvent[] = delivered.map(({ eventId, kind, payload }) => {
    const { keyId, bytes } = encryption.seal(payload, SEALED_AS);
    return { id: newId(), provider, eventId, kind, payload: bytes, keyId };
  });
  await storeEvents(intake, events);
  return events;
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
