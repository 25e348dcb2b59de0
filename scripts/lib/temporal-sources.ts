import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { ReadableStream } from 'node:stream/web';
import { cacheDir, type Environment } from './environment';
import { withProgress, type Say } from './say';
import { GO_MODULE, goVersion, isAtLeast, output, pinnedVersions, version } from './temporal-version';
import { explain, explainLog, Trouble } from './trouble';

/** A program, or why it cannot be had this way. */
export type Offer = { path: string } | { refused: string };
export type Source = (env: Environment, say: Say) => Promise<Offer>;

const CONNECT_WITHIN_MS = 5_000;
const DOWNLOAD_WITHIN_MS = 600_000;
const PACKAGES = {
  temporal: 'github.com/temporalio/cli/cmd/temporal',
  'temporal-server': 'go.temporal.io/server/cmd/server',
  'temporal-sql-tool': 'go.temporal.io/server/cmd/tools/sql',
} as const;
export type Program = keyof typeof PACKAGES;

/** Where a program of the pinned version lies once it is here; another version gets another name. */
export function cachedProgram(program: Program, env: Environment): string {
  const { cli, server } = pinnedVersions();
  const versions = program === 'temporal' ? `${cli}-server-${server}` : server;
  return join(cacheDir(env), 'bin', `${program}-${versions}-${process.platform}-${process.arch}`);
}

/** Fetches the official CLI, with the server and its UI inside, into the cache. */
export const downloadCli: Source = async (env, say) => {
  const machine = `platform=${process.platform}&arch=${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const url = `https://temporal.download/cli/archive/v${pinnedVersions().cli}?${machine}`;
  const target = cachedProgram('temporal', env);
  mkdirSync(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(dirname(target), 'download-'));
  try {
    const body = await connect(url);
    await withProgress('Downloading Temporal (once, some 60 MB)', say, () => unpack(body, folder));
    await rename(join(folder, 'temporal'), target);
    say(`  Temporal ${pinnedVersions().server} downloaded.`);
    return { path: target };
  } catch (error) {
    const sentence = explainLog(String(error));
    if (sentence) throw new Trouble(sentence);
    return { refused: `temporal.download could not be used (${rootCause(error)})` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Builds the CLI from the pinned Go module into the cache. */
export const buildCli: Source = (env, say) => buildProgram('temporal', env, say);

/** The production server and its schema tool, for benchmarks and fault runs: from the cache, else built. Throws Trouble when Go is missing or too old. */
export async function serverPrograms(env: Environment, say: Say): Promise<{ server: string; sqlTool: string }> {
  return { server: await required('temporal-server', env, say), sqlTool: await required('temporal-sql-tool', env, say) };
}

async function required(program: Program, env: Environment, say: Say): Promise<string> {
  const target = cachedProgram(program, env);
  if (existsSync(target)) return target;
  const offer = await buildProgram(program, env, say);
  if ('path' in offer) return offer.path;
  throw new Trouble(
    `The production server of Temporal is built with Go ${pinnedVersions().go} or later, and ${offer.refused}: install it (go.dev/dl), then run the command again.`,
  );
}

async function buildProgram(program: Program, env: Environment, say: Say): Promise<Offer> {
  const needed = pinnedVersions().go;
  const found = await output('go', ['version'], env);
  if (found === null) return { refused: 'Go is not on the PATH' };
  const have = goVersion(found);
  if (!have || !isAtLeast(have, version(needed))) return { refused: `this Go is ${have?.join('.') ?? 'unknown'}, older than ${needed}` };

  const target = cachedProgram(program, env);
  const draft = `${target}.${randomUUID()}`;
  mkdirSync(dirname(target), { recursive: true });
  const built = await withProgress(`Building ${program} with Go (3 to 7 minutes, once)`, say, () => goBuild(PACKAGES[program], draft, env));
  if (built.failed) {
    await rm(draft, { force: true });
    const sentence = explainLog(built.text);
    if (sentence) throw new Trouble(sentence);
    return { refused: `go build failed (${built.text.trim().split('\n').slice(-2).join(' ')})` };
  }
  await rename(draft, target); // a whole program or none, also when two builds run at once
  say(`  ${program} is kept in ${target}; what Go itself keeps (some 7 GB) goes with: go clean -cache -modcache`);
  return { path: target };
}

async function goBuild(packageName: string, target: string, env: Environment): Promise<{ failed: boolean; text: string }> {
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', target, packageName];
  const child = spawn('go', args, {
    cwd: GO_MODULE,
    env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ failed: true, text: error.message }));
    child.once('close', (code) => resolve({ failed: code !== 0, text: chunks.join('') }));
  });
}

/** Short until it answers, so that a machine without this way out is not kept waiting; then as long as a slow line needs. */
async function connect(url: string): Promise<ReadableStream> {
  const abort = new AbortController();
  const timers = [
    setTimeout(() => abort.abort(new Error('no answer within 5 s')), CONNECT_WITHIN_MS),
    setTimeout(() => abort.abort(), DOWNLOAD_WITHIN_MS).unref(),
  ];
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`it answered ${String(response.status)}`);
    return response.body as ReadableStream;
  } finally {
    clearTimeout(timers[0]);
  }
}

async function unpack(body: ReadableStream, folder: string): Promise<void> {
  const archive = join(folder, 'temporal.tar.gz');
  await pipeline(Readable.fromWeb(body), createWriteStream(archive));
  await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  await chmod(join(folder, 'temporal'), 0o755);
}

/** fetch hides the reason one level down. */
const rootCause = (error: unknown): string => explain(error instanceof Error && error.cause ? error.cause : error);
