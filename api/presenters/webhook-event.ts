import { z } from 'zod';
import type { EventRow } from '../../db/webhook-inspector';
import { id, instantOut } from '../wire';

export const EVENT_STATUSES = ['received', 'processing', 'processed', 'unmatched', 'failed'] as const;

const shown = {
  id,
  provider: z.string(),
  event_id: z.string().meta({ description: "the vendor's own id, by which a repeat is known" }),
  kind: z.string(),
  status: z.enum(EVENT_STATUSES).meta({ description: 'unmatched: nothing of ours by that name yet, tried again for a day like received' }),
  attempts: z.int().meta({ description: 'since it came, or was last put back by hand' }),
  error: z.string().nullable().meta({ description: 'of the last try, in our words' }),
  received_at: instantOut,
  next_attempt_at: instantOut.nullable().meta({ description: 'null once it is processed or failed' }),
  requeued_at: instantOut.nullable().meta({ description: 'when an operator put it back' }),
  processed_at: instantOut.nullable(),
};

export const WebhookEventView = z.object(shown).meta({ id: 'WebhookEvent' });

const Field = z.object({ name: z.string(), value: z.string(), masked: z.boolean() });

export const WebhookEventDetail = z
  .object({
    ...shown,
    fields: z
      .array(Field)
      .nullable()
      .meta({ description: 'what the vendor sent, personal values masked; null: it cannot be opened any more' }),
  })
  .meta({ id: 'WebhookEventDetail' });

export function presentEvent({ errorCode, nextAttemptAt, ...row }: EventRow) {
  const open = row.status !== 'processed' && row.status !== 'failed';
  const { id: eventRowId, provider, eventId, kind, status, attempts, receivedAt, requeuedAt, processedAt } = row;
  return {
    ...{ id: eventRowId, provider, eventId, kind, status, attempts, receivedAt, requeuedAt, processedAt },
    error: errorCode,
    nextAttemptAt: open ? nextAttemptAt : null,
  };
}
