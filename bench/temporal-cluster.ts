import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { machineEnvironment } from '../scripts/lib/environment';
import { isFree } from '../scripts/lib/ports';
import { launch, until, type Running } from '../scripts/lib/processes';
import { say } from '../scripts/lib/say';
import { findTemporal } from '../scripts/lib/temporal';
import { serverPrograms } from '../scripts/lib/temporal-sources';

const run = promisify(execFile);

export type Cluster = Running & { address: string };

/** Temporal's production server, its four services in one process, on PostgreSQL: what rates are measured on (performance.md 2.14), never the SQLite one. */
export async function startCluster({ postgresPort, folder }: { postgresPort: number; folder: string }): Promise<Cluster> {
  const env = machineEnvironment();
  const { server, sqlTool } = await serverPrograms(env, say);
  await createSchema(sqlTool, postgresPort);
  const frontendPort = await lowPort();
  const config = join(folder, 'temporal');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'dynamic.yaml'), DYNAMIC);
  const membership = { frontend: await lowPort(), history: await lowPort(), matching: await lowPort(), worker: await lowPort() };
  const grpc = { frontend: frontendPort, history: await lowPort(), matching: await lowPort(), worker: await lowPort() };
  writeFileSync(join(config, 'bench.yaml'), yaml({ postgresPort, grpc, membership, config }));
  const args = ['--root', folder, '--config', 'temporal', '--env', 'bench', '--allow-no-auth', 'start'];
  const running = await launch({
    name: 'temporal-server',
    command: server,
    args,
    logFile: join(folder, 'temporal.log'),
    env: { PATH: env['PATH'] },
  });
  const address = `127.0.0.1:${String(frontendPort)}`;
  const cli = await findTemporal({ env, say });
  const reachable = async (): Promise<boolean> =>
    run(cli, ['operator', 'namespace', 'create', '-n', 'default', '--retention', '72h', '--address', address]).then(
      () => true,
      (error: unknown) => String(error).includes('already'),
    );
  await until(reachable, {
    running,
    withinMs: 60_000,
    late: () => new Error(`temporal-server did not start: ${running.logFile} says why`),
  });
  return { ...running, address };
}

/** Temporal writes its ports into a smallint: those that the system gives away freely are too high. */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
}

async function createSchema(sqlTool: string, port: number): Promise<void> {
  const connection = {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: '127.0.0.1',
    SQL_PORT: String(port),
    SQL_USER: 'postgres',
    SQL_PASSWORD: 'postgres',
  };
  for (const [database, schema] of [
    ['temporal', 'postgresql/v12/temporal'],
    ['temporal_visibility', 'postgresql/v12/visibility'],
  ] as const) {
    const env = { ...connection, SQL_DATABASE: database };
    await run(sqlTool, ['create-database'], { env });
    await run(sqlTool, ['setup-schema', '-v', '0.0'], { env });
    await run(sqlTool, ['update-schema', '--schema-name', schema], { env });
  }
}

const DYNAMIC = `matching.enableFairness: [{ value: true }]
matching.numTaskqueueReadPartitions: [{ value: 1 }]
matching.numTaskqueueWritePartitions: [{ value: 1 }]
`;

type Ports = Record<'frontend' | 'history' | 'matching' | 'worker', number>;

function yaml({
  postgresPort,
  grpc,
  membership,
  config,
}: {
  postgresPort: number;
  grpc: Ports;
  membership: Ports;
  config: string;
}): string {
  const store = (name: string): string =>
    `      sql: { pluginName: postgres12, databaseName: ${name}, connectAddr: "127.0.0.1:${String(postgresPort)}", connectProtocol: tcp, user: postgres, password: postgres, maxConns: 20, maxIdleConns: 20 }`;
  const service = (name: keyof Ports): string =>
    `  ${name}: { rpc: { grpcPort: ${String(grpc[name])}, membershipPort: ${String(membership[name])}, bindOnIP: "127.0.0.1" } }`;
  return `log: { stdout: true, level: warn }
persistence:
  defaultStore: default
  visibilityStore: visibility
  numHistoryShards: 16
  datastores:
    default:
${store('temporal')}
    visibility:
${store('temporal_visibility')}
global:
  membership: { maxJoinDuration: 30s, broadcastAddress: "127.0.0.1" }
services:
${(['frontend', 'history', 'matching', 'worker'] as const).map(service).join('\n')}
clusterMetadata:
  enableGlobalNamespace: false
  failoverVersionIncrement: 10
  masterClusterName: active
  currentClusterName: active
  clusterInformation:
    active: { enabled: true, initialFailoverVersion: 1, rpcName: frontend, rpcAddress: "127.0.0.1:${String(grpc.frontend)}" }
dcRedirectionPolicy: { policy: noop }
archival:
  history: { state: disabled }
  visibility: { state: disabled }
dynamicConfigClient: { filepath: "${join(config, 'dynamic.yaml')}", pollInterval: 60s }
`;
}
