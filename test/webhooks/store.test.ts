import { readConfig } from '../../config';
import { createStore } from '../../api/webhooks/intake';
import { createEncryption } from '../../db/encryption';
import { createPool } from '../../db/knex';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const aStore = () => createStore({ intake: database.poolOf('intake'), encryption: createEncryption(readConfig({}).ENCRYPTION_KEYS) });
const anEvent = (eventId: string) => [{ eventId, kind: 'status', payload: '{}' }];
const storedIds = async (): Promise<string[]> => {
  const rows = await database.poolOf('owner', 1)('webhookEvents').orderBy('eventId').select<{ eventId: string }[]>('eventId');
  return rows.map(({ eventId }) => eventId);
};

it('stores what comes in at once in few statements, each event once', async () => {
  const intake = database.poolOf('intake');
  let statements = 0;
  intake.on('query', () => (statements += 1));
  const store = createStore({ intake, encryption: createEncryption(readConfig({}).ENCRYPTION_KEYS) });
  const ids = Array.from({ length: 60 }, (_, i) => `burst-${String(i).padStart(2, '0')}`);
  await Promise.all([...ids, ...ids].map((id) => store('twilio', anEvent(id))));
  expect((await storedIds()).filter((id) => id.startsWith('burst-'))).toEqual(ids);
  expect(statements).toBeLessThanOrEqual(3);
});

it('has nothing to store of a delivery that is nothing of ours, whatever the database does', async () => {
  const away = createPool('postgres://nobody@127.0.0.1:1/nothing');
  const store = createStore({ intake: away, encryption: createEncryption(readConfig({}).ENCRYPTION_KEYS) });
  await expect(store('twilio', [])).resolves.toEqual([]);
  await away.destroy();
});

it('tells only the delivery that the database refuses, and keeps those beside it', async () => {
  const store = aStore();
  const told = await Promise.allSettled(['beside-1', 'refused \u0000', 'beside-2'].map((id) => store('twilio', anEvent(id))));
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await storedIds()).filter((id) => id.startsWith('beside-'))).toEqual(['beside-1', 'beside-2']);
});

it('does not let two processes that store the same repeats wait for each other for ever', async () => {
  const [one, other] = [aStore(), aStore()];
  const ids = Array.from({ length: 50 }, (_, i) => `repeat-${String(i).padStart(2, '0')}`);
  await Promise.all([...ids.map((id) => one('twilio', anEvent(id))), ...ids.toReversed().map((id) => other('twilio', anEvent(id)))]);
  expect((await storedIds()).filter((id) => id.startsWith('repeat-'))).toEqual(ids);
});
