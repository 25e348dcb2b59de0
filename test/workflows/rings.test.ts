import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import type { Activities } from '../../activities';
import { claimRings, settleRing } from '../../db/doorbell';
import { withBusiness } from '../../db/tenancy';
import { NO_TRACING } from '../../providers/opentelemetry/tracing';
import type { Relay } from '../../worker/relay';
import { startRelay } from '../../worker/relay';
import { eventually } from '../support/eventually';
import { ringsOf } from '../support/rings';
import type { Salon } from '../support/salon';
import type { Visit } from '../support/visits';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

/** What happens after a plan has read the facts and before its answer arrives; once for each visit. */
const planning = { failsLocally: false, meanwhile: new Map<string, () => Promise<void>>() };

let world: World;
beforeAll(async () => {
  const planAppointment: (real: Activities) => Activities['planAppointment'] = (real) => async (input) => {
    if (planning.failsLocally && Context.current().info.isLocal) throw new Error('no connection');
    const plan = await real.planAppointment(input);
    const meanwhile = planning.meanwhile.get(input.id);
    planning.meanwhile.delete(input.id);
    await meanwhile?.();
    return plan;
  };
  world = await startWorld({ activities: (real) => ({ ...real, planAppointment: planAppointment(real) }) });
});
afterAll(() => world.close());
afterEach(async () => {
  planning.failsLocally = false;
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await world.worker.start();
});

const relays: Relay[] = [];
/** One more relay beside the worker's own. */
function aRelay(client: Client, pollMs = 20): Relay {
  const relay = startRelay({ pool: relayPool(), client, log, tracing: NO_TRACING, pollMs });
  relays.push(relay);
  return relay;
}

const log = pino({ level: 'silent' });
const relayPool = () => world.database.poolOf('relay', 2);

/** Nobody to text, so a process plans and ends at once: each ring starts a new run. */
const aQuietSalon = (): Promise<Salon> => world.aSalon({ consents: [] });

/** So many visits from tomorrow on, one an hour. */
async function visitsOf(salon: Salon, count: number): Promise<Visit[]> {
  const tomorrow = Math.ceil(Date.now() / 86_400_000 + 1) * 86_400_000 + 14 * 3_600_000;
  const startOf = (i: number): string => new Date(tomorrow + Math.floor(i / 8) * 86_400_000 + (i % 8) * 3_600_000).toISOString();
  return Promise.all(Array.from({ length: count }, (_, i) => aVisit(world, salon, { startsAt: startOf(i) })));
}

/** Every visit's process has planned its newest change and is over. */
async function expectAllPlanned(salon: Salon, visits: Visit[]): Promise<void> {
  const rings = ringsOf(world, salon);
  await eventually(async () => {
    const states = await Promise.all(visits.map((visit) => rings.process(visit)));
    expect(states.filter(({ version, plannedVersion, isClosed }) => plannedVersion !== version || !isClosed)).toEqual([]);
  });
}

const doorbellsOf = (salon: Salon) =>
  withBusiness(world.db, salon.id, (tx) =>
    tx('doorbells').select<
      { workflowId: string; version: number; attempts: number; lastError: string | null; nextAttemptAt: string | null }[]
    >('*'),
  );

describe('a ring', () => {
  // The plan as it usually runs, and as an activity of its own: there the ring and the plan's answer reach the workflow together.
  it.each([
    ['', false],
    [', also when planning had become an activity of its own', true],
  ])('is never lost when it comes while the plan that found nothing is on its way%s: 40 tries', async (_, failsLocally) => {
    const salon = await aQuietSalon();
    const rings = ringsOf(world, salon);
    const visits = await visitsOf(salon, 20);
    await expectAllPlanned(salon, visits);
    planning.failsLocally = failsLocally;
    for (let round = 0; round < 2; round += 1) {
      for (const visit of visits) {
        planning.meanwhile.set(visit.id, async () => rings.signal(visit, await rings.changeSilently(visit)));
        await rings.signal(visit, await rings.changeSilently(visit));
      }
      await expectAllPlanned(salon, visits);
      expect(planning.meanwhile.size).toBe(0);
    }
  });

  it('is never lost when it comes a little after the one before', async () => {
    const salon = await aQuietSalon();
    const rings = ringsOf(world, salon);
    const visits = await visitsOf(salon, 20);
    await expectAllPlanned(salon, visits);
    await Promise.all(
      visits.map(async (visit, i) => {
        await rings.signal(visit, await rings.changeSilently(visit));
        // Each a few trips to the database later than its neighbour: some hit the process's end.
        for (let trips = 0; trips < i; trips += 1) await rings.process(visit);
        await rings.signal(visit, await rings.changeSilently(visit));
      }),
    );
    await expectAllPlanned(salon, visits);
  });

  it('may come twice and out of order', async () => {
    const salon = await aQuietSalon();
    const rings = ringsOf(world, salon);
    const [visit] = (await visitsOf(salon, 1)) as [Visit];
    await visit.planned();
    const versions = [await rings.changeSilently(visit), await rings.changeSilently(visit), await rings.changeSilently(visit)];
    const [first = 0, second = 0, third = 0] = versions;
    for (const version of [third, first, second, third, first]) await rings.signal(visit, version);
    await expectAllPlanned(salon, [visit]);
    expect(await rings.process(visit)).toMatchObject({ plannedVersion: third });
  });

  it('that is faster than its fact waits for it', async () => {
    const salon = await aQuietSalon();
    const rings = ringsOf(world, salon);
    const [visit] = (await visitsOf(salon, 1)) as [Visit];
    await visit.planned();
    const { version } = await rings.process(visit);
    await rings.signal(visit, version + 1);
    expect(await rings.changeSilently(visit)).toBe(version + 1);
    await expectAllPlanned(salon, [visit]);
  });
});

describe('the relay', () => {
  it('is made up for when it dies between taking a doorbell and ringing it, and cannot remove a newer one when it comes back', async () => {
    const salon = await aQuietSalon();
    await world.worker.stop();
    const [visit] = (await visitsOf(salon, 1)) as [Visit];
    const pool = relayPool();
    const [claimed] = await claimRings(pool, 10);
    expect(claimed).toMatchObject({ workflowId: visit.workflowId, version: 1 });
    expect(await claimRings(pool, 10)).toEqual([]); // it is taken, for 15 s
    await ringsOf(world, salon).change(visit);
    expect(await claimRings(pool, 10)).toEqual([]);

    await pool('doorbells').update({ claimedUntil: new Date(Date.now() - 1).toISOString() });
    const [again] = await claimRings(pool, 10);
    expect(again).toMatchObject({ workflowId: visit.workflowId, version: 2, claim: 2 });
    await settleRing(pool, claimed!);
    expect(await doorbellsOf(salon)).toMatchObject([{ version: 2 }]);

    await pool('doorbells').update({ claimedUntil: new Date(Date.now() - 1).toISOString() });
    await world.worker.start();
    await expectAllPlanned(salon, [visit]);
    await eventually(async () => expect(await doorbellsOf(salon)).toEqual([]));
  });

  it('is one of three that carry 300 changes of 30 visits at once: each process ends planned at its newest change', async () => {
    const salon = await aQuietSalon();
    const rings = ringsOf(world, salon);
    const visits = await visitsOf(salon, 30);
    const others = [1, 2].map(() => aRelay(world.client));
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(visits.map((visit) => rings.change(visit)));
      for (const relay of [...others, world.worker.running().relay]) relay.wake();
    }
    await expectAllPlanned(salon, visits);
    expect(new Set((await Promise.all(visits.map((visit) => rings.process(visit)))).map(({ plannedVersion }) => plannedVersion))).toEqual(
      new Set([11]),
    );
    await eventually(async () => expect(await doorbellsOf(salon)).toEqual([]));
  });

  it('of an old version is looked at too, as after a restore of the database: a version counts nothing down', async () => {
    const salon = await world.aSalon({ now: '2027-03-01T15:00:00.000Z' });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-12T15:00:00.000Z' });
    await visit.planned();
    await visit.move('2027-03-12T16:00:00.000Z');
    await visit.planned();
    // The facts are those of version 1 again, the workflow has seen 2.
    const earlier = { version: 1, status: 'cancelled', cancelledAt: '2027-03-01T15:00:00.000Z', cancelledBy: 'staff' };
    await withBusiness(world.db, salon.id, (tx) => tx('appointments').where({ id: visit.id }).update(earlier));
    await ringsOf(world, salon).signal(visit, 1);
    await eventually(async () => expect(await visit.story()).toContain('1d skipped cancelled'));
  });

  it('leaves no doorbell to its next poll when it was woken while it looked', async () => {
    await world.worker.stop();
    const salon = await aQuietSalon();
    const [visit] = (await visitsOf(salon, 1)) as [Visit];
    const relay = aRelay(world.client, 600_000);
    for (let round = 0; round < 40; round += 1) {
      relay.wake();
      await ringsOf(world, salon).change(visit);
      relay.wake();
      await eventually(async () => expect(await doorbellsOf(salon)).toEqual([]), { withinMs: 10_000 });
    }
    await world.worker.start();
    await expectAllPlanned(salon, [visit]);
  });

  it('keeps a doorbell that Temporal refuses, says why, and comes back later each time', async () => {
    await world.worker.stop();
    const salon = await aQuietSalon();
    const [visit] = (await visitsOf(salon, 1)) as [Visit];
    const elsewhere = new Client({ connection: world.client.connection, namespace: 'no-such-namespace' });
    const refused = aRelay(elsewhere);
    await eventually(async () => expect(await doorbellsOf(salon)).toMatchObject([{ attempts: 2 }]));
    await refused.stop();
    const [doorbell] = await doorbellsOf(salon);
    expect(doorbell).toMatchObject({ workflowId: visit.workflowId, version: 1, lastError: expect.stringMatching(/^\w+$/) });
    // After the first failure a second, after the second two.
    expect(Date.parse(doorbell?.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(500);

    await world.worker.start();
    await expectAllPlanned(salon, [visit]);
  });

  it('keeps a doorbell while Temporal cannot be reached, and the visit is booked all the same', async () => {
    await world.worker.stop();
    const salon = await aQuietSalon();
    const [visit] = (await visitsOf(salon, 1)) as [Visit];
    const connection = Connection.lazy({ address: '127.0.0.1:9' }); // nobody listens there
    const cutOff = aRelay(new Client({ connection }));
    await eventually(async () => expect(await doorbellsOf(salon)).toMatchObject([{ attempts: 1 }]));
    await cutOff.stop();
    await connection.close();
    await world.worker.start();
    await expectAllPlanned(salon, [visit]);
  });
});
