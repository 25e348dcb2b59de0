import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../db/tenancy';
import type { Claim } from '../../db/webhook-events';
import { claimEvent, holdEvent, noteProcessed, noteUnprocessed, storeEvents } from '../../db/webhook-events';
import { openDatabase, type OpenDatabase } from '../support/database';

let database: OpenDatabase;
let owner: OpenDatabase['db']['pool'];
let intake: OpenDatabase['db']['pool'];
beforeAll(async () => {
  database = await openDatabase();
  owner = database.poolOf('owner', 2);
  intake = database.poolOf('intake', 1);
  await owner.raw('create table effects (event uuid not null, at timestamptz not null default clock_timestamp())');
  await owner.raw('grant select, insert on effects to usher_app');
});
afterAll(() => database.close());

/** What two handlers, the sweep and the world may do, one after the other, in any order. A handler's own steps have an order; any step may be its last. */
type Step =
  | { who: 'A' | 'B'; does: 'claim' | 'hold and act' | 'commit' | 'fail' | 'crash' }
  | { who: 'world'; does: 'its turn comes' | 'delivered again' };

const handlerStep = fc.record({
  who: fc.constantFrom('A' as const, 'B' as const),
  does: fc.constantFrom('claim' as const, 'claim' as const, 'hold and act' as const, 'commit' as const, 'fail' as const, 'crash' as const),
});
const worldStep = fc.record({
  who: fc.constant('world' as const),
  does: fc.constantFrom('its turn comes' as const, 'its turn comes' as const, 'delivered again' as const),
});
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof({ weight: 4, arbitrary: handlerStep }, { weight: 2, arbitrary: worldStep }), {
  minLength: 4,
  maxLength: 24,
});

/** A process that handles an event, stopped after each statement. */
class Handler {
  #claim: Claim | null = null;
  #tx: Tx | null = null;

  constructor(private readonly id: string) {}

  async take(does: Exclude<Step, { who: 'world' }>['does']): Promise<void> {
    switch (does) {
      case 'claim':
        if (!this.#tx) this.#claim = (await claimEvent(database.db.pool, this.id)) ?? this.#claim;
        return;
      case 'hold and act':
        return this.#act();
      case 'commit':
        await this.#tx?.commit();
        this.#tx = null;
        return;
      case 'fail':
        return this.#fail();
      case 'crash': // the connection goes, and with it the transaction; the process knows nothing any more
        await this.#undo();
        this.#claim = null;
    }
  }

  async #act(): Promise<void> {
    if (!this.#claim || this.#tx) return;
    const tx = await database.db.pool.transaction();
    if (!(await holdEvent(tx, this.#claim))) {
      await tx.rollback();
      return;
    }
    await tx('effects').insert({ event: this.id });
    await noteProcessed(tx, this.#claim);
    this.#tx = tx;
  }

  async #fail(): Promise<void> {
    await this.#undo();
    if (this.#claim) await noteUnprocessed(database.db.pool, { ...this.#claim, status: 'received', code: 'Error' });
  }

  async #undo(): Promise<void> {
    await this.#tx?.rollback();
    this.#tx = null;
  }
}

const makeDue = (id: string) => owner('webhookEvents').where({ id }).update({ nextAttemptAt: '2020-01-01T00:00:00Z' });
const store = (id: string, eventId: string) =>
  storeEvents(intake, [{ id, provider: 'twilio', eventId, kind: 'inbound', payload: Buffer.from('x'), keyId: 'dev' }]);
const rowsOf = (eventId: string) => owner('webhookEvents').where({ eventId }).select<{ id: string; status: string }[]>('id', 'status');
const effectsOf = async (id: string): Promise<number> => (await owner('effects').where({ event: id }).select('event')).length;

/** Whatever was left undone is done in the end: the lease ends, the sweep comes. */
async function sweepToTheEnd(id: string): Promise<void> {
  await makeDue(id);
  const last = new Handler(id);
  for (const does of ['claim', 'hold and act', 'commit'] as const) await last.take(does);
}

describe('A stored event', () => {
  it('acts exactly once, whatever two handlers, crashes, failures, sweeps and repeated deliveries do to it', async () => {
    const property = fc.asyncProperty(steps, async (taken) => {
      const [id, eventId] = [newId(), newId()];
      await store(id, eventId);
      const handlers = { A: new Handler(id), B: new Handler(id) };
      const delivered: Promise<void>[] = []; // not awaited: a repeat waits for the commit of whoever has just changed the row
      for (const step of taken) {
        if (step.who !== 'world') await handlers[step.who].take(step.does);
        // Not while a handler holds it: the row is locked, and the sweep passes it by.
        else if (step.does === 'its turn comes') await owner.raw(MAKE_DUE_UNLESS_HELD, [id]);
        else delivered.push(store(newId(), eventId));
        expect(await effectsOf(id)).toBeLessThanOrEqual(1);
      }
      await handlers.A.take('crash');
      await handlers.B.take('crash');
      await Promise.all(delivered);
      await sweepToTheEnd(id);
      expect(await rowsOf(eventId)).toEqual([{ id, status: 'processed' }]);
      expect(await effectsOf(id)).toBe(1);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('is not processed twice by a handler that slept through its own lease', async () => {
    const [id, eventId] = [newId(), newId()];
    await store(id, eventId);
    const [slow, quick] = [new Handler(id), new Handler(id)];
    await slow.take('claim');
    await quick.take('claim'); // its lease holds: nobody else gets it
    await quick.take('hold and act');
    expect(await rowsOf(eventId)).toMatchObject([{ status: 'processing' }]);
    await makeDue(id);
    for (const does of ['claim', 'hold and act', 'commit'] as const) await quick.take(does);
    for (const does of ['hold and act', 'commit', 'fail'] as const) await slow.take(does);
    expect(await rowsOf(eventId)).toMatchObject([{ status: 'processed' }]);
    expect(await effectsOf(id)).toBe(1);
  });
});

const MAKE_DUE_UNLESS_HELD = `update webhook_events set next_attempt_at = '2020-01-01T00:00:00Z'
  where id = (select id from webhook_events where id = ? for update skip locked)`;
