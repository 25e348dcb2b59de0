import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failingPlans, historyOf, PATHS } from '../test/replay/paths';
import { startTestServers } from '../test/setup/servers';
import { startWorld } from '../test/support/world';
import { ROOT } from './lib/environment';
import { runCommand, say, step } from './lib/say';

const wanted = process.argv.slice(2);
const FOLDER = join(ROOT, 'test', 'replay', 'histories');

/**
 * `npm run record-histories -- waitlist-accepted`: drives the engine along each path named (test/replay/paths.ts), or along all, on servers of its own and writes
 * its history. After a change of workflow code that `patched()` keeps compatible the old files still replay; record new ones beside or over them and commit them.
 */
void runCommand(async () => {
  const servers = await startTestServers();
  try {
    // eslint-disable-next-line no-restricted-properties -- the test world finds its servers as the tests do
    Object.assign(process.env, { TEST_DATABASE_URL: servers.databaseUrl, TEST_TEMPORAL_ADDRESS: servers.temporalAddress });
    const { planning, options } = failingPlans();
    const world = await startWorld(options);
    mkdirSync(FOLDER, { recursive: true });
    try {
      for (const [name, drive] of Object.entries(PATHS).filter(([path]) => wanted.length === 0 || wanted.includes(path))) {
        await step(name, async () => {
          const workflowId = await drive({ world, planning });
          writeFileSync(join(FOLDER, `${name}.json`), `${await historyOf(world, servers.temporalCli, workflowId)}\n`);
        });
      }
    } finally {
      await world.close();
    }
    say('Written to test/replay/histories: commit them.');
    return 0;
  } finally {
    await servers.stop();
  }
});
