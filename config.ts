import { createHmac } from 'node:crypto';
import { z } from 'zod';

/** A key that only this machine's demo may use. Refused in production, as the default of every other secret is. */
const DEV_SECRET = 'development-only-secret-of-at-least-32-characters';

/** What the sandbox's SendGrid signs with (sandbox/dev-keys.ts). */
export const DEV_SENDGRID_PUBLIC_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfOD+rOdVxab0Lic0J4UkYQQ8y/WjaQdSm81U6dDphZ03rCPUHSxvfS7s62KiaUQHu7nqjpyIZYixV6QCvs2yRA==';

/** Where the sandbox's people answer mails. */
const DEV_INBOUND_DOMAIN = 'reply.usher.localhost.example';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);
const url = (fallback: string) => z.url().default(fallback);
const flag = z.enum(['true', 'false']).default('false');

/** What db/encryption.ts reads. Checked here too, so that a wrong key is named with all the others before anything starts. */
const isKeyRing = (text: string): boolean =>
  text.split(',').every((entry) => entry.indexOf(':') > 0 && Buffer.from(entry.slice(entry.indexOf(':') + 1), 'base64').length === 32);

/**
 * Every key that Usher reads, with its development value. The order and the comments of .env.example follow this object; a test keeps them equal.
 * A key without a default is optional; REQUIRED_OUTSIDE_DEVELOPMENT names those that have no default in production.
 */
export const SCHEMA = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  GIT_SHA: z.string().default('development'),

  DATABASE_URL: z.string().startsWith('postgres').default('postgres://postgres:postgres@127.0.0.1:5434/usher'),
  DATABASE_ROLE_PASSWORD: z.string().min(12).optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),

  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_UI_URL: url('http://127.0.0.1:8233'),
  WORKER_DEPLOYMENT: z.string().optional(),

  API_PORT: port(3000),
  WORKER_PORT: port(3001),
  SANDBOX_PORT: port(3002),
  BIND_ADDRESS: z.string().default('127.0.0.1'),
  PUBLIC_URL: url('http://127.0.0.1:3000'),
  WEBHOOK_PUBLIC_URL: z.url().optional(),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),

  APP_SECRET: z.string().min(32).default(DEV_SECRET),
  ENCRYPTION_KEYS: z
    .string()
    .refine(isKeyRing, 'id:base64 of 32 bytes, several separated by commas')
    .default(`dev:${Buffer.from(DEV_SECRET.slice(0, 32)).toString('base64')}`),
  OPERATOR_API_KEY: z.string().min(24).optional(),

  TWILIO_BASE_URL: z.url().optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC/, 'starts with AC')
    .default(`AC${'0'.repeat(31)}1`),
  TWILIO_AUTH_TOKEN: z.string().min(8).default('sandbox-twilio-auth-token'),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().min(8).optional(),
  TWILIO_FROM_NUMBER: z
    .string()
    .regex(/^\+\d{7,15}$/, 'a number like +12125550100')
    .default('+12125550100'),

  META_BASE_URL: z.url().optional(),
  META_API_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, 'a version like v24.0')
    .default('v24.0'),
  META_ACCESS_TOKEN: z.string().min(8).default('sandbox-meta-access-token'),
  META_APP_SECRET: z.string().min(8).default('sandbox-meta-app-secret'),
  META_APP_SECRET_PREVIOUS: z.string().min(8).optional(),
  META_WEBHOOK_VERIFY_TOKEN: z.string().min(8).default('sandbox-meta-verify-token'),

  SENDGRID_BASE_URL: z.url().optional(),
  SENDGRID_API_KEY: z.string().min(8).default('SG.sandbox-sendgrid-key'),
  SENDGRID_FROM_EMAIL: z.email().default('desk@usher.localhost.example'),
  SENDGRID_PUBLIC_KEY: z.string().default(DEV_SENDGRID_PUBLIC_KEY),
  SENDGRID_PUBLIC_KEY_PREVIOUS: z.string().optional(),
  SENDGRID_INBOUND_DOMAIN: z
    .string()
    .regex(/^[a-z\d-]+(\.[a-z\d-]+)+$/, 'a domain in small letters')
    .optional(),
  SENDGRID_INBOUND_PUBLIC_KEY: z.string().optional(),
  SENDGRID_INBOUND_PUBLIC_KEY_PREVIOUS: z.string().optional(),
  SENDGRID_ACCEPT_UNSIGNED: flag,

  DNC_BASE_URL: z.url().optional(),
  DNC_LOGIN_ID: z.string().min(8).optional(),
  DNC_CACHE_MIN: z.coerce.number().int().min(15).max(60).default(30),

  OPENAI_BASE_URL: z.url().optional(),
  OPENAI_API_KEY: z.string().min(8).default('sk-sandbox-openai-key'),
  OPT_OUT_MODEL: z.string().max(100).optional(),

  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),

  SANDBOX: flag,
  SANDBOX_DIR: z.string().default('.usher/sandbox'),
});

/** Outside development these must be set by hand: a default would send real people to a stand-in, or nobody anywhere. */
const REQUIRED_OUTSIDE_DEVELOPMENT = [
  'DATABASE_URL',
  'DATABASE_ROLE_PASSWORD',
  'TEMPORAL_ADDRESS',
  'PUBLIC_URL',
  'APP_SECRET',
  'ENCRYPTION_KEYS',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_FROM_NUMBER',
  'SENDGRID_API_KEY',
  'SENDGRID_FROM_EMAIL',
  'SENDGRID_PUBLIC_KEY',
] as const;

export type Env = z.infer<typeof SCHEMA>;
/** What WhatsApp by Meta needs. In production a secret that was not set is null: nothing is sent, and no webhook is believed. */
export type MetaConfig = {
  baseUrl: string | null;
  apiVersion: string;
  accessToken: string | null;
  appSecrets: string[];
  verifyToken: string | null;
};
export type Config = Env & {
  sandbox: boolean;
  /** Where vendors call us, without a slash at the end. */
  webhookUrl: string;
  /** Mail to this domain is posted to us; null: none is. */
  inboundEmailDomain: string | null;
  sendgridInboundPublicKey: string | null;
  twilioBaseUrl: string | null;
  sendgridBaseUrl: string | null;
  meta: MetaConfig;
  /** Null: no external do-not-call list is asked. */
  dnc: { baseUrl: string; loginId: string; keepMs: number } | null;
  /** The model that is asked whether a text wants no more messages; null: none is. */
  optOutJudge: { baseUrl: string | null; apiKey: string; model: string } | null;
  databaseRolePassword: string;
};

/** Names every wrong or missing key at once, so that one edit mends them all. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`The environment needs ${String(problems.length)} change(s):\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks the environment. Throws ConfigError with all problems. */
export function readConfig(source: Record<string, string | undefined> = process.env): Config {
  // An empty value in a file means "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = SCHEMA.safeParse(given);
  const development = (given['NODE_ENV'] ?? 'development') !== 'production';
  const missing = development ? [] : REQUIRED_OUTSIDE_DEVELOPMENT.filter((key) => given[key] === undefined);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const problems = [
    ...missing.map((key) => `${key}: missing`),
    ...wrong,
    ...halves(given, development),
    ...forbiddenInProduction(given, development),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return derive(parsed.data, { given, development });
}

/** Keys that are of no use alone. */
function halves(given: Record<string, string | undefined>, development: boolean): string[] {
  const lacks = (key: string, beside: string): boolean => given[beside] !== undefined && given[key] === undefined;
  return [
    ...(lacks('DNC_LOGIN_ID', 'DNC_BASE_URL') ? ['DNC_LOGIN_ID: missing beside DNC_BASE_URL'] : []),
    ...(!development && lacks('OPENAI_API_KEY', 'OPT_OUT_MODEL') ? ['OPENAI_API_KEY: missing beside OPT_OUT_MODEL'] : []),
  ];
}

function forbiddenInProduction(given: Record<string, string | undefined>, development: boolean): string[] {
  if (development) return [];
  return [
    ...(given['SANDBOX'] === 'true' ? ['SANDBOX: stand-ins and the clock exist in development only'] : []),
    ...(given['SENDGRID_ACCEPT_UNSIGNED'] === 'true' ? ["SENDGRID_ACCEPT_UNSIGNED: anybody could write in anybody's name"] : []),
    ...developmentSecrets(given).map((key) => `${key}: this is the development value, which everybody knows`),
  ];
}

/** Later secrets are covered by their names. The database's address holds a password. */
const isSecret = (key: string): boolean => key === 'DATABASE_URL' || /(SECRET|KEYS?|TOKEN|SID|PASSWORD)(_PREVIOUS)?$/.test(key);

/** The secrets that hold a development value, alone or in a list, their own or another's: whoever reads this repository could sign or decrypt with it. */
function developmentSecrets(given: Record<string, string | undefined>): string[] {
  const known = new Set(Object.entries(SCHEMA.parse({})).flatMap(([key, value]) => (isSecret(key) ? [String(value)] : [])));
  const isKnown = (text: string): boolean => text.split(',').some((part) => known.has(part.trim()));
  return Object.keys(SCHEMA.shape).filter((key) => isSecret(key) && isKnown(given[key] ?? ''));
}

/** In development the vendors are the stand-ins unless their address is given: no text ever leaves by accident. */
function derive(env: Env, { given, development }: { given: Record<string, string | undefined>; development: boolean }): Config {
  const standIn = development ? `http://127.0.0.1:${String(env.SANDBOX_PORT)}` : null;
  return {
    ...env,
    sandbox: development && env.SANDBOX === 'true',
    webhookUrl: (env.WEBHOOK_PUBLIC_URL ?? env.PUBLIC_URL).replace(/\/$/, ''),
    inboundEmailDomain: env.SENDGRID_INBOUND_DOMAIN ?? (development ? DEV_INBOUND_DOMAIN : null),
    sendgridInboundPublicKey: env.SENDGRID_INBOUND_PUBLIC_KEY ?? (development ? DEV_SENDGRID_PUBLIC_KEY : null),
    twilioBaseUrl: env.TWILIO_BASE_URL ?? standIn,
    sendgridBaseUrl: env.SENDGRID_BASE_URL ?? standIn,
    meta: metaOf(env, { baseUrl: env.META_BASE_URL ?? standIn, isSet: (key) => development || given[key] !== undefined }),
    dnc: dncOf(env),
    optOutJudge: judgeOf(env, standIn),
    databaseRolePassword: env.DATABASE_ROLE_PASSWORD ?? createHmac('sha256', env.APP_SECRET).update('database roles').digest('base64url'),
  };
}

type MetaSource = { baseUrl: string | null; isSet: (key: keyof Env) => boolean };

/** Optional in production, where the development values count for nothing. */
function metaOf(env: Env, { baseUrl, isSet }: MetaSource): MetaConfig {
  const secrets = [isSet('META_APP_SECRET') ? env.META_APP_SECRET : undefined, env.META_APP_SECRET_PREVIOUS];
  return {
    baseUrl,
    apiVersion: env.META_API_VERSION,
    accessToken: isSet('META_ACCESS_TOKEN') ? env.META_ACCESS_TOKEN : null,
    appSecrets: secrets.filter((secret) => secret !== undefined),
    verifyToken: isSet('META_WEBHOOK_VERIFY_TOKEN') ? env.META_WEBHOOK_VERIFY_TOKEN : null,
  };
}

function judgeOf({ OPT_OUT_MODEL: model, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL }: Env, standIn: string | null): Config['optOutJudge'] {
  const baseUrl = OPENAI_BASE_URL?.replace(/\/$/, '') ?? standIn;
  return model === undefined ? null : { baseUrl, apiKey, model };
}

function dncOf({ DNC_BASE_URL: baseUrl, DNC_LOGIN_ID: loginId, DNC_CACHE_MIN: minutes }: Env): Config['dnc'] {
  if (baseUrl === undefined || loginId === undefined) return null;
  return { baseUrl: baseUrl.replace(/\/$/, ''), loginId, keepMs: minutes * 60_000 };
}
