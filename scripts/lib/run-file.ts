import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATE_DIR, type Environment } from './environment';
import { commandLine } from './processes';
import { Trouble } from './trouble';

/** `environment`: where the servers of this run are, for commands beside it (usher.mjs hands it to them). `parts`: process ids by name, for fault runs. */
export type RunFile = { pid: number; environment: Environment; parts: Record<string, number> };
export type Run = { publish: (change: Partial<Pick<RunFile, 'environment' | 'parts'>>) => void; release: () => void };

const FILE = join(STATE_DIR, 'running.json');

/** Claims this checkout for one `npm start`. Throws Trouble when one runs already. `publish` adds to what is told, `release` lets go. */
export function claimRun(file = FILE): Run {
  const other = runningPid(file);
  if (other !== null) {
    throw new Trouble(
      `Usher is running already (process ${String(other)}): use that one, or stop it with Ctrl-C in its terminal and start again.`,
    );
  }
  const told: RunFile = { pid: process.pid, environment: {}, parts: {} };
  const publish: Run['publish'] = ({ environment, parts }) => {
    Object.assign(told.environment, environment);
    Object.assign(told.parts, parts);
    writeFileSync(`${file}.draft`, `${JSON.stringify(told, null, 2)}\n`);
    renameSync(`${file}.draft`, file); // a reader never sees half of it
  };
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
