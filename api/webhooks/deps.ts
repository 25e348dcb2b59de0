import type { ApiDeps } from '../deps';

export type WebhookDeps = Pick<ApiDeps, 'db' | 'intake' | 'sweeper' | 'clock' | 'hash' | 'encryption' | 'log' | 'settings' | 'vendors'>;

/** Where a payload is kept: a sealed one cannot be moved to another column. */
export const SEALED_AS = 'webhook_events.payload';
export const MEDIA_SEALED_AS = 'messages.media_sealed';
