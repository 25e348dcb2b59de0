import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { changed } from '../../workflows/contracts/doorbell';
import { OutcomeUnclear } from '../../providers/errors';
import { until } from '../support/eventually';
import { aVisit } from '../support/visits';
import { BUNDLE, startWorld, type World } from '../support/world';
import { historyOf, PATHS, readable } from './paths';

const FOLDER = join(__dirname, 'histories');
const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
const recorded = names.map((name) => ({ name, text: readFileSync(join(FOLDER, `${name}.json`), 'utf8') }));
const bundle = { workflowBundle: { codePath: BUNDLE } };

// Of the salon that the histories were recorded with, and of every message's wording.
const PERSONAL = [
  /\+1\d{10}/,
  /@[\w-]+\.(com|example)/,
  /Ana|Diaz|Marta|Rosa|Gil\b|Ida|Zoe|Salon|Haircut|Main St/,
  /[Yy]our visit|Reply|STOP|parking|texting me/,
  /https?:/,
];

describe('the committed histories', () => {
  it('hold one of every path', () => {
    expect(names.sort()).toEqual(Object.keys(PATHS).sort());
  });

  it('replay with the workflow code of this release', async () => {
    const failed: string[] = [];
    for (const { name, text } of recorded) {
      const replayed = Worker.runReplayHistory(bundle, JSON.parse(text), name);
      await replayed.catch((error: unknown) => failed.push(`${name}: ${String(error)}`));
    }
    expect(failed).toEqual([]);
  });

  it('do not replay with code that would do something else, so that the test above means something', async () => {
    const { text } = recorded.find(({ name }) => name === 'confirmed')!;
    await expect(Worker.runReplayHistory(bundle, JSON.parse(text.replace('"sendMessage"', '"sendLetter"')), 'changed')).rejects.toThrow(
      /Nondeterminism/,
    );
  });

  it.each(names)('of a visit %s name no person, address or text', (name) => {
    const text = readable(recorded.find((one) => one.name === name)!.text);
    expect(PERSONAL.filter((pattern) => pattern.test(text))).toEqual([]);
  });
});

describe("a vendor's own words", () => {
  let world: World;
  beforeAll(async () => {
    const failure = {
      text: 'The number +12125551234 of Ana Diaz is not reachable',
      cause: 'reset' as const,
      vendor: 'twilio',
      vendorCode: '30003',
    };
    const fails = { left: 2 };
    world = await startWorld({
      sms: ({ find, price }) => ({
        find,
        price,
        send: () => {
          fails.left -= 1;
          // Once as a bug of ours that quotes the vendor, then as what our adapters say.
          return Promise.reject(
            fails.left === 1 ? Object.assign(new Error(failure.text), { response: failure }) : new OutcomeUnclear(failure),
          );
        },
      }),
    });
  });
  afterAll(() => world.close());

  it('do not reach the history of a process whose sending failed', async () => {
    const salon = await world.aSalon({ now: '2027-03-02T15:00:00.000Z' });
    const visits = [
      await aVisit(world, salon, { startsAt: '2027-03-05T17:00:00.000Z' }),
      await aVisit(world, salon, { startsAt: '2027-03-06T17:00:00.000Z' }),
    ];
    for (const { workflowId } of visits) {
      const handle = world.client.workflow.getHandle(workflowId);
      await until('the failed attempt is seen', async () => (await handle.describe()).raw.pendingActivities?.[0]?.lastFailure != null);
      const { pendingActivities } = (await handle.describe()).raw;
      expect(pendingActivities?.[0]?.lastFailure?.message).toMatch(/^(Error|outcome_unclear)$/);
      expect(JSON.stringify(pendingActivities)).not.toMatch(/reachable|Ana Diaz|5551234/);
      await handle.signal(changed, 1);
      expect(readable(await historyOf(world, process.env['TEST_TEMPORAL_CLI'] ?? '', workflowId))).not.toMatch(
        /reachable|Ana Diaz|5551234/,
      );
    }
  });
});
