import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { machineEnvironment, STATE_DIR } from './lib/environment';
import { postgresDataDir } from './lib/postgres';
import { runningPid } from './lib/run-file';
import { runCommand, say } from './lib/say';
import { Trouble } from './lib/trouble';

/** Clears what Usher keeps on this machine: databases, demo, logs. Programs in the cache stay. */
void runCommand(() => {
  const pid = runningPid();
  if (pid !== null) throw new Trouble(`Usher is running (process ${String(pid)}): stop it with Ctrl-C in its terminal, then reset.`);
  const dataDir = postgresDataDir(join(STATE_DIR, 'postgres'));
  for (const path of [dataDir, STATE_DIR]) if (existsSync(path)) rmSync(path, { recursive: true });
  say('The demo, its databases and the logs are gone; the next `npm start` makes new ones.');
  if (machineEnvironment()['DATABASE_URL']) say('The database of DATABASE_URL is yours and was left alone.');
  return Promise.resolve(0);
});
