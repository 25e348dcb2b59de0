import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type Config } from '../config';
import { bookingCurl, table, type Addresses, type Demo, type SeedOptions } from './lib/demo';
import { machineEnvironment, STATE_DIR, type Environment } from './lib/environment';
import { checkPorts, ourParts } from './lib/ours';
import type { Running } from './lib/processes';
import { claimRun, type Run } from './lib/run-file';
import { duration, say, step } from './lib/say';
import { choosePostgres, chooseTemporal, startWith } from './lib/servers';
import { Shutdown } from './lib/shutdown';
import { supervise, type Part } from './lib/supervisor';
import { explain, isUnexpected } from './lib/trouble';
import { migrate } from './migrate';
import { seedDemo } from './seed';

/** Nothing new comes in, then what has begun is finished, then the servers go. */
const STOP_ORDER = { api: 1, sandbox: 1, worker: 2, Temporal: 3, PostgreSQL: 4 } as const;
const DEMO_FILE = join(STATE_DIR, 'demo.json');
const SEEDED_FILE = join(STATE_DIR, 'seeded');

void main().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exitCode = 1;
});

/** Everything on this machine, from nothing to a table of addresses; then keeps it alive until a signal. */
async function main(): Promise<void> {
  const startedAt = Date.now();
  mkdirSync(STATE_DIR, { recursive: true });
  const run = claimRun();
  const shutdown = new Shutdown(say, run.release);
  try {
    say('Starting Usher');
    const machine = machineEnvironment();
    await checkPorts(readConfig());
    const servers = await startServers(machine, { run, shutdown });
    const environment = { ...machine, ...servers, ...ourSettings(readConfig(), machine) };
    const config = readConfig(environment);
    run.publish({ environment: { ...servers, ...ourSettings(config, machine) } });
    await step('Tables', () => migrate(config.DATABASE_URL, config.databaseRolePassword));
    await seedOnce(config, machine);
    await startOurs(ourParts(config, environment), { run, shutdown });
    const demo = readDemo();
    for (const line of table(demo, await bookingCurl(demo, new Date()))) say(line);
    say(`Usher runs, ready after ${duration(Date.now() - startedAt)}. Ctrl-C stops it; the data stays.`);
  } catch (error) {
    process.stderr.write(`\n${isUnexpected(error) && error instanceof Error ? (error.stack ?? '') : explain(error)}\n`);
    await shutdown.end(1);
  }
}

type Keeping = { run: Run; shutdown: Shutdown };

/** PostgreSQL and Temporal at the same time. Answers what the processes are told about them. */
async function startServers(machine: Environment, keeping: Keeping): Promise<Environment> {
  const context = { config: readConfig(), say };
  const told = await Promise.all(
    [choosePostgres, chooseTemporal].map(async (choose) => {
      const server = await choose(machine, context);
      if (server.part) await startPart(server.part, keeping);
      return server.told;
    }),
  );
  return Object.assign({}, ...told) as Environment;
}

async function startOurs(parts: Record<string, Part>, keeping: Keeping): Promise<void> {
  await Promise.all(Object.values(parts).map((part) => startPart(part, keeping)));
}

async function startPart(part: Part, { run, shutdown }: Keeping): Promise<void> {
  const giveUp = (trouble: Error) => {
    process.stderr.write(`\n${trouble.message}\n`);
    void shutdown.end(1);
  };
  const started = ({ name, pid }: Running) => run.publish({ parts: { [name]: pid } });
  const supervised = await startWith(part, () => supervise(part, { say, giveUp, started }));
  shutdown.add(STOP_ORDER[part.name as keyof typeof STOP_ORDER], supervised);
}

/** What differs from config.ts's defaults when all of Usher runs on this machine; what the caller has set stays. */
function ourSettings(config: Config, machine: Environment): Environment {
  return {
    NODE_ENV: machine['NODE_ENV'] ?? 'development',
    SANDBOX: 'true',
    SANDBOX_DIR: machine['SANDBOX_DIR'] ?? join(STATE_DIR, 'sandbox'),
    PUBLIC_URL: machine['PUBLIC_URL'] ?? `http://127.0.0.1:${String(config.API_PORT)}`,
  };
}

/** The demo is made once per database; its addresses are those of this run. */
async function seedOnce(config: Config, machine: Environment): Promise<void> {
  const sandbox = `http://127.0.0.1:${String(config.SANDBOX_PORT)}`;
  const addresses: Addresses = {
    api: `${config.PUBLIC_URL}/api/v1`,
    console: `${config.PUBLIC_URL}/`,
    docs: `${config.PUBLIC_URL}/docs`,
    handset: `${sandbox}/handset`,
    sandbox,
    temporal_ui: config.TEMPORAL_UI_URL,
  };
  const database = machine['DATABASE_URL'] ? new URL(machine['DATABASE_URL']).host + new URL(machine['DATABASE_URL']).pathname : 'packaged';
  if (!existsSync(DEMO_FILE) || !existsSync(SEEDED_FILE) || readFileSync(SEEDED_FILE, 'utf8') !== database) {
    await step('Demo', () => seedDemo({ config, addresses, file: DEMO_FILE } satisfies SeedOptions));
    writeFileSync(SEEDED_FILE, database);
  }
  writeFileSync(DEMO_FILE, `${JSON.stringify({ ...readDemo(), ...addresses }, null, 2)}\n`);
}

const readDemo = (): Demo => JSON.parse(readFileSync(DEMO_FILE, 'utf8')) as Demo;
