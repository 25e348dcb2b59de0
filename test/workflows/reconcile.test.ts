import { reconcile } from '../../scripts/reconcile';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';
import { createMissingSchedules } from '../../worker/schedules';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const NOW = '2027-03-02T15:00:00.000Z';

/** As a Temporal that lost its data: nothing of these processes is left there. */
async function loseEverything(): Promise<number> {
  let lost = 0;
  for await (const { workflowId } of world.client.workflow.list({
    query: `ExecutionStatus = 'Running' AND WorkflowType = 'appointment'`,
  })) {
    await world.client.workflow.getHandle(workflowId).terminate('lost');
    lost += 1;
  }
  return lost;
}

const lines: string[] = [];
const run = (pageSize: number): Promise<number> => {
  lines.length = 0;
  const sweeper = world.database.poolOf('sweeper', 1);
  return reconcile({ db: world.db, sweeper, now: () => new Date().toISOString(), say: (line) => lines.push(line), pageSize });
};

const textsTo = ({ contactPhone }: Salon): number => world.sandbox.log.entries({ to: contactPhone, kind: 'sms' }).length;

describe('npm run reconcile', () => {
  it('wakes everything that a lost Temporal forgot: no reminder is lost and none is sent twice', async () => {
    const salons = [await world.aSalon({ now: NOW }), await world.aSalon({ now: NOW, zone: 'America/Chicago' })];
    const visits = [];
    for (const salon of salons)
      for (const hour of ['16', '18', '20'])
        visits.push({ salon, visit: await aVisit(world, salon, { startsAt: `2027-03-05T${hour}:00:00.000Z` }) });
    const [over] = visits;
    for (const salon of salons) await world.clock.push(salon.id, { byS: 600 }); // the confirmations and, at 15:00 + 10 min, no more
    await over?.visit.change('cancel');
    for (const salon of salons) await world.clock.push(salon.id, { byS: 60 });
    expect(salons.map(textsTo)).toEqual([4, 3]);

    await eventually(async () => expect(await loseEverything()).toBeGreaterThan(0));
    await eventually(async () => expect(await loseEverything()).toBe(0)); // the list lags behind
    expect(await run(2)).toBe(5); // the cancelled visit's process was over
    expect(lines).toEqual(['2 rung …', '4 rung …', '5 open processes of 2 businesses are rung; each plans again from its facts.']);

    for (const salon of salons) await world.clock.push(salon.id, { to: { at: '2027-03-05T21:00:00.000Z' } });
    for (const { visit } of visits.slice(1))
      expect((await visit.story()).filter((line) => line.includes(' sent ')).map((line) => line.split(' ')[0])).toEqual([
        'confirmation',
        '3d',
        '1d',
        '2h',
      ]);
    expect(salons.map(textsTo)).toEqual([4 + 2 * 3, 3 + 3 * 3]);
  });

  it('does no harm while Temporal has lost nothing, and again', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-05T16:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 60 });
    await Promise.all([run(500), run(500)]);
    await world.clock.push(salon.id, { to: { at: '2027-03-05T16:00:00.000Z' } });
    expect((await visit.story()).filter((line) => line.includes(' sent '))).toHaveLength(4);
    expect(textsTo(salon)).toBe(4);
  });
});

describe('a Temporal that lost its schedules', () => {
  it('gets them back from a worker that runs on, once each', async () => {
    const { client } = world;
    await client.schedule.getHandle('sweep').delete();
    await createMissingSchedules(client);
    await createMissingSchedules(client);
    expect((await client.schedule.getHandle('sweep').describe()).spec.intervals).toHaveLength(1);
    expect((await client.schedule.getHandle('local-dailies').describe()).scheduleId).toBe('local-dailies');
  });
});
