import type { ParseEmailWebhook } from '../../providers/sendgrid/port';
import type { ParseSmsWebhook } from '../../providers/twilio/port';
import type { ApiDeps } from '../deps';

/** How vendors' deliveries are checked and read: two secrets each while one is being rotated, and the adapters' readers. */
export type Vendors = {
  twilioAuthTokens: readonly string[];
  sendGridPublicKeys: readonly string[];
  parseTwilio: ParseSmsWebhook;
  parseSendGrid: ParseEmailWebhook;
};

export type WebhookDeps = Pick<ApiDeps, 'db' | 'intake' | 'sweeper' | 'clock' | 'hash' | 'encryption' | 'log' | 'settings' | 'vendors'>;

/** Where a payload is kept: a sealed one cannot be moved to another column. */
export const SEALED_AS = 'webhook_events.payload';
