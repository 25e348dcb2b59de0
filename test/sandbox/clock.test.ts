import { updateBusiness } from '../../db/businesses';
import { countBusinessRings } from '../../db/doorbell';
import { withBusiness } from '../../db/tenancy';
import { createSandboxClock } from '../../sandbox/clock';
import { NotSettled } from '../../sandbox/clock-steps';
import { startTicker } from '../../sandbox/ticker';
import { watchClock } from '../../sandbox/watched-clock';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

/** A Monday, 10:00 in New York; the spring clock change is on the 14th. */
const NOW = '2027-03-01T15:00:00.000Z';
const DAY_S = 86_400;
const MORNING = 'staff_daily_schedule';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const pushed = async ({ id }: Salon, push: Parameters<World['clock']['push']>[1]) => {
  const { now, fired } = await world.clock.push(id, push);
  const mornings = fired.filter(({ what }) => what === MORNING).length;
  const rest = fired.filter(({ what }) => what !== MORNING);
  return { now, mornings, what: rest.map(({ what }) => what), at: rest.map(({ at }) => at), fired };
};
/** The time of a clock that runs: not before, and within a few seconds. */
const expectAbout = (now: string, at: string) => {
  expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(at));
  expect(Date.parse(now)).toBeLessThan(Date.parse(at) + 15_000);
};
const textsTo = (salon: Salon) => world.sandbox.log.entries({ to: salon.contactPhone, vendor: 'twilio' });

describe('a push of a business', () => {
  it('sends what is due on the way, each at its own time and once, and stops at the target', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    const { now, what, at, mornings } = await pushed(salon, { to: { at: '2027-03-08T12:00:00.000Z' } });
    expectAbout(now, '2027-03-08T12:00:00.000Z');
    expect(what.filter((rule) => rule !== 'confirmation')).toEqual(['7d', '3d']);
    expect(at.slice(-2)).toEqual(['2027-03-03T16:00:00.000Z', '2027-03-07T16:00:00.000Z']);
    expect(mornings).toBe(7);
    const sent = ['confirmation sent 03-01 15:00', '7d sent 03-03 16:00', '3d sent 03-07 16:00'];
    expect(await visit.story()).toEqual([...sent, '1d planned 03-09 16:00', '2h planned 03-10 14:00']);
    expect(textsTo(salon)).toHaveLength(3);
  });

  it('goes to the next thing due and leaves the one after it', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    const { what, now } = await pushed(salon, { to: 'next' });
    // The confirmation is due at once: it may be on its way, and is not what comes next.
    expect(what.filter((rule) => rule !== 'confirmation')).toEqual(['7d']);
    expect(await visit.story()).toContain('confirmation sent 03-01 15:00');
    expectAbout(now, '2027-03-03T16:00:00.000Z');
    expect((await pushed(salon, { to: 'next' })).what).toEqual(['3d']);
  });

  it('lets time stand when nothing is due', async () => {
    const salon = await world.aSalon({ now: NOW });
    const { now, fired } = await pushed(salon, { to: 'next' });
    expect(fired).toEqual([]);
    expectAbout(now, NOW);
  });

  it('never goes back', async () => {
    const salon = await world.aSalon({ now: NOW });
    expectAbout((await pushed(salon, { to: { at: '2027-02-01T00:00:00.000Z' } })).now, NOW);
    expectAbout((await pushed(salon, { byS: -DAY_S })).now, NOW);
  });

  it('steps through the visits of a business in the order of time, across the clock change', async () => {
    const salon = await world.aSalon({ now: NOW });
    const [first, second] = [
      await aVisit(world, salon, { startsAt: '2027-03-15T14:00:00.000Z' }),
      await aVisit(world, salon, { startsAt: '2027-03-14T14:00:00.000Z' }),
    ];
    await first.planned();
    await second.planned();
    const { at, what } = await pushed(salon, { to: { at: '2027-03-14T14:00:00.000Z' } });
    expect(at).toEqual([...at].sort());
    const reminders = what.flatMap((rule, index) => (rule === 'confirmation' ? [] : [`${rule} ${at[index]!.slice(5, 16)}`]));
    // 10:00 in New York is 15:00Z before the 14th and 14:00Z from then on; 08:00 is the end of the quiet hours.
    expect(reminders.filter((line) => !line.startsWith('2h'))).toEqual([
      '7d 03-07T15:00',
      '7d 03-08T15:00',
      '3d 03-11T15:00',
      '3d 03-12T15:00',
      '1d 03-13T15:00',
      '1d 03-14T14:00',
    ]);
    expect(textsTo(salon)).toHaveLength(2 + what.length - what.filter((rule) => rule === 'confirmation').length);
  });

  it('keeps to the pushed time with a visit that was booked after the push', async () => {
    const salon = await world.aSalon({ now: NOW });
    await pushed(salon, { byS: 6 * DAY_S });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-11T16:00:00.000Z' });
    await visit.planned();
    const { what } = await pushed(salon, { to: { at: '2027-03-11T13:00:00.000Z' } });
    expect(what.filter((rule) => rule !== 'confirmation')).toEqual(['3d', '1d']);
    expect(await visit.story()).toEqual([
      '7d skipped past_due',
      'confirmation sent 03-07 15:00',
      '3d sent 03-08 16:00',
      '1d sent 03-10 16:00',
      '2h planned 03-11 14:00',
    ]);
  });

  it('follows a visit that was moved between two pushes', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    await pushed(salon, { to: { at: '2027-03-04T14:00:00.000Z' } }); // 09:00: a notice need not wait for the end of quiet hours
    await visit.move('2027-03-12T18:00:00.000Z');
    await visit.planned();
    const { what } = await pushed(salon, { to: { at: '2027-03-12T12:00:00.000Z' } });
    expect(what).toEqual(['change_notice', '7d', '3d', '1d']);
    expect((await visit.story()).filter((line) => line.includes(' sent '))).toEqual([
      'confirmation sent 03-01 15:00',
      '7d sent 03-03 16:00',
      'change_notice sent 03-04 14:01',
      '7d sent 03-05 18:00',
      '3d sent 03-09 18:00',
      '1d sent 03-11 18:00',
    ]);
  });

  it("moves one business's time and no other's", async () => {
    const [salon, other] = [await world.aSalon({ now: NOW }), await world.aSalon({ now: NOW })];
    const visit = await aVisit(world, other, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    await pushed(salon, { byS: 3 * DAY_S });
    expectAbout((await world.clock.read(other.id)).now, NOW);
    expect((await visit.story()).slice(1)).toEqual([
      '7d planned 03-03 16:00',
      '3d planned 03-07 16:00',
      '1d planned 03-09 16:00',
      '2h planned 03-10 14:00',
    ]);
  });

  it("sends staff the day's visits on every morning it passes", async () => {
    const salon = await world.aSalon({ now: NOW, staffEmail: 'marta@example.com' });
    await aVisit(world, salon, { startsAt: '2027-03-03T16:00:00.000Z' });
    await pushed(salon, { to: { at: '2027-03-03T13:00:00.000Z' } });
    const mornings = world.sandbox.log.entries({ to: 'marta@example.com' }).filter(({ subject }) => subject?.startsWith('Schedule for'));
    expect(mornings.map(({ subject }) => subject)).toEqual([expect.stringContaining('Mar 3')]);
  });

  it('passes the mornings of a paused business without waiting for a schedule that nobody sends', async () => {
    const salon = await world.aSalon({ now: NOW });
    const now = NOW;
    await withBusiness(world.db, salon.id, (tx) =>
      updateBusiness(tx, { id: salon.id, fields: { status: 'paused' }, ifVersion: null, now }),
    );
    const answer = await pushed(salon, { byS: 3 * DAY_S });
    expect(answer.fired).toEqual([]);
    expectAbout(answer.now, '2027-03-04T15:00:00.000Z');
  });

  it('waits for a push of the same business that is under way, so that both are made', async () => {
    const salon = await world.aSalon({ now: NOW });
    await Promise.all([pushed(salon, { byS: DAY_S }), pushed(salon, { byS: DAY_S })]);
    expectAbout((await world.clock.read(salon.id)).now, '2027-03-03T15:00:00.000Z');
  });
});

describe("the vendors' reports", () => {
  it('come in before time goes on, so that no message is delivered days after it was sent', async () => {
    const salon = await world.aSalon({ now: NOW });
    world.sandbox.faults.put('twilio', { mode: 'late', delay_ms: 400, match: salon.contactPhone });
    const clock = createSandboxClock({ db: world.db, client: world.client, reportsMs: 10_000 });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    await clock.push(salon.id, { to: { at: '2027-03-09T20:00:00.000Z' } });
    const { rows } = await world.database
      .poolOf('owner', 1)
      .raw<{ rows: { s: number }[] }>(
        `select extract(epoch from delivered_at - sent_at)::float8 as s from messages where appointment_id = ? and contact_id is not null and status = 'delivered'`,
        [visit.id],
      );
    expect(rows).toHaveLength(4);
    for (const { s } of rows) expect(s).toBeLessThan(60);
  });
});

describe('a business whose time was pushed', () => {
  it('sends by itself what falls due afterwards, though its processes stand at an older time', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    await pushed(salon, { to: { at: '2027-03-03T15:59:57.000Z' } });
    const ticker = startTicker({
      clock: watchClock(world.clock),
      businesses: () => Promise.resolve([salon.id]),
      log: world.apiDeps.log,
      everyMs: 100,
    });
    try {
      await eventually(async () => expect(await visit.story()).toContain('7d sent 03-03 16:00'));
    } finally {
      await ticker.stop();
    }
    expect(textsTo(salon)).toHaveLength(2);
  });
});

describe('a push while nobody works', () => {
  it('gives up, says so, and is made good once the worker is back', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.planned();
    await eventually(async () => expect(await withBusiness(world.db, salon.id, countBusinessRings)).toBe(0));
    await world.worker.stop();
    const impatient = createSandboxClock({ db: world.db, client: world.client, settleMs: 300 });
    await expect(impatient.push(salon.id, { byS: 3 * DAY_S })).rejects.toThrow(NotSettled);
    await world.worker.start();
    await pushed(salon, { to: { at: '2027-03-04T15:00:00.000Z' } });
    expect(await visit.story()).toContain('7d sent 03-03 16:00');
    expect(textsTo(salon)).toHaveLength(2);
  });
});
