import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { demoFile } from '../../sandbox/demo';
import { startSandbox, type RunningSandbox } from '../../sandbox/run';
import { ROOT } from '../../scripts/lib/environment';
import { freePort } from '../../scripts/lib/ports';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const NOBODY = '127.0.0.1:9';
const demo = {
  api: 'http://127.0.0.1:3000/api/v1',
  businesses: [
    {
      ...{ id: '01a1fee1-95e1-76be-9b09-c3f2ae195398', name: 'Salon Sol', zone: 'America/New_York', locale: 'en' },
      ...{ api_key: 'key', sms_number: '+12125550100', staff: [], services: [], contacts: [] },
    },
  ],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-handset-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the demo file', () => {
  const file = () => join(folder, 'demo.json');

  it('is read anew when it changes', async () => {
    const read = demoFile(file());
    await writeFile(file(), JSON.stringify(demo));
    expect((await read())?.businesses[0]?.name).toBe('Salon Sol');
    await writeFile(file(), JSON.stringify({ ...demo, businesses: [{ ...demo.businesses[0], name: 'Salon Mar' }] }));
    await utimes(file(), new Date(), new Date(Date.now() + 5_000));
    expect((await read())?.businesses[0]?.name).toBe('Salon Mar');
  });

  it.each([
    ['missing', null],
    ['half written', '{"api":'],
    ['of another shape', '{"businesses":[{"id":7}]}'],
  ])('is no demo when it is %s', async (_, content) => {
    if (content !== null) await writeFile(file(), content);
    expect(await demoFile(file())()).toBeNull();
  });

  it('is gone after a reset', async () => {
    const read = demoFile(file());
    await writeFile(file(), JSON.stringify(demo));
    expect(await read()).not.toBeNull();
    await rm(file());
    expect(await read()).toBeNull();
  });
});

describe('a sandbox whose database and Temporal are away', () => {
  let sandbox: RunningSandbox;
  afterEach(() => jest.restoreAllMocks());
  beforeEach(async () => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined); // knex says on the console that it finds no server
    const dir = join(folder, 'sandbox');
    await mkdir(dir);
    await writeFile(join(folder, 'demo.json'), JSON.stringify(demo));
    const SANDBOX_PORT = String(await freePort());
    sandbox = await startSandbox(
      readConfig({ DATABASE_URL: `postgres://x@${NOBODY}/x`, TEMPORAL_ADDRESS: NOBODY, SANDBOX_DIR: dir, SANDBOX_PORT }),
      silent,
    );
  });

  it('comes up all the same, says on its page what is missing, and stops when told', async () => {
    const answers = await Promise.all(
      ['/healthz', '/sandbox/log', '/handset', `/sandbox/clock/${demo.businesses[0]!.id}`].map(async (path) => {
        const answer = await fetch(sandbox.url + path);
        return { status: answer.status, text: await answer.text() };
      }),
    );
    await sandbox.stop();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 503, 503]);
    expect(answers[2]!.text).toContain('The database does not answer');
    expect(answers[3]!.text).toContain('"code":"database_unavailable"');
    await expect(fetch(`${sandbox.url}/healthz`)).rejects.toThrow();
  });
});

describe('the process in production', () => {
  it('refuses to start', async () => {
    const given = { DATABASE_ROLE_PASSWORD: 'a long password', TWILIO_AUTH_TOKEN: 'a real token', SENDGRID_API_KEY: 'SG.a.real.key' };
    const keys = {
      APP_SECRET: 'x'.repeat(40),
      ENCRYPTION_KEYS: 'k:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=',
      SENDGRID_PUBLIC_KEY: 'key',
    };
    const places = { DATABASE_URL: `postgres://x@${NOBODY}/x`, TEMPORAL_ADDRESS: NOBODY, PUBLIC_URL: 'https://usher.example' };
    const vendors = {
      TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
      TWILIO_FROM_NUMBER: '+12125550100',
      SENDGRID_FROM_EMAIL: 'desk@usher.example',
    };
    const child = spawn(process.execPath, [join(ROOT, 'dist/sandbox/main.js')], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', SANDBOX_DIR: folder, ...given, ...keys, ...places, ...vendors },
    });
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(said.join('')).toContain('it does not run with NODE_ENV=production');
  });
});
