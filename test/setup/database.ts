import { randomBytes } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { TEMPLATE } from './servers';

export type TestDatabase = { url: string; drop: () => Promise<void> };

/** A migrated, empty database of this file's own (40 ms). `url` is the owner's. Drop it in afterAll, when its pools are closed. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server)
    throw new Error(
      'No test servers: a file under test/domain, test/providers or test/scripts asks for a database. See test/setup/global-setup.ts.',
    );
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => dropDatabase(server, name) };
}

/**
 * Ends what is still connected, such as the processes of a fault test. Only a superuser may end a running autovacuum so (42501), and we are none;
 * without force PostgreSQL itself sends autovacuum away.
 */
async function dropDatabase(server: string, name: string): Promise<void> {
  try {
    await onServer(server, `drop database if exists ${name} with (force)`);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '42501')) throw error;
    await onServer(server, `drop database if exists ${name}`);
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
