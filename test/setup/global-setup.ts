import { execFileSync } from 'node:child_process';
import { writeOpenApi } from './openapi';
import { startTestServers, type TestServers } from './servers';

/** Rooms whose tests need no server, so that running them alone costs nothing. */
const PURE = /(^|\/)test\/(docs|domain|providers|rules|scripts)\b/;

/** How the teardown finds what the setup started: jest runs both in one process. */
type Kept = typeof globalThis & { usherTestServers?: TestServers };

/** Once per run: the build (a fifth of a second when nothing changed), one PostgreSQL, one Temporal. The workers find them in TEST_*. */
async function globalSetup({ testPathPatterns }: { testPathPatterns?: { patterns: string[] } }): Promise<void> {
  const patterns = testPathPatterns?.patterns ?? [];
  if (patterns.length > 0 && patterns.every((pattern) => PURE.test(pattern))) return;
  execFileSync(process.execPath, ['scripts/usher.mjs', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const servers = await startTestServers();
  (globalThis as Kept).usherTestServers = servers;
  process.once('exit', servers.kill); // also when jest itself fails
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  process.env['TEST_OPENAPI_FILE'] = writeOpenApi(servers.folder);
  process.env['TEST_DATABASE_URL'] = servers.databaseUrl;
  process.env['TEST_DATABASE_ADMIN_URL'] = servers.adminUrl;
  process.env['TEST_TEMPORAL_ADDRESS'] = servers.temporalAddress;
  process.env['TEST_TEMPORAL_CLI'] = servers.temporalCli;
}

export = globalSetup;
