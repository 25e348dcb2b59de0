import type { Knex } from 'knex';
import type { ParseEmailWebhook } from '../../providers/sendgrid/port';
import type { ParseSmsWebhook } from '../../providers/twilio/port';
import type { ApiDeps } from '../deps';

/** What the doors for vendors need: two secrets each while one is being rotated, and the adapters' readers. */
export type WebhookDeps = Pick<ApiDeps, 'db' | 'intake' | 'clock' | 'hash' | 'encryption' | 'log' | 'settings'> & {
  /** The sweeper role's pool: the only one that reads stored payloads. */
  sweeper: Knex;
  newId: () => string;
  twilioAuthTokens: readonly string[];
  sendGridPublicKeys: readonly string[];
  parseTwilio: ParseSmsWebhook;
  parseSendGrid: ParseEmailWebhook;
};

/** Where a payload is kept: a sealed one cannot be moved to another column. */
export const SEALED_AS = 'webhook_events.payload';
