// Turns the TypeScript rooms into dist/, file by file (types are checked by `npm test`), and bundles the workflows.
// Plain JavaScript, because it builds the scripts too. A build with nothing to do loads no compiler: it takes some 50 ms.
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const ROOMS = ['workflows', 'activities', 'api', 'worker', 'db', 'domain', 'providers', 'sandbox', 'scripts', 'test', 'bench'];
const SKIPPED = /(^|\/)(temporal|histories|node_modules|__snapshots__)$|\.test\.tsx?$|\.d\.ts$|\.(md|mjs|cjs)$|(^|\/)\./;

/** The same as in jest.config.cjs, so that what is tested is what runs. */
const SWC = {
  configFile: false,
  swcrc: false,
  sourceMaps: true,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic', importSource: 'preact' } },
  },
  module: { type: 'commonjs' },
};

/**
 * Builds what changed since the last time. `written` counts the new files; throws what the compiler says, for all broken files at once.
 * A file is looked at when its time or size differ, and compiled when its content does.
 */
export async function build(root, { bundle = true } = {}) {
  const dist = join(root, 'dist');
  const recordFile = join(dist, '.build.json');
  const compiler = await fingerprint(root);
  let record = await readRecord(recordFile);
  if (record.compiler !== compiler) {
    await rm(dist, { recursive: true, force: true });
    record = { compiler, files: {}, bundle: null };
  }
  const before = JSON.stringify(record);

  const sources = await findSources(root);
  await removeGone(dist, record, sources);
  const results = await Promise.all(sources.map((source) => buildOne({ root, dist, source, known: record.files[source] })));
  for (const { source, entry } of results) if (entry) record.files[source] = entry;
  // Also after a failure: what did compile need not be compiled again.
  if (JSON.stringify(record) !== before) await writeWhole(recordFile, JSON.stringify(record));
  const failures = results.filter(({ error }) => error).map(({ source, error }) => `${source}\n${error}`);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));

  const written = results.filter((result) => result.written).length;
  return bundle ? { written: written + (await bundleWorkflows({ dist, record, recordFile })) } : { written };
}

/** A new compiler, or a change of this file, makes all of dist/ stale. */
async function fingerprint(root) {
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/@swc/core/package.json'), 'utf8'));
  return hash(`${version}\n${await readFile(fileURLToPath(import.meta.url), 'utf8')}`);
}

async function readRecord(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return {}; // the first build, or one that was cut short: everything is stale
  }
}

async function findSources(root) {
  const found = ['config.ts'].filter((name) => existsSync(join(root, name)));
  for (const room of ROOMS) {
    if (!existsSync(join(root, room))) continue;
    const queue = [room];
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
      for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
        const path = `${folder}/${entry.name}`;
        if (SKIPPED.test(path)) continue;
        if (entry.isDirectory()) queue.push(path);
        else found.push(path);
      }
    }
  }
  return found.sort();
}

const outputOf = (source) => source.replace(/\.tsx?$/, '.js');

async function removeGone(dist, record, sources) {
  const present = new Set(sources);
  for (const source of Object.keys(record.files)) {
    if (present.has(source)) continue;
    delete record.files[source];
    await rm(join(dist, outputOf(source)), { force: true });
    await rm(join(dist, `${outputOf(source)}.map`), { force: true });
  }
}

async function buildOne({ root, dist, source, known }) {
  try {
    const input = join(root, source);
    const output = join(dist, outputOf(source));
    const { mtimeMs, size } = await stat(input);
    const there = known !== undefined && existsSync(output);
    if (there && known.mtimeMs === mtimeMs && known.size === size) return { source };
    const text = await readFile(input);
    const entry = { mtimeMs, size, hash: hash(text) };
    if (there && known.hash === entry.hash) return { source, entry };

    await mkdir(dirname(output), { recursive: true });
    if (/\.tsx?$/.test(source)) await compile({ input, output, text: text.toString('utf8') });
    else await copyFile(input, output);
    return { source, entry, written: true };
  } catch (error) {
    return { source, error: error.message };
  }
}

async function compile({ input, output, text }) {
  const { transform } = await import('@swc/core');
  const { code, map } = await transform(text, { ...SWC, filename: input, sourceFileName: relative(dirname(output), input) });
  await writeWhole(`${output}.map`, map);
  await writeWhole(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
}

/** Workflow code is loaded as one file, made here once, so that a worker starts at once and every worker runs the same. Answers the number of files written. */
async function bundleWorkflows({ dist, record, recordFile }) {
  const workflowsPath = join(dist, 'workflows', 'index.js');
  const bundleFile = join(dist, 'workflow-bundle.js');
  if (!existsSync(workflowsPath)) return 0;
  const stamp = await bundleStamp(dist, record);
  if (record.bundle === stamp && existsSync(bundleFile)) return 0;
  // The worker package loads for a second and a half, hence only when there is something to bundle.
  const require = createRequire(import.meta.url);
  const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');
  const workflowInterceptorModules = [join(dist, 'workflows', 'interceptors.js')];
  const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: new DefaultLogger('ERROR') });
  await writeWhole(bundleFile, code);
  await writeWhole(recordFile, JSON.stringify(Object.assign(record, { bundle: stamp })));
  return 1;
}

/** What can enter the bundle: workflow code, the domain values it names (none, by the import rules), and the SDK. */
async function bundleStamp(dist, record) {
  const inside = Object.keys(record.files).filter((source) => /^(workflows|domain)\/.*\.tsx?$/.test(source));
  const texts = await Promise.all(inside.map((source) => readFile(join(dist, outputOf(source)))));
  const sdk = await readFile(resolve(dist, '../node_modules/@temporalio/workflow/package.json'));
  return hash([...inside, ...texts.map(hash), hash(sdk)].join('\n'));
}

const hash = (content) => createHash('sha256').update(content).digest('hex');

/** Never half a file, also when two builds run at once. */
async function writeWhole(file, content) {
  const draft = `${file}.${randomUUID()}${extname(file)}`;
  await writeFile(draft, content);
  await rename(draft, file);
}
