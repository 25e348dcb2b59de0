import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export type Environment = Record<string, string | undefined>;

/** The machine's own variables (PATH, HOME, CI …) and those that say where our servers come from. What Usher itself is told goes through config.ts. */
export function machineEnvironment(): Environment {
  // eslint-disable-next-line no-restricted-properties -- the launcher finds tools and starts processes: it hands the environment on, config.ts checks Usher's part
  return { ...process.env };
}

/** The repository, from source and from dist/ alike: dist has no package.json. */
export const ROOT = findRoot(__dirname);

/** All that a run leaves on this machine, ignored by git and cleared by `npm run reset`. USHER_STATE_DIR: for a second Usher beside the first. */
export const STATE_DIR = machineEnvironment()['USHER_STATE_DIR'] ?? join(ROOT, '.usher');

/** Downloaded and built tools, shared by all checkouts of this user: USHER_CACHE_DIR, or `usher` under the user's cache folder. */
export function cacheDir(env: Environment): string {
  if (env['USHER_CACHE_DIR']) return env['USHER_CACHE_DIR'];
  return join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache'), 'usher');
}

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}
