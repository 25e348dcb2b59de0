import type { Tx } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import type { ApiDeps } from '../deps';

export type WebhookDeps = Pick<
  ApiDeps,
  'db' | 'intake' | 'sweeper' | 'clock' | 'hash' | 'encryption' | 'log' | 'metrics' | 'settings' | 'vendors'
>;

/** Where a payload is kept: a sealed one cannot be moved to another column. */
export const SEALED_AS = 'webhook_events.payload';
export const MEDIA_SEALED_AS = 'messages.media_sealed';

/** What an event does to one business. `null`: nothing of ours (an open, a state without meaning). */
export type Effect = Action | 'unmatched' | null;
export type Action = { businessId: string; apply: (tx: Tx, now: Instant) => Promise<void> };
