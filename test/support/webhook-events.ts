import { v7 as newId } from 'uuid';
import type { ApiDeps } from '../../api/deps';
import { SEALED_AS } from '../../api/webhooks/deps';
import { storeEvents } from '../../db/webhook-events';
import { newSid } from './deliveries';

type Made = { eventId?: string; kind?: string; provider?: string; payload?: string };

/** A delivery as it is stored, that nobody has handled: by default a report on a message that nobody knows. Answers its id. */
export async function aWebhookEvent({ intake, encryption }: Pick<ApiDeps, 'intake' | 'encryption'>, made: Made = {}): Promise<string> {
  const sid = newSid();
  const { provider = 'twilio', kind = 'status', eventId = `${sid}:sent` } = made;
  const body = `MessageSid=${sid}&MessageStatus=sent&To=%2B12125550142&From=%2B12125550100`;
  const text = made.payload ?? JSON.stringify({ url: 'https://usher.example/webhooks/twilio/status', body });
  const { keyId, bytes } = encryption.seal(text, SEALED_AS);
  const id = newId();
  await storeEvents(intake, [{ id, provider, eventId, kind, payload: bytes, keyId }]);
  return id;
}
