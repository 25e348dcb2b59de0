import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../scripts/lib/ports';
import { ownerUrl, startPostgres, type Postgres } from '../../scripts/lib/postgres';
import { aFolder } from './fakes';

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A folder that PostgreSQL's user may enter too. */
function aPlace() {
  const folder = aFolder();
  chmodSync(folder, 0o755);
  return { dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log') };
}

describe('startPostgres', () => {
  const place = aPlace();
  let postgres: Postgres;
  const start = async () => {
    postgres = await startPostgres({ ...place, port: await freePort(), volatile: true });
  };
  beforeAll(start);
  afterAll(() => postgres.stop());

  it('gives an owner who may make roles and databases but is no superuser, so that row-level security holds', async () => {
    const [owner] = await query(
      postgres.url,
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user',
    );
    expect(owner).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: true, rolcreatedb: true });
  });

  it('knows letters beyond ASCII on every machine', async () => {
    await expect(query(postgres.url, `select lower('ÁÑ') as lower, 'señal' ~ '^\\w+$' as word`)).resolves.toEqual([
      { lower: 'áñ', word: true },
    ]);
  });

  it('keeps what was committed when it is killed', async () => {
    await query(postgres.url, 'create table visits (id int); insert into visits values (1)');
    postgres.kill();
    await postgres.exited;
    await start();
    await expect(query(postgres.url, 'select id from visits')).resolves.toEqual([{ id: 1 }]);
  });

  it('ends a server of an earlier run that still holds the data', async () => {
    const earlier = postgres;
    await start();
    await expect(earlier.exited).resolves.toBeDefined();
    await expect(query(postgres.url, 'select 1 as up')).resolves.toEqual([{ up: 1 }]);
  });

  it('starts although the process id it left behind belongs to another program now', async () => {
    await postgres.stop();
    writeFileSync(join(place.dataDir, 'postmaster.pid'), `${String(process.pid)}\n${place.dataDir}\n`);
    await start();
    await expect(query(postgres.url, 'select 1 as up')).resolves.toEqual([{ up: 1 }]);
  });

  it('names the port when another program took it first', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    await expect(startPostgres({ ...aPlace(), port, volatile: true })).rejects.toThrow(`Port ${String(port)} is taken by another program`);
    other.close();
  });

  it('refuses data of another version in one sentence', async () => {
    const { dataDir, logFile } = aPlace();
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'PG_VERSION'), '15\n');
    await expect(startPostgres({ dataDir, logFile, port: 1 })).rejects.toThrow(
      'belongs to PostgreSQL 15 and this is 18: clear it with `npm run reset`',
    );
  });
});

describe('ownerUrl', () => {
  it('leads to a database on this machine', () => {
    expect(ownerUrl(5434, 'usher')).toBe('postgres://usher:usher@127.0.0.1:5434/usher');
  });
});
