import { createServer, type Server } from 'node:http';
import pino from 'pino';
import { readConfig, type Config } from '../config';
import { createClock } from '../db/clock';
import { createEncryption } from '../db/encryption';
import { createHasher } from '../db/hashing';
import { countUnknownMessages, countWaitingDoorbells } from '../db/health';
import { createPool } from '../db/knex';
import { createRelayWaker } from '../db/listener';
import { sandboxOffsetMs } from '../db/sandbox-clock';
import type { Db } from '../db/tenancy';
import { parseMetaWebhook } from '../providers/meta/events';
import { createOpenAiJudge } from '../providers/openai/openai';
import type { Tracing } from '../providers/opentelemetry/port';
import { openTracing } from '../providers/opentelemetry/tracing';
import { parseSendGridWebhook } from '../providers/sendgrid/events';
import { parseInboundEmail, readStoredEmail } from '../providers/sendgrid/inbound';
import { parseTwilioWebhook } from '../providers/twilio/callback';
import { createApi } from './app';
import { createBehind } from './behind';
import type { ApiDeps } from './deps';
import { createLimits } from './limits';
import { createMetrics } from './metrics';
import { createTemporalProbe } from './temporal';
import { traceOf } from './trace-of';
import { startSweeping } from './webhooks/sweeping';

/** How long a request that has begun may take to end when we are told to stop. */
const DRAIN_MS = 10_000;

/** The API's process: config → pools → app → listen, and back in the reverse order. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = pino({ name: 'api', level: config.LOG_LEVEL, redact: ['*.authorization', '*.cookie', '*.phone', '*.email'] });
  const brokenDown = breakdown(log);
  const tracing = await openTracing({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, service: 'usher-api', release: config.GIT_SHA });
  const { deps, close } = wire(config, log, tracing);
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => void handle(request, response));
  const handle = createApi(deps).callback();
  await listen(server, config);
  log.info({ port: config.API_PORT }, 'the api listens');
  const sweeping = startSweeping(deps);

  await Promise.race([stopAsked(), brokenDown]);
  log.info({}, 'the api drains');
  deps.state.draining = true;
  await finish(server);
  await deps.behind.settled();
  await sweeping.stop();
  await close();
}

function wire(config: Config, log: pino.Logger, tracing: Tracing): { deps: ApiDeps; close: () => Promise<void> } {
  const pool = (role: 'app' | 'intake' | 'sweeper', max: number) =>
    createPool(config.DATABASE_URL, { role, rolePassword: config.databaseRolePassword, max, name: `usher-api-${role}` });
  const [app, intake, sweeper] = [pool('app', config.DATABASE_POOL), pool('intake', 4), pool('sweeper', 2)];
  const db: Db = { pool: app, wakeRelay: createRelayWaker((sql) => app.raw(sql)), traceparent: tracing.traceparent };
  const system = (): string => new Date().toISOString();
  const apiKey = config.TEMPORAL_API_KEY ?? null;
  const temporal = createTemporalProbe({ address: config.TEMPORAL_ADDRESS, apiKey, nowMs: () => Date.parse(system()) });
  const deps: ApiDeps = {
    db,
    intake,
    sweeper,
    clock: config.sandbox ? createClock(system, (businessId) => sandboxOffsetMs(db, businessId)) : createClock(system),
    hash: createHasher(config.APP_SECRET),
    encryption: createEncryption(config.ENCRYPTION_KEYS),
    log,
    temporal,
    limits: createLimits(db),
    behind: createBehind(log),
    vendors: vendorsOf(config),
    metrics: createMetrics({ waitingDoorbells: () => countWaitingDoorbells(db), unknownMessages: () => countUnknownMessages(db) }),
    tracing,
    settings: {
      production: config.NODE_ENV === 'production',
      sha: config.GIT_SHA,
      publicUrl: config.PUBLIC_URL.replace(/\/$/, ''),
      webhookUrl: config.webhookUrl,
      inboundEmailDomain: config.inboundEmailDomain,
      operatorApiKey: config.OPERATOR_API_KEY ?? null,
      dncKeepMs: config.dnc?.keepMs ?? null,
      trustedProxies: config.TRUSTED_PROXIES,
    },
    state: { draining: false },
  };
  const close = async () => {
    await Promise.all([app.destroy(), intake.destroy(), sweeper.destroy(), temporal.close()]);
    await tracing.close();
  };
  return { deps, close };
}

/** The previous secret stays valid while a new one is being rolled out. */
function vendorsOf(config: Config): ApiDeps['vendors'] {
  const given = (...secrets: (string | undefined)[]): string[] => secrets.filter((secret) => secret !== undefined);
  return {
    twilioAuthTokens: given(config.TWILIO_AUTH_TOKEN, config.TWILIO_AUTH_TOKEN_PREVIOUS),
    sendGridPublicKeys: given(config.SENDGRID_PUBLIC_KEY, config.SENDGRID_PUBLIC_KEY_PREVIOUS),
    parseTwilio: parseTwilioWebhook,
    parseSendGrid: parseSendGridWebhook,
    sendGridInboundPublicKeys: given(config.sendgridInboundPublicKey ?? undefined, config.SENDGRID_INBOUND_PUBLIC_KEY_PREVIOUS),
    acceptUnsignedEmail: config.SENDGRID_ACCEPT_UNSIGNED === 'true',
    parseInboundEmail,
    readInboundEmail: readStoredEmail,
    metaAppSecrets: config.meta.appSecrets,
    metaVerifyToken: config.meta.verifyToken,
    parseMeta: parseMetaWebhook,
    optOutJudge: config.optOutJudge && createOpenAiJudge(config.optOutJudge),
  };
}

const listen = (server: Server, { API_PORT, BIND_ADDRESS }: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(API_PORT, BIND_ADDRESS, resolve);
  });

/** Takes no new connection, closes those at rest, waits for the requests that run. */
async function finish(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const tooLong = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await done;
  clearTimeout(tooLong);
}

/** Resolves on the first SIGINT or SIGTERM. */
const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });

/**
 * Resolves when an error came up that nobody expected: what has begun is brought to its end, then the supervisor starts a fresh process (exit 1). The
 * error's message stays here, it may quote somebody's data.
 */
const breakdown = (log: pino.Logger): Promise<void> =>
  new Promise((resolve) => {
    process.on('uncaughtException', (error) => {
      log.fatal({ err: traceOf(error) }, 'an error that nobody expected');
      process.exitCode = 1;
      resolve();
    });
  });

main().catch((error: unknown) => {
  // A configuration or connection error before the logger could help: the supervisor shows it and starts the process again.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
