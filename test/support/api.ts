import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createApi } from '../../api/app';
import { createBehind } from '../../api/behind';
import type { ApiDeps } from '../../api/deps';
import { createLimits, type LimitSettings } from '../../api/limits';
import { createMetrics } from '../../api/metrics';
import { createClock } from '../../db/clock';
import { createEncryption } from '../../db/encryption';
import { createHasher } from '../../db/hashing';
import { countUnknownMessages, countWaitingDoorbells } from '../../db/health';
import { readConfig } from '../../config';
import type { Instant } from '../../domain/time';
import { parseMetaWebhook } from '../../providers/meta/events';
import { NO_TRACING } from '../../providers/opentelemetry/tracing';
import { parseSendGridWebhook } from '../../providers/sendgrid/events';
import { parseInboundEmail, readStoredEmail } from '../../providers/sendgrid/inbound';
import { parseTwilioWebhook } from '../../providers/twilio/callback';
import { checkContract } from './contract';
import { openDatabase, type OpenDatabase } from './database';

export const OPERATOR_KEY = 'operator-key-of-the-tests-only';
export const INBOUND_DOMAIN = 'reply.usher.example';

export type Reply<T = Record<string, unknown>> = { status: number; body: T; headers: Headers };
export type Asking = { key?: string | null; body?: unknown; headers?: Record<string, string> };

export type TestApi = {
  url: string;
  database: OpenDatabase;
  deps: ApiDeps;
  /** Sets the clock of all businesses and the machine. */
  setNow: (now: Instant) => void;
  now: () => Instant;
  /** The key that requests carry unless they name another. */
  useKey: (key: string) => void;
  /** Asks below /api/v1 and checks the answer against the OpenAPI document. `path` may carry a query; a string body is sent as it is. */
  get: <T = Record<string, unknown>>(path: string, asking?: Asking) => Promise<Reply<T>>;
  post: <T = Record<string, unknown>>(path: string, body?: unknown, asking?: Asking) => Promise<Reply<T>>;
  put: <T = Record<string, unknown>>(path: string, body?: unknown, asking?: Asking) => Promise<Reply<T>>;
  patch: <T = Record<string, unknown>>(path: string, body?: unknown, asking?: Asking) => Promise<Reply<T>>;
  delete: <T = Record<string, unknown>>(path: string, asking?: Asking) => Promise<Reply<T>>;
  close: () => Promise<void>;
};

/** A Monday, 09:00 in New York. */
export const MONDAY = '2027-03-01T14:00:00.000Z';

type Options = { now?: Instant; limits?: LimitSettings; temporalReachable?: () => boolean };

/** The API over a database of its own, on a port of its own, at a time of its own. Call `close` in afterAll. */
export async function startApi({ now = MONDAY, limits, temporalReachable = () => true }: Options = {}): Promise<TestApi> {
  const database = await openDatabase();
  const state = { now, key: '' };
  const deps = apiDeps(database, { now: () => state.now, limits, temporalReachable });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const settled = { ...deps, settings: { ...deps.settings, publicUrl: url, webhookUrl: url } };
  server.on('request', (request, response) => void handle(request, response));
  const handle = createApi(settled).callback();

  const ask = async <T>(method: string, path: string, { key = state.key, body, headers = {} }: Asking): Promise<Reply<T>> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...authorization(key), ...typed(body), ...headers },
      ...sent(body),
    });
    const text = await response.text();
    const reply = {
      status: response.status,
      body: (text === '' ? null : isJson(response) ? JSON.parse(text) : text) as T,
      headers: response.headers,
    };
    checkContract(method, path, reply);
    return reply;
  };
  return {
    url,
    database,
    deps: settled,
    setNow: (at) => (state.now = at),
    now: () => state.now,
    useKey: (key) => (state.key = key),
    get: (path, asking = {}) => ask('GET', path, asking),
    post: (path, body, asking = {}) => ask('POST', path, { ...asking, body }),
    put: (path, body, asking = {}) => ask('PUT', path, { ...asking, body }),
    patch: (path, body, asking = {}) => ask('PATCH', path, { ...asking, body }),
    delete: (path, asking = {}) => ask('DELETE', path, asking),
    close: () => closeAll(server, settled, database),
  };
}

type DepsOptions = { now: () => Instant; limits?: LimitSettings | undefined; temporalReachable?: () => boolean };

const SILENT = pino({ level: 'silent' });

/** What the API needs, over a test's own database. */
export function apiDeps(
  database: Pick<OpenDatabase, 'db' | 'poolOf'>,
  { now, limits, temporalReachable = () => true }: DepsOptions,
): ApiDeps {
  const { db, poolOf } = database;
  const config = readConfig({});
  return {
    db,
    intake: poolOf('intake'),
    sweeper: poolOf('sweeper'),
    clock: createClock(now),
    hash: createHasher(config.APP_SECRET),
    encryption: createEncryption(config.ENCRYPTION_KEYS),
    log: SILENT,
    behind: createBehind(SILENT),
    temporal: { reachable: () => Promise.resolve(temporalReachable()), close: () => Promise.resolve() },
    vendors: {
      twilioAuthTokens: [config.TWILIO_AUTH_TOKEN],
      sendGridPublicKeys: [config.SENDGRID_PUBLIC_KEY],
      parseTwilio: parseTwilioWebhook,
      parseSendGrid: parseSendGridWebhook,
      sendGridInboundPublicKeys: [config.SENDGRID_PUBLIC_KEY],
      acceptUnsignedEmail: false,
      parseInboundEmail,
      readInboundEmail: readStoredEmail,
      metaAppSecrets: config.meta.appSecrets,
      metaVerifyToken: config.meta.verifyToken,
      parseMeta: parseMetaWebhook,
      optOutJudge: null,
    },
    limits: createLimits(db, limits ?? { requestsPerMin: 100_000, loginsPer10Min: 10 }),
    metrics: createMetrics({ waitingDoorbells: () => countWaitingDoorbells(db), unknownMessages: () => countUnknownMessages(db) }),
    tracing: NO_TRACING,
    settings: {
      production: false,
      sha: 'test',
      publicUrl: '',
      webhookUrl: '',
      inboundEmailDomain: INBOUND_DOMAIN,
      operatorApiKey: OPERATOR_KEY,
      dncKeepMs: null,
      trustedProxies: 0,
    },
    state: { draining: false },
  };
}

const isJson = ({ headers }: Response): boolean => /json/.test(headers.get('content-type') ?? '');
const authorization = (key: string | null): Record<string, string> =>
  key === null || key === '' ? {} : { Authorization: `Bearer ${key}` };
const typed = (body: unknown): Record<string, string> =>
  body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' };
const sent = (body: unknown): { body?: BodyInit } => {
  if (body === undefined) return {};
  return { body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body) };
};

async function closeAll(server: Server, { behind }: ApiDeps, database: OpenDatabase): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  await behind.settled();
  await database.close();
}
