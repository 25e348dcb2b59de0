// The door of every `npm run` command. Runs before any package is installed, so: Node built-ins only.
// Checks Node, installs what is missing or stale, builds, then hands over to dist/scripts/<command>.js.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command = '', ...rest] = process.argv.slice(2);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Usher needs Node.js 20.19 or later, and this is ${process.versions.node}: install a newer one (nodejs.org), then run the command again.`,
  );
}
const commands = readdirSync(join(root, 'scripts'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3));
if (command !== 'build' && !commands.includes(command)) fail(`There is no command "${command}". There are: build, ${commands.join(', ')}.`);

install();
const { build } = await import('./lib/build.mjs');
try {
  // `npm test` bundles as a check of its own, so that a workflow that does not bundle is counted and the other checks still run.
  const { written } = await build(root, { bundle: command !== 'test' });
  if (written > 0 || command === 'build') console.log(`Built (${written} files new).`);
} catch (error) {
  fail(`The build failed.\n\n${error.message}${command === 'test' ? '\n\n0 passed, 1 failed' : ''}`);
}
if (command !== 'build') handOver();

/** Packages are fresh when the lockfile is the one last installed, or when node_modules holds what it names (after `npm install`). */
function install() {
  const lockFile = join(root, 'package-lock.json');
  const stampFile = join(root, 'node_modules', '.usher-stamp');
  const stamp = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!holdsAll(JSON.parse(readFileSync(lockFile, 'utf8')).packages)) {
    console.log('Installing the packages (a minute or two the first time) …');
    // Not `ci`: it refuses a lockfile that lacks another platform's optional packages, which a registry for Linux alone cannot name. The versions are the
    // lockfile's all the same, and --no-save leaves it as it is. --include=dev: the compiler is a development package, and NODE_ENV=production would leave it out.
    const { status, error } = spawnSync('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: 'inherit',
    });
    if (error?.code === 'ENOENT') fail('npm is not on the PATH: install it (it comes with Node.js), then run the command again.');
    if (status !== 0) fail('The packages could not be installed: npm says why above; run the command again once that is mended.');
  }
  writeFileSync(stampFile, stamp);
}

/** npm writes node_modules/.package-lock.json last, so after a broken install it is missing. */
function holdsAll(wanted) {
  const file = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(file)) return false;
  const installed = JSON.parse(readFileSync(file, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}

/** Signals go on to the command, which ends itself; we only follow with its exit code. The tests alone do not look at .env. */
function handOver() {
  if (command !== 'test' && existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const file = join(root, 'dist', 'scripts', `${command}.js`);
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...running(), ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** A command beside a running `npm start` means its servers, whatever ports they got; what the caller set goes first. env-check judges that alone. */
function running() {
  const file = join(root, '.usher', 'running.json');
  if (['start', 'test', 'reset', 'env-check'].includes(command) || !existsSync(file)) return {};
  const { pid, environment } = JSON.parse(readFileSync(file, 'utf8'));
  try {
    process.kill(pid, 0);
    return environment;
  } catch {
    return {}; // that run was killed
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
