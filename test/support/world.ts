import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, type Client } from '@temporalio/client';
import pino from 'pino';
import { v7 as newId } from 'uuid';
import { createActivities, type Activities, type ActivityDeps } from '../../activities';
import { createApi } from '../../api/app';
import type { ApiDeps } from '../../api/deps';
import { readConfig } from '../../config';
import { createClock } from '../../db/clock';
import { createHasher } from '../../db/hashing';
import { createRelayWaker } from '../../db/listener';
import { roleUrl } from '../../db/knex';
import { sandboxOffsetMs } from '../../db/sandbox-clock';
import type { Db } from '../../db/tenancy';
import { createDncScrub } from '../../providers/dnc/dncscrub';
import type { BreakerOptions } from '../../providers/breaker';
import type { Tracing } from '../../providers/opentelemetry/port';
import { NO_TRACING } from '../../providers/opentelemetry/tracing';
import type { SmsPort } from '../../providers/twilio/port';
import { createSandboxClock, type SandboxClock } from '../../sandbox/clock';
import { createSandboxApp, type Sandbox, type SandboxOptions } from '../../sandbox/server';
import { ROOT } from '../../scripts/lib/environment';
import { createMeter, type Meter } from '../../worker/metrics';
import { runWorker, type Running } from '../../worker/run';
import { installRuntime } from '../../worker/runtime';
import { createVendors } from '../../worker/vendors';
import { apiDeps, INBOUND_DOMAIN, type Reply } from './api';
import { openDatabase, type OpenDatabase } from './database';
import { until } from './eventually';
import { aSalon, type Salon, type SalonOptions } from './salon';

/** The whole of Usher in one process: real PostgreSQL, real Temporal (a namespace of its own), the vendors' SDKs, the stand-ins over HTTP. */
export type World = {
  database: OpenDatabase;
  db: Db;
  api: string;
  sandbox: Sandbox;
  sandboxUrl: string;
  client: Client;
  temporal: { address: string; namespace: string };
  clock: SandboxClock;
  /** What the worker runs, to be called as an attempt of its own. */
  activities: Activities;
  activityDeps: ActivityDeps;
  /** What the worker measures. */
  meter: Meter;
  apiDeps: ApiDeps;
  /** Starts or stops the worker, as a crash and a restart would. */
  worker: { running: () => Running; start: () => Promise<void>; stop: () => Promise<void> };
  aSalon: (options?: Omit<SalonOptions, 'appSecret'>) => Promise<Salon>;
  /** `what` is a method and a path below /api/v1: 'POST /appointments'. */
  call: <T = Record<string, unknown>>(salon: Salon, what: string, body?: unknown) => Promise<Reply<T>>;
  /** A person writes to the salon's number, the salon's contact unless told; answers what our webhook answered. */
  text: (salon: Salon, body: string, from?: string) => Promise<number | null>;
  close: () => Promise<void>;
};

export const BUNDLE = join(ROOT, 'dist', 'workflow-bundle.js');

/** Temporal's core is one per process, and jest's worker runs many files. */
const kept = globalThis as typeof globalThis & { usherTestRuntime?: true };
if (!kept.usherTestRuntime) installRuntime(pino({ level: process.env['TEST_LOG'] ?? 'silent' }));
kept.usherTestRuntime = true;

export type WorldOptions = {
  /** Other servers than those of the test run: a benchmark's own. */
  servers?: { database: OpenDatabase; temporalAddress: string };

  delays?: NonNullable<SandboxOptions['delays']>;
  /** False: nothing is rung, planned or sent until `worker.start`. */
  worker?: boolean;
  /** Puts something in front of Twilio's SDK. */
  sms?: (real: SmsPort) => SmsPort;
  /** Off unless told. */
  tracing?: Tracing;
  /** As in production unless told. */
  breaker?: BreakerOptions;
  /** Asks the sandbox's do-not-call list, whose answers count so long (ms). */
  dncKeepMs?: number;
  /** How many processes the worker keeps in memory; as in production unless told. */
  cachedWorkflows?: number;
  /** Puts something in front of the activities. */
  activities?: (real: Activities) => Activities;
};

/** Call `close` in afterAll. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { delays, worker, sms, activities: around, servers, tracing, breaker, dncKeepMs, cachedWorkflows } = { ...USUAL, ...options };
  const config = readConfig({});
  const database = servers?.database ?? (await openDatabase());
  const {
    namespace,
    address,
    close: closeTemporal,
  } = await openNamespace(servers?.temporalAddress ?? process.env['TEST_TEMPORAL_ADDRESS']);
  const [apiServer, sandboxServer] = [await listen(), await listen()];
  const dir = await mkdtemp(join(tmpdir(), 'usher-world-'));
  const pool = database.poolOf('app', 10);
  // It comes 50 ms after the last ring: to a world that is closed by then it would hang on the pool that is gone.
  const closing = { begun: false };
  const wakeRelay = createRelayWaker((sql) => (closing.begun ? Promise.resolve() : pool.raw(sql)));
  const db: Db = { pool, wakeRelay, traceparent: tracing.traceparent };

  const sandbox = await createSandboxApp({
    dir,
    apiUrl: apiServer.url,
    accountSid: config.TWILIO_ACCOUNT_SID,
    authToken: config.TWILIO_AUTH_TOKEN,
    sendgridKey: config.SENDGRID_API_KEY,
    meta: { accessToken: config.META_ACCESS_TOKEN, appSecret: config.META_APP_SECRET },
    openAiKey: config.OPENAI_API_KEY,
    delays,
  });
  const handleSandbox = sandbox.app.callback();
  sandboxServer.server.on('request', (request, response) => void handleSandbox(request, response));

  const system = (): string => new Date().toISOString();
  const clockOf = createClock(system, (businessId) => sandboxOffsetMs(db, businessId));
  const base = apiDeps({ ...database, db }, { now: system });
  const deps: ApiDeps = {
    ...base,
    tracing,
    clock: clockOf,
    settings: { ...base.settings, publicUrl: apiServer.url, webhookUrl: apiServer.url },
  };
  const handleApi = createApi(deps).callback();
  apiServer.server.on('request', (request, response) => void handleApi(request, response));

  const meter = createMeter();
  const vendors = createVendors({
    twilio: {
      accountSid: config.TWILIO_ACCOUNT_SID,
      authToken: config.TWILIO_AUTH_TOKEN,
      publicUrl: apiServer.url,
      baseUrl: sandboxServer.url,
    },
    meta: { ...config.meta, accessToken: config.META_ACCESS_TOKEN, baseUrl: sandboxServer.url },
    sendgrid: { apiKey: config.SENDGRID_API_KEY, baseUrl: sandboxServer.url },
    tracing,
    meter,
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    breaker,
  });
  const activityDeps: ActivityDeps = {
    db,
    sweeper: database.poolOf('sweeper'),
    clock: clockOf,
    hash: createHasher(config.APP_SECRET),
    ...vendors,
    sms: sms(vendors.sms),
    handedOver: meter.handedOver,
    dnc: dncOf(sandboxServer.url, dncKeepMs),
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    newId,
    publicUrl: apiServer.url,
    inboundEmailDomain: INBOUND_DOMAIN,
    defaultFromNumber: config.TWILIO_FROM_NUMBER,
    fromEmail: config.SENDGRID_FROM_EMAIL,
  };
  const activities = around(createActivities(activityDeps));
  const relayPool = database.poolOf('relay');
  const state: { running: Running | null } = { running: null };
  const start = async (): Promise<void> => {
    state.running ??= await runWorker({
      temporal: { address, namespace },
      relayPool,
      relayUrl: roleUrl(database.url, 'relay', config.databaseRolePassword),
      activities,
      workflows: { codePath: BUNDLE },
      log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      tracing,
      ...(cachedWorkflows !== undefined && { cachedWorkflows }),
    });
  };
  const stop = async (): Promise<void> => {
    await state.running?.stop();
    state.running = null;
  };
  const running = (): Running => {
    if (!state.running) throw new Error('the worker does not run');
    return state.running;
  };
  if (worker) await start();
  const { client, closeClient } = await openClient(address, namespace);

  return {
    database,
    db,
    api: apiServer.url,
    sandbox,
    sandboxUrl: sandboxServer.url,
    client,
    temporal: { address, namespace },
    clock: createSandboxClock({ db, client }),
    activities,
    activityDeps,
    meter,
    apiDeps: deps,
    worker: { running, start, stop },
    aSalon: (options = {}) => aSalon(db, { ...options, appSecret: config.APP_SECRET }),
    call: (salon, what, body) => callApi(apiServer.url, { salon, what, body }),
    text: (salon, body, from = salon.contactPhone) => sendText(sandboxServer.url, { from, to: salon.number, body }),
    close: async () => {
      closing.begun = true;
      await stop();
      await Promise.all([closeServer(apiServer.server), closeServer(sandboxServer.server)]);
      await sandbox.close();
      await until('the last webhook is handled', () => busy(pool) === 0); // it is after its answer
      await closeClient();
      await closeTemporal();
      await database.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** How many connections are in use or waited for. */
function busy(pool: Db['pool']): number {
  const connections = (pool.client as { pool: { numUsed: () => number; numPendingAcquires: () => number } }).pool;
  return connections.numUsed() + connections.numPendingAcquires();
}

const dncOf = (baseUrl: string, keepMs?: number): ActivityDeps['dnc'] =>
  keepMs === undefined ? null : { list: createDncScrub({ baseUrl, loginId: 'sandbox-login' }), keepMs };

const asItIs = <T>(real: T): T => real;

const QUICK = {
  twilio: { sentMs: [5, 15], deliveredMs: [10, 30] },
  meta: { sentMs: [5, 15], deliveredMs: [10, 30], batchMs: 1 },
  sendgrid: { processedMs: [5, 15], deliveredMs: [10, 30] },
} satisfies SandboxOptions['delays'];

const USUAL = { delays: QUICK, worker: true, sms: asItIs<SmsPort>, activities: asItIs<Activities>, tracing: NO_TRACING };

async function callApi<T>(api: string, { salon, what, body }: { salon: Salon; what: string; body: unknown }): Promise<Reply<T>> {
  const [method = 'GET', path = ''] = what.split(' ');
  const response = await fetch(`${api}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${salon.apiKey}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: response.headers };
}

async function sendText(sandboxUrl: string, text: { from: string; to: string; body: string }): Promise<number | null> {
  const response = await fetch(`${sandboxUrl}/sandbox/inbound`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ channel: 'sms', ...text }),
  });
  const { status } = (await response.json()) as { status?: number | null };
  if (status === undefined) throw new Error(`the stand-in refused the text: ${response.status}`);
  return status;
}

/** Task queues, ids and schedules of one test file are its own in a namespace of its own. */
async function openNamespace(address: string | undefined): Promise<{ namespace: string; address: string; close: () => Promise<void> }> {
  if (address === undefined) throw new Error('No Temporal server: see test/setup/global-setup.ts.');
  const connection = await Connection.connect({ address });
  const namespace = `test-${randomBytes(5).toString('hex')}`;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
  return { namespace, address, close: () => connection.close() };
}

async function openClient(address: string, namespace: string): Promise<{ client: Client; closeClient: () => Promise<void> }> {
  const { Client: TemporalClient } = await import('@temporalio/client');
  const connection = await Connection.connect({ address });
  return { client: new TemporalClient({ connection, namespace }), closeClient: () => connection.close() };
}

async function listen(): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
