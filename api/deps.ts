import type { Logger } from 'pino';
import type { Clock } from '../db/clock';
import type { Encryption } from '../db/encryption';
import type { Hasher } from '../db/hashing';
import type { Db } from '../db/tenancy';
import type { ParseMetaWebhook } from '../providers/meta/port';
import type { OptOutJudge } from '../providers/openai/port';
import type { Tracing } from '../providers/opentelemetry/port';
import type { InboundEmail, ParseEmailWebhook, ParseInboundEmail } from '../providers/sendgrid/port';
import type { ParseTwilioWebhook } from '../providers/twilio/port';
import type { Behind } from './behind';
import type { Limits } from './limits';
import type { Metrics } from './metrics';
import type { TemporalProbe } from './temporal';

export type ApiSettings = {
  production: boolean;
  sha: string;
  /** Where the world sees this server: links, the `type` of problems, same-origin checks. */
  publicUrl: string;
  /** Where vendors call, and what they sign: the same unless webhooks come by another way. */
  webhookUrl: string;
  /** Mail to this domain reaches us; null: none does. */
  inboundEmailDomain: string | null;
  /** The platform's own key; null: nobody may act for the platform. */
  operatorApiKey: string | null;
  /** How long an answer of the external do-not-call list counts; null: none is asked. */
  dncKeepMs: number | null;
  /** How many proxies in front of us write X-Forwarded-For. */
  trustedProxies: number;
};

/** How vendors' deliveries are checked and read: two secrets each while one is being rotated, and the adapters' readers. */
export type Vendors = {
  twilioAuthTokens: readonly string[];
  sendGridPublicKeys: readonly string[];
  parseTwilio: ParseTwilioWebhook;
  parseSendGrid: ParseEmailWebhook;
  /** Of the Inbound Parse webhook, whose security policy has a key of its own. */
  sendGridInboundPublicKeys: readonly string[];
  /** Takes unsigned mail too: development only. */
  acceptUnsignedEmail: boolean;
  parseInboundEmail: ParseInboundEmail;
  readInboundEmail: (payload: string) => InboundEmail | null;
  metaAppSecrets: readonly string[];
  /** Null: Meta's set-up of the webhook is refused. */
  metaVerifyToken: string | null;
  parseMeta: ParseMetaWebhook;
  /** A model that may find an opt-out where the rules find none; null: none is asked. */
  optOutJudge: OptOutJudge | null;
};

/** Everything the API needs from outside itself: made in main.ts, and by tests. */
export type ApiDeps = {
  db: Db;
  /** The intake role's pool: stores webhooks and can read none. */
  intake: Db['pool'];
  /** The sweeper role's pool: the only one that reads stored webhooks. */
  sweeper: Db['pool'];
  clock: Clock;
  hash: Hasher;
  encryption: Encryption;
  log: Logger;
  temporal: TemporalProbe;
  limits: Limits;
  behind: Behind;
  vendors: Vendors;
  metrics: Metrics;
  tracing: Tracing;
  settings: ApiSettings;
  /** Set at shutdown: /ready answers 503 from then on, so that nobody sends us more. */
  state: { draining: boolean };
};
