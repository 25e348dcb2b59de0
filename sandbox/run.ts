import { Client, Connection } from '@temporalio/client';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config';
import { findBusiness } from '../db/businesses';
import { findActiveBusinesses } from '../db/daily-runs';
import { RowMissing } from '../db/errors';
import { createPool } from '../db/knex';
import type { Log } from '../db/log';
import type { Db } from '../db/tenancy';
import { withBusiness, withoutBusiness } from '../db/tenancy';
import { createSandboxClock } from './clock';
import { demoFile } from './demo';
import { handsetRoutes } from './handset/routes';
import { clockRoutes } from './routes/clock';
import { createSandboxApp } from './server';
import { startTicker } from './ticker';
import { watchClock } from './watched-clock';

export type RunningSandbox = { url: string; stop: () => Promise<void> };

/** A request under way gets so long before its connection is closed; streams end at once. */
const DRAIN_MS = 2_000;
/** The stand-ins report within 1.3 s; with a fault set they may never. */
const REPORTS_MS = 2_500;

/** Starts stand-ins, clock and handset, and listens. Comes up without database and Temporal, and uses them once they answer. */
export async function startSandbox(config: Config, log: Log): Promise<RunningSandbox> {
  const connection = Connection.lazy({
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_API_KEY !== undefined && { apiKey: config.TEMPORAL_API_KEY, tls: true }),
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const pool = createPool(config.DATABASE_URL, {
    role: 'app',
    rolePassword: config.databaseRolePassword,
    max: config.DATABASE_POOL,
    name: 'usher-sandbox',
  });
  // Nothing here rings: bookings and texts go through the API.
  const db: Db = { pool, wakeRelay: () => undefined };
  const clock = watchClock(createSandboxClock({ db, client, reportsMs: REPORTS_MS }));
  const closing = new AbortController();

  const sandbox = await createSandboxApp({
    dir: config.SANDBOX_DIR,
    apiUrl: config.webhookUrl,
    accountSid: config.TWILIO_ACCOUNT_SID,
    authToken: config.TWILIO_AUTH_TOKEN,
    sendgridKey: config.SENDGRID_API_KEY,
    meta: { accessToken: config.META_ACCESS_TOKEN, appSecret: config.META_APP_SECRET },
    openAiKey: config.OPENAI_API_KEY,
  });
  const handle = sandbox.app.callback();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(config.SANDBOX_PORT, config.BIND_ADDRESS);
  await once(server, 'listening');
  const sandboxUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  clockRoutes(sandbox.router, { clock, isBusiness: (id) => isBusiness(db, id) });
  handsetRoutes(sandbox.router, {
    db,
    clock,
    log: sandbox.log,
    demo: demoFile(join(config.SANDBOX_DIR, '..', 'demo.json')),
    sandboxUrl,
    closing: closing.signal,
  });
  sandbox.app.on('error', (error: Error & { status?: number; code?: string }) => {
    // A page was left while its stream was open: that is how streams end.
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || (error.status ?? 500) < 500) return;
    log.error({ name: error.name, message: error.message, stack: error.stack }, 'a request failed');
  });
  const businesses = async (): Promise<string[]> => (await withoutBusiness(db, findActiveBusinesses)).map(({ id }) => id);
  const ticker = startTicker({ clock, businesses, log });

  const stop = async (): Promise<void> => {
    closing.abort();
    // A tick that waits for a worker that is gone too need not be waited for.
    await Promise.all([drain(server), Promise.race([ticker.stop(), sleep(DRAIN_MS, undefined, { ref: false })])]);
    await sandbox.close();
    await Promise.all([pool.destroy(), connection.close()]);
  };
  return { url: sandboxUrl, stop };
}

async function isBusiness(db: Db, id: string): Promise<boolean> {
  try {
    await withBusiness(db, id, (tx) => findBusiness(tx, id));
    return true;
  } catch (error) {
    if (error instanceof RowMissing) return false;
    throw error;
  }
}

/** No new requests; those under way may end, within reason. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const hurry = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(hurry);
}
