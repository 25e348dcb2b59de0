import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Environment } from './environment';

type Version = readonly [major: number, minor: number, patch: number];

/** Time skipping per workflow (Usher's clock for development and tests) exists from this server on. */
export const NEEDED_SERVER: Version = [1, 32, 0];

/** The folder with the Go module that names the versions we build and download. */
export const GO_MODULE = join(ROOT, 'scripts', 'temporal');

/** `cli` and `server` of Temporal and the oldest `go` that builds them, as go.mod pins them: the one place to raise them. */
export function pinnedVersions(): { cli: string; server: string; go: string } {
  const text = readFileSync(join(GO_MODULE, 'go.mod'), 'utf8');
  const pinned = (pattern: RegExp) => pattern.exec(text)?.[1] ?? 'unknown';
  return {
    cli: pinned(/^\s*github\.com\/temporalio\/cli v([\d.]+)/m),
    server: pinned(/^\s*go\.temporal\.io\/server v([\d.]+)/m),
    go: pinned(/^go ([\d.]+)/m),
  };
}

/** From `temporal version 1.8.2 (Server 1.32.1, UI 2.50.1)`. null for another text. */
export function serverVersion(text: string): Version | null {
  return versionIn(/Server (\d+)\.(\d+)\.(\d+)/.exec(text));
}

/** From `go version go1.26.8 linux/amd64`. null for another text. */
export function goVersion(text: string): Version | null {
  return versionIn(/\bgo(\d+)\.(\d+)(?:\.(\d+))?/.exec(text));
}

/** From `1.26.8`. Throws for another text. */
export function version(text: string): Version {
  const found = versionIn(/^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text));
  if (!found) throw new RangeError(`not a version: ${text}`);
  return found;
}

export function isAtLeast(have: Version, need: Version): boolean {
  const differing = have.findIndex((part, index) => part !== need[index]);
  return differing === -1 || (have[differing] ?? 0) > (need[differing] ?? 0);
}

/** What `program args` prints, with `env` (its PATH too). null when it cannot be run, fails, or takes longer than 10 s. */
export async function output(program: string, args: string[], env: Environment): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 10_000, encoding: 'utf8', env }, (error, stdout) => resolve(error ? null : stdout));
  });
}

function versionIn(match: RegExpExecArray | null): Version | null {
  return match && [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}
