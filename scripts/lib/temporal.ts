import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from './environment';
import type { Say } from './say';
import { buildCli, cachedProgram, downloadCli, type Offer, type Source } from './temporal-sources';
import { isAtLeast, NEEDED_SERVER, output, pinnedVersions, serverVersion } from './temporal-version';
import { Trouble } from './trouble';

const NEEDED = NEEDED_SERVER.slice(0, 2).join('.');

export type Finding = { env: Environment; say: Say; sources?: Source[] };

/**
 * The `temporal` program (CLI, development server and UI in one): TEMPORAL_CLI, else on the PATH, else in our cache, else downloaded, else built with Go.
 * The caller has looked at TEMPORAL_ADDRESS before. Throws Trouble that names all ways.
 */
export async function findTemporal({ env, say, sources = [onPath, inCache, downloadCli, buildCli] }: Finding): Promise<string> {
  if (env['TEMPORAL_CLI']) return chosen(env['TEMPORAL_CLI'], env);
  const refusals: string[] = [];
  for (const source of sources) {
    const offer = await checked(await source(env, say), env);
    if ('path' in offer) return offer.path;
    refusals.push(offer.refused);
  }
  throw new Trouble(
    `No Temporal server ${NEEDED} or later was found (${refusals.join('; ')}): set TEMPORAL_ADDRESS to a running server, or TEMPORAL_CLI to the path of a \`temporal\` program, ` +
      `or put one on the PATH, or let this machine reach temporal.download, or install Go ${pinnedVersions().go} or later so that it can be built here.`,
  );
}

/** The first `temporal` on the PATH. */
export const onPath: Source = (env) => {
  const candidates = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'temporal'));
  const path = candidates.find(isProgram);
  return Promise.resolve(path ? { path } : { refused: 'none on the PATH' });
};

/** What an earlier download or build left. */
export const inCache: Source = (env) => {
  const path = cachedProgram('temporal', env);
  return Promise.resolve(existsSync(path) ? { path } : { refused: 'none in the cache' });
};

/** What somebody asked for by name is used or refused, never passed over. */
async function chosen(path: string, env: Environment): Promise<string> {
  const offer = await checked({ path }, env);
  if ('path' in offer) return path;
  throw new Trouble(
    `TEMPORAL_CLI cannot be used (${offer.refused}): set it to a \`temporal\` program with server ${NEEDED} or later, or leave it out.`,
  );
}

async function checked(offer: Offer, env: Environment): Promise<Offer> {
  if ('refused' in offer) return offer;
  const text = await output(offer.path, ['--version'], env);
  if (text === null) return { refused: `${offer.path} does not run` };
  const found = serverVersion(text);
  if (!found) return { refused: `${offer.path} names no server version` };
  return isAtLeast(found, NEEDED_SERVER) ? offer : { refused: `${offer.path} has server ${found.join('.')}` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: the next folder
  }
}
