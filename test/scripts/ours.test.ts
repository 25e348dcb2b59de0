import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { ourParts } from '../../scripts/lib/ours';
import { freePort } from '../../scripts/lib/ports';
import { supervise } from '../../scripts/lib/supervisor';
import { aFolder, listener } from './fakes';

const folder = aFolder();

/** Ends the process as it comes up, so many times; then lets it be. */
function aStumblingStart(times: number): { preload: string; starts: () => number } {
  const [preload, count] = [join(folder, `stumbles-${String(times)}.cjs`), join(folder, `starts-${String(times)}`)];
  writeFileSync(count, '');
  writeFileSync(
    preload,
    `const fs = require('node:fs');
     fs.appendFileSync(${JSON.stringify(count)}, '.');
     if (fs.readFileSync(${JSON.stringify(count)}).length <= ${String(times)}) { console.error('stumbled'); process.exit(1); }`,
  );
  return { preload, starts: () => readFileSync(count, 'utf8').length };
}

async function theSandbox(preload: string) {
  const port = String(await freePort());
  const environment = { PATH: process.env['PATH'], NODE_OPTIONS: `--require ${preload}`, SANDBOX_DIR: folder, SANDBOX_PORT: port };
  return ourParts(readConfig(environment), environment, folder).sandbox;
}

describe('a process of ours that ends as it comes up', () => {
  it('is tried again by who supervises it', async () => {
    const { preload, starts } = aStumblingStart(2);
    const { said, say } = listener();
    const supervised = await supervise(await theSandbox(preload), { say, giveUp: () => undefined, pauseMs: 1 });
    expect(starts()).toBe(3);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^sandbox ended \(sandbox ended before it was ready: .*sandbox\.log says why.*\); it is started again\.$/);
    await supervised.stop();
  });

  it('says how its log ends', async () => {
    const { preload } = aStumblingStart(9);
    await expect((await theSandbox(preload)).start()).rejects.toThrow(
      /^sandbox ended before it was ready: .*sandbox\.log says why\.[^]*stumbled/,
    );
  });
});
