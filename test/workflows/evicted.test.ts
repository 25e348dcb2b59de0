import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ cachedWorkflows: 2 });
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';

describe('a worker with room for two processes', () => {
  it('does for three visits what it would with room for all: each is played back from its history when its turn comes', async () => {
    const salons = await Promise.all(Array.from({ length: 3 }, () => world.aSalon({ now: NOW })));
    const visits = await Promise.all(salons.map((salon) => aVisit(world, salon, { startsAt: '2027-03-03T17:30:00.000Z' })));
    await Promise.all(visits.map((visit) => visit.planned()));
    await Promise.all(salons.map(({ id }) => world.clock.push(id, { to: { at: '2027-03-03T18:00:00.000Z' } })));
    const story = [
      '7d skipped past_due',
      '3d skipped past_due',
      'confirmation sent 03-02 15:00',
      '1d sent 03-02 17:30',
      '2h sent 03-03 15:30',
    ];
    for (const visit of visits) expect(await visit.story()).toEqual(story);
    for (const { contactPhone } of salons) expect(world.sandbox.log.entries({ to: contactPhone, kind: 'sms' })).toHaveLength(3);
    expect(world.worker.running().cached()).toBeLessThanOrEqual(2);
  });
});
