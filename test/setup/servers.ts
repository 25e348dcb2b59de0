import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { machineEnvironment } from '../../scripts/lib/environment';
import { freePort } from '../../scripts/lib/ports';
import { ownerUrl, startPostgres, type Postgres } from '../../scripts/lib/postgres';
import { findTemporal } from '../../scripts/lib/temporal';
import { startTemporal, type Temporal } from '../../scripts/lib/temporal-server';
import { say } from '../../scripts/lib/say';
import { migrate } from '../../scripts/migrate';

/** Every test database is a copy of this one. */
export const TEMPLATE = 'usher_template';

const PREFIX = 'usher-test-';

export type TestServers = {
  /** Goes with the servers. */
  folder: string;
  databaseUrl: string;
  adminUrl: string;
  temporalAddress: string;
  temporalCli: string;
  stop: () => Promise<void>;
  kill: () => void;
};

/** A PostgreSQL that forgets with the run and a Temporal in memory, both on ports of their own. All or nothing: a failure leaves none behind. */
export async function startTestServers(): Promise<TestServers> {
  clearForgotten();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root
  const started: (Postgres | Temporal)[] = [];
  const clear = () => rmSync(folder, { recursive: true, force: true });
  const kill = () => {
    for (const server of started) server.kill();
    clear();
  };
  try {
    const keep = <T extends Postgres | Temporal>(server: T): T => {
      started.push(server);
      return server;
    };
    const env = machineEnvironment();
    const cli = await findTemporal({ env, say });
    const [postgres, temporal] = await Promise.all([
      freePort()
        .then((port) => startPostgres({ dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), port, volatile: true }))
        .then(keep),
      freePort()
        .then((port) => startTemporal({ cli, env, port, logFile: join(folder, 'temporal.log') }))
        .then(keep),
    ]);
    await createTemplate(postgres);
    const stop = async () => {
      kill();
      await Promise.all(started.map(({ exited }) => exited));
      clear();
    };
    return {
      folder,
      databaseUrl: postgres.url,
      adminUrl: postgres.adminUrl,
      temporalAddress: temporal.address,
      temporalCli: cli,
      stop,
      kill,
    };
  } catch (error) {
    kill();
    throw error;
  }
}

/** A run that was killed leaves its folder; one that old runs no more. */
function clearForgotten(): void {
  for (const name of readdirSync(tmpdir()).filter((found) => found.startsWith(PREFIX))) {
    const path = join(tmpdir(), name);
    if (Date.now() - statSync(path).mtimeMs > 6 * 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

async function createTemplate({ url }: Postgres): Promise<void> {
  const owner = new Client({ connectionString: url });
  await owner.connect();
  await owner.query(`create database ${TEMPLATE}`);
  await owner.end();
  await migrate(ownerUrl(Number(new URL(url).port), TEMPLATE));
}
