import { readFileSync, statSync } from 'node:fs';
import { historyOf, readable } from '../replay/paths';
import type { Salon } from '../support/salon';
import { aVisit, type Visit } from '../support/visits';
import { BUNDLE, startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York, 09:00 in Chicago.
const NOW = '2027-03-02T15:00:00.000Z';
const DAY_S = 86_400;

const textsTo = ({ contactPhone }: Salon): string[] => world.sandbox.log.entries({ to: contactPhone, kind: 'sms' }).map(({ body }) => body);
const threeVisits = (salon: Salon): Promise<Visit[]> =>
  Promise.all(['16', '18', '20'].map((hour) => aVisit(world, salon, { startsAt: `2027-03-05T${hour}:30:00.000Z` })));

describe('two businesses on one worker', () => {
  it('know nothing of each other, though their visits run side by side and their clocks differ', async () => {
    const luna = await world.aSalon({ now: NOW, name: 'Luna', zone: 'America/Chicago', locale: 'es' });
    const vega = await world.aSalon({ now: NOW, name: 'Vega' });
    const [ofLuna, ofVega] = await Promise.all([threeVisits(luna), threeVisits(vega)]);
    await Promise.all([world.clock.push(luna.id, { byS: 60 }), world.clock.push(vega.id, { byS: 60 })]);
    await Promise.all([ofLuna[0]!.change('cancel'), ofVega[1]!.change('confirm'), ofLuna[2]!.move('2027-03-06T20:30:00.000Z')]);

    // Luna's time runs two days ahead of Vega's.
    await world.clock.push(luna.id, { byS: 2 * DAY_S });
    expect(await ofLuna[1]!.story()).toContain('3d sent 03-02 18:30');
    expect(await ofVega[1]!.story()).toContain('3d planned 03-02 18:30');
    await world.clock.push(vega.id, { to: { at: '2027-03-05T21:00:00.000Z' } });
    await world.clock.push(luna.id, { to: { at: '2027-03-06T21:00:00.000Z' } });

    // Three confirmations each; Luna: a cancellation, a change, three reminders of the second and three of the moved visit; Vega: three reminders for each visit.
    expect([textsTo(luna).length, textsTo(vega).length]).toEqual([3 + 2 + 3 + 3, 3 + 9]);
    expect(textsTo(luna).filter((body) => !body.startsWith('Luna: '))).toEqual([]);
    expect(textsTo(vega).filter((body) => !body.startsWith('Vega: '))).toEqual([]);
    for (const [visits, own, other] of [
      [ofLuna, luna, vega],
      [ofVega, vega, luna],
    ] as const)
      for (const { workflowId } of visits) {
        const history = await historyOf(world, process.env['TEST_TEMPORAL_CLI'] ?? '', workflowId);
        expect(readable(history)).toContain(own.id);
        expect(readable(history)).not.toContain(other.id);
      }
  });
});

describe('the bundle of workflow code', () => {
  it('holds neither zod nor luxon, and nothing that speaks to the outside', () => {
    const code = readFileSync(BUNDLE, 'utf8');
    process.stdout.write(`workflow bundle: ${(statSync(BUNDLE).size / 1_000_000).toFixed(2)} MB\n`);
    expect(code).toContain('runClock');
    expect(
      ['ZodError', 'IANAZone', 'node_modules/zod', 'node_modules/luxon', 'node_modules/knex', 'node_modules/pg/'].filter((word) =>
        code.includes(word),
      ),
    ).toEqual([]);
    expect(code.length).toBeLessThan(1_800_000);
  });
});
