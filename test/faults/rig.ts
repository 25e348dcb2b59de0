import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { readConfig } from '../../config';
import { createPool } from '../../db/knex';
import type { Db } from '../../db/tenancy';
import { createSandboxApp, type Sandbox } from '../../sandbox/server';
import { machineEnvironment, ROOT } from '../../scripts/lib/environment';
import { freePort } from '../../scripts/lib/ports';
import { startPostgres } from '../../scripts/lib/postgres';
import { launch, type Running } from '../../scripts/lib/processes';
import { startTemporal } from '../../scripts/lib/temporal-server';
import { migrate } from '../../scripts/migrate';
import { aSalon, type Salon } from '../support/salon';

export type PartName = 'postgres' | 'temporal' | 'api' | 'worker';

/** Usher as separate processes that can be killed and started again, each on its port and data. The stand-ins live in the test, so that nothing they took is lost. */
export type Rig = {
  api: string;
  sandbox: Sandbox;
  temporalAddress: string;
  owner: () => Knex;
  db: () => Db;
  sweeper: () => Knex;
  start: (part: PartName) => Promise<void>;
  /** SIGKILL, at once, and waits until it is gone. */
  kill: (part: PartName) => Promise<void>;
  /** Temporal comes back without its data. */
  loseTemporal: () => Promise<void>;
  aSalon: () => Promise<Salon>;
  close: () => Promise<void>;
};

export async function startRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-faults-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root
  const ports = {
    postgres: await freePort(),
    temporal: await freePort(),
    api: await freePort(),
    worker: await freePort(),
    sandbox: await freePort(),
  };
  const url = `postgres://usher:usher@127.0.0.1:${String(ports.postgres)}/usher`;
  const api = `http://127.0.0.1:${String(ports.api)}`;
  const config = readConfig({});
  const running = new Map<PartName, Running>();
  const temporalData = join(folder, 'temporal.db');
  const env = {
    ...machineEnvironment(),
    NODE_ENV: 'development',
    SANDBOX: 'true',
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: `127.0.0.1:${String(ports.temporal)}`,
    API_PORT: String(ports.api),
    WORKER_PORT: String(ports.worker),
    SANDBOX_PORT: String(ports.sandbox),
    PUBLIC_URL: api,
    LOG_LEVEL: 'warn',
  };
  const node = (name: 'api' | 'worker'): Promise<Running> =>
    launch({ name, command: process.execPath, args: [join(ROOT, 'dist', name, 'main.js')], logFile: join(folder, `${name}.log`), env });
  const starters: Record<PartName, () => Promise<Running>> = {
    postgres: () =>
      startPostgres({ dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), port: ports.postgres, volatile: true }),
    temporal: () =>
      startTemporal({
        cli: process.env['TEST_TEMPORAL_CLI'] ?? '',
        env: machineEnvironment(),
        port: ports.temporal,
        logFile: join(folder, 'temporal.log'),
        dbFile: temporalData,
      }),
    api: () => node('api'),
    worker: () => node('worker'),
  };
  const start = async (part: PartName): Promise<void> => {
    running.set(part, await starters[part]());
    if (part === 'api' || part === 'worker') await healthy(ports[part]);
  };
  const kill = async (part: PartName): Promise<void> => {
    const process = running.get(part);
    running.delete(part);
    process?.kill();
    await process?.exited;
  };

  await Promise.all([start('postgres'), start('temporal')]);
  await migrate(url);
  const sandbox = await createSandboxApp({
    dir: join(folder, 'sandbox'),
    apiUrl: api,
    accountSid: config.TWILIO_ACCOUNT_SID,
    authToken: config.TWILIO_AUTH_TOKEN,
    meta: { accessToken: config.META_ACCESS_TOKEN, appSecret: config.META_APP_SECRET },
    openAiKey: config.OPENAI_API_KEY,
    sendgridKey: config.SENDGRID_API_KEY,
  });
  const handle = sandbox.app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(ports.sandbox, '127.0.0.1', resolve));

  // Pools of the test itself: made anew after PostgreSQL was killed, since their connections died with it.
  const pools: Knex[] = [];
  const keep = (pool: Knex): Knex => {
    pools.push(pool);
    return pool;
  };
  const rolePool = (role: 'app' | 'sweeper'): Knex => keep(createPool(url, { role, rolePassword: config.databaseRolePassword, max: 2 }));
  const db = (): Db => ({ pool: rolePool('app'), wakeRelay: () => undefined });
  const owner = (): Knex => keep(createPool(`postgres://postgres:postgres@127.0.0.1:${String(ports.postgres)}/usher`, { max: 1 }));
  return {
    api,
    sandbox,
    temporalAddress: env.TEMPORAL_ADDRESS,
    owner,
    db,
    sweeper: () => rolePool('sweeper'),
    start,
    kill,
    loseTemporal: async () => {
      await kill('temporal');
      for (const suffix of ['', '-wal', '-shm']) rmSync(temporalData + suffix, { force: true });
      await start('temporal');
    },
    aSalon: () => aSalon(db(), { now: '2027-03-01T15:00:00.000Z', appSecret: config.APP_SECRET }),
    close: async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
      for (const part of ['worker', 'api', 'temporal', 'postgres'] as const) await kill(part);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function healthy(port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const ok = await fetch(`http://127.0.0.1:${String(port)}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    if (Date.now() > deadline) throw new Error(`nothing healthy on port ${String(port)} within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
