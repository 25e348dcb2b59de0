import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATE_DIR, type Environment } from './environment';
import { commandLine } from './processes';
import { Trouble } from './trouble';

/** `environment`: where the servers of this run are, for commands beside it (usher.mjs hands it to them). */
type RunFile = { pid: number; environment: Environment };

const FILE = join(STATE_DIR, 'running.json');

/** Claims this checkout for one `npm start`. Throws Trouble when one runs already. Answers how to publish the servers and how to let go. */
export function claimRun(file = FILE): { publish: (environment: Environment) => void; release: () => void } {
  const other = runningPid(file);
  if (other !== null)
    throw new Trouble(
      `Usher is running already (process ${String(other)}): use that one, or stop it with Ctrl-C in its terminal and start again.`,
    );
  const publish = (environment: Environment) =>
    writeFileSync(file, `${JSON.stringify({ pid: process.pid, environment } satisfies RunFile, null, 2)}\n`);
  mkdirSync(dirname(file), { recursive: true });
  publish({});
  return { publish, release: () => rmSync(file, { force: true }) };
}

/** The process id of the `npm start` that runs in this checkout. null when none does, also after one that was killed. */
export function runningPid(file = FILE): number | null {
  if (!existsSync(file)) return null;
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
    return /\bstart(\.js)?\b/.test(commandLine(pid)) ? pid : null;
  } catch {
    return null; // half written by a run that was killed
  }
}
