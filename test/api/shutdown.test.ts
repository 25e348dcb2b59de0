import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports';
import { aBusiness, aContact, anApiKey, inBusiness } from '../factories';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
const running: ChildProcess[] = [];
beforeAll(async () => (database = await openDatabase()));
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await database.close();
});

async function startProcess(nodeOptions = ''): Promise<{ child: ChildProcess; url: string; said: () => string }> {
  const port = await freePort();
  const base = { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: nodeOptions };
  const env = { ...base, DATABASE_URL: database.url, API_PORT: String(port), TEMPORAL_ADDRESS: '127.0.0.1:9' };
  const child = spawn(process.execPath, [join(__dirname, '../../dist/api/main.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data.toString()));
  const url = `http://127.0.0.1:${String(port)}`;
  await reached(() => fetch(`${url}/healthz`).then(({ ok }) => ok));
  return { child, url, said: () => output.join('') };
}

/** Is a request waiting for a row? On a connection of its own: a transaction sees the list of activities as it was when it first looked. */
async function somebodyWaits(): Promise<boolean> {
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return (await database.db.pool.raw<{ rows: unknown[] }>(waiting)).rows.length > 0;
}

const isDeaf = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );

/** Asks until the answer is yes. */
async function reached(ask: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await ask().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("The api's process", () => {
  it('ends what it has begun, takes nothing new, and leaves with 0 when it is told to stop', async () => {
    const { id } = await aBusiness(database.db);
    const [key, contact] = [await anApiKey(database.db, id), await aContact(database.db, id)];
    const { child, url, said } = await startProcess();
    const exited = once(child, 'exit');

    const slow = await inBusiness(database.db, id, async (tx) => {
      await tx('contacts').where({ id: contact.id }).forUpdate().select('id'); // the request below waits for this row
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
      const asked = fetch(`${url}/api/v1/contacts/${contact.id}`, { method: 'PATCH', headers, body: '{"name":"In time"}' });
      await reached(somebodyWaits);
      child.kill('SIGTERM');
      await reached(() => isDeaf(url));
      return { asked };
    });
    expect((await slow.asked).status).toBe(200);
    expect(await exited).toEqual([0, null]);
    expect(said()).toContain('the api drains');
  });

  it('notes where an error came from that nobody expected, ends what it has begun, and leaves with 1 to be started afresh', async () => {
    const thrower = join(await mkdtemp(join(tmpdir(), 'usher-thrower-')), 'thrower.cjs');
    await writeFile(thrower, `process.on('SIGUSR2', () => setImmediate(() => { throw new Error('Secret Name +12125550177'); }));`);
    const { child, said } = await startProcess(`--require ${thrower}`);
    const exited = once(child, 'exit');
    child.kill('SIGUSR2');
    expect(await exited).toEqual([1, null]);
    expect(said()).toContain('an error that nobody expected');
    expect(said()).toContain('thrower.cjs');
    expect(said()).toContain('the api drains');
    expect(said()).not.toMatch(/Secret|5550177/);
  });

  it('logs no names, numbers, keys or queries', async () => {
    const { id } = await aBusiness(database.db);
    const key = await anApiKey(database.db, id);
    const { child, url, said } = await startProcess();
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    await fetch(`${url}/api/v1/contacts`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'Secret Name', phone: '+12125550177', email: 's@example.com' }),
    });
    await fetch(`${url}/api/v1/contacts?email=s@example.com`, { headers });
    await fetch(`${url}/api/v1/contacts`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'Secret Name', phone: 'x'.repeat(20) }),
    });
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(said()).toContain('"route":"/api/v1/contacts"');
    expect(said()).not.toMatch(/Secret|5550177|example\.com|usher_key_/);
  });
});
