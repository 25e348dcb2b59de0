import { join } from 'node:path';
import pino from 'pino';
import { v7 as newId } from 'uuid';
import type { ActivityDeps } from '../activities';
import type { Log } from '../db/log';
import { createActivities } from '../activities';
import { readConfig, type Config } from '../config';
import { createClock } from '../db/clock';
import { countRings } from '../db/doorbell';
import { createHasher } from '../db/hashing';
import { createPool, roleUrl } from '../db/knex';
import { createRelayWaker } from '../db/listener';
import { sandboxOffsetMs } from '../db/sandbox-clock';
import type { Db } from '../db/tenancy';
import { createDncScrub } from '../providers/dnc/dncscrub';
import { openTracing } from '../providers/opentelemetry/tracing';
import { startHealth } from './health';
import { createMeter } from './metrics';
import { runWorker } from './run';
import { installRuntime } from './runtime';
import type { VendorsOptions } from './vendors';
import { createVendors } from './vendors';

/** The worker's process: config, pools, vendors, activities, then relay, schedules and Temporal workers until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = pino({ name: 'worker', level: config.LOG_LEVEL });
  installRuntime(log);
  const tracing = await openTracing({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, service: 'usher-worker', release: config.GIT_SHA });
  const meter = createMeter();
  const password = config.databaseRolePassword;
  const pool = (role: 'app' | 'relay' | 'sweeper', max: number) =>
    createPool(config.DATABASE_URL, { role, rolePassword: password, max, name: `usher-worker-${role}` });
  const [app, relayPool, sweeper] = [pool('app', config.DATABASE_POOL), pool('relay', 4), pool('sweeper', 2)];
  const relayUrl = roleUrl(config.DATABASE_URL, 'relay', password);
  const db: Db = { pool: app, wakeRelay: createRelayWaker((sql) => app.raw(sql)), traceparent: tracing.traceparent };
  const system = (): string => new Date().toISOString();

  const activities = createActivities({
    db,
    sweeper,
    clock: config.sandbox ? createClock(system, (businessId) => sandboxOffsetMs(db, businessId)) : createClock(system),
    hash: createHasher(config.APP_SECRET),
    ...createVendors({ ...accountsOf(config), tracing, meter, log }),
    handedOver: meter.handedOver,
    dnc: config.dnc && { list: createDncScrub(config.dnc), keepMs: config.dnc.keepMs },
    log,
    newId,
    publicUrl: config.PUBLIC_URL,
    inboundEmailDomain: config.inboundEmailDomain,
    defaultFromNumber: config.TWILIO_FROM_NUMBER,
    fromEmail: config.SENDGRID_FROM_EMAIL,
  });
  const running = await runWorker({
    temporal: { address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE, apiKey: config.TEMPORAL_API_KEY },
    relayPool,
    relayUrl,
    activities,
    workflows: { codePath: join(__dirname, '..', 'workflow-bundle.js') },
    log,
    tracing,
    deployment: config.WORKER_DEPLOYMENT === undefined ? null : { deploymentName: config.WORKER_DEPLOYMENT, buildId: config.GIT_SHA },
  });

  const state = { ready: true };
  const health = await startHealth({
    port: config.WORKER_PORT,
    bind: config.BIND_ADDRESS,
    registry: meter.registry,
    sha: config.GIT_SHA,
    ready: () => state.ready,
    rung: running.relay.rung,
    rings: () => countRings(relayPool),
  });
  log.info({ port: config.WORKER_PORT, namespace: config.TEMPORAL_NAMESPACE }, 'the worker runs');

  const failure = await Promise.race([stopAsked(), running.failed]);
  state.ready = false;
  if (failure === undefined) log.info({}, 'the worker drains');
  else dieWith(failure, log);
  await running.stop();
  health.close();
  await Promise.all([app.destroy(), relayPool.destroy(), sweeper.destroy()]);
  await tracing.close();
}

const accountsOf = (config: Config): Pick<VendorsOptions, 'twilio' | 'sendgrid' | 'meta'> => ({
  twilio: {
    accountSid: config.TWILIO_ACCOUNT_SID,
    authToken: config.TWILIO_AUTH_TOKEN,
    publicUrl: config.webhookUrl,
    baseUrl: config.twilioBaseUrl ?? undefined,
  },
  sendgrid: { apiKey: config.SENDGRID_API_KEY, baseUrl: config.sendgridBaseUrl ?? undefined },
  // Without a token Meta refuses, which is shown to the operator.
  meta: { ...config.meta, accessToken: config.meta.accessToken ?? '', baseUrl: config.meta.baseUrl ?? undefined },
});

/** Resolves on the first SIGINT or SIGTERM. */
const stopAsked = (): Promise<undefined> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(undefined));
  });

/** A worker of ours ended by itself, for instance because its namespace is gone: whoever supervises the process starts another, so it must end. */
function dieWith(failure: Error, log: Log): void {
  log.error({ code: failure.name }, 'a Temporal worker failed: the process ends');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), DIE_WITHIN_MS).unref();
}

const DIE_WITHIN_MS = 10_000;

main().catch((error: unknown) => {
  // A configuration or connection error before the logger could help: the supervisor shows it and starts the process again.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
