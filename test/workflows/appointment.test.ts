import { eventually } from '../support/eventually';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const PAST_DUE = ['7d skipped past_due', '3d skipped past_due', '1d skipped past_due'];
const HOUR_S = 3_600;

/** How many texts the vendor accepted for this person. */
const textsTo = (phone: string): number => world.sandbox.log.entries({ to: phone, kind: 'sms' }).length;

describe('the reminders of a visit', () => {
  it('go out a week, three days, a day and two hours before a 10:00 visit on the day of the spring clock change', async () => {
    const salon = await world.aSalon({ now: '2027-03-06T15:00:00.000Z' });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-14T14:00:00.000Z' });
    await visit.planned();
    expect(Object.fromEntries((await visit.messages()).map(({ rule, due_at }) => [rule, due_at]))).toMatchObject({
      '7d': '2027-03-07T15:00:00.000Z',
      '3d': '2027-03-11T15:00:00.000Z',
      '1d': '2027-03-13T15:00:00.000Z',
      '2h': '2027-03-14T12:00:00.000Z',
    });

    await world.clock.push(salon.id, { to: { at: '2027-03-14T13:59:00.000Z' } });

    const sent = [
      'confirmation sent 03-06 15:00',
      '7d sent 03-07 15:00',
      '3d sent 03-11 15:00',
      '1d sent 03-13 15:00',
      '2h sent 03-14 12:00',
    ];
    expect(await visit.story()).toEqual(sent);
    expect(textsTo(salon.contactPhone)).toBe(5);
  });

  it('are all past due for a visit booked 90 minutes ahead: only the confirmation goes', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T16:30:00.000Z' });
    await world.clock.push(salon.id, { byS: 2 * HOUR_S });
    expect(await visit.story()).toEqual(expect.arrayContaining([...PAST_DUE, '2h skipped past_due', 'confirmation sent 03-02 15:00']));
    expect(textsTo(salon.contactPhone)).toBe(1);
  });

  it('are the two-hour one alone for a visit booked three hours ahead', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T18:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 2 * HOUR_S });
    expect(await visit.story()).toEqual([...PAST_DUE, 'confirmation sent 03-02 15:00', '2h sent 03-02 16:00']);
  });

  it('wait for the end of quiet hours: that of a 09:00 visit goes after 08:00, spread over ten minutes', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-03T14:00:00.000Z' });
    await visit.planned();
    const planned = (await visit.messages()).find(({ rule }) => rule === '2h');
    expect(planned).toMatchObject({ status: 'planned', reason: 'quiet_hours', due_at: '2027-03-03T12:00:00.000Z' });
    const waitingUntil = planned?.waiting_until ?? '';
    expect(waitingUntil >= '2027-03-03T13:00:00.000Z' && waitingUntil < '2027-03-03T13:10:00.000Z').toBe(true);

    await world.clock.push(salon.id, { to: { at: '2027-03-03T13:15:00.000Z' } });
    const sent = (await visit.messages()).find(({ rule }) => rule === '2h');
    expect(sent?.sent_at?.slice(0, 16)).toBe(waitingUntil.slice(0, 16));
  });

  it("keep to the contact's night, not the venue's: of a visit in New York for someone in Los Angeles", async () => {
    const salon = await world.aSalon({ now: NOW, contactZone: 'America/Los_Angeles' });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-04T15:00:00.000Z' }); // 10:00 there, 07:00 here
    await world.clock.push(salon.id, { to: { at: '2027-03-04T14:59:00.000Z' } });
    const messages = await visit.messages();
    const sentAt = (rule: string): string => messages.find((line) => line.rule === rule)?.sent_at ?? 'not sent';
    // 07:00 in Los Angeles: the confirmation and the day-before reminder wait for 08:00, which is 16:00Z.
    for (const [rule, day] of [
      ['confirmation', '2027-03-02'],
      ['1d', '2027-03-03'],
    ] as const)
      expect([`${day}T16:00`, `${day}T16:11`].map((bound) => sentAt(rule) > bound)).toEqual([true, false]);
    // 05:00, and 08:00 would be after the visit began: it goes in the last allowed minute of the evening before.
    expect(sentAt('2h').slice(0, 16)).toBe('2027-03-04T04:59');
    expect(messages.find(({ rule }) => rule === '2h')?.body).toContain('10:00 AM EST');
  });
});

describe('the answer of a contact', () => {
  it('takes the question out of later reminders and drops none of them', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-04T17:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 60 });
    await visit.change('confirm');
    await world.clock.push(salon.id, { to: { at: '2027-03-04T16:59:00.000Z' } });

    expect(await visit.story()).toEqual([
      '7d skipped past_due',
      '3d skipped past_due',
      'confirmation sent 03-02 15:00',
      '1d sent 03-03 17:00',
      '2h sent 03-04 15:00',
    ]);
    const asks = (await visit.messages()).filter(({ body }) => body?.includes('Reply 1 or C')).map(({ rule }) => rule);
    expect(asks).toEqual(['confirmation']);
  });
});

describe('the end of a visit', () => {
  it('drops every pending reminder of a cancelled one, tells so once, and says nothing after', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-06T17:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 60 });
    await visit.change('cancel');
    await visit.change('cancel');
    await world.clock.push(salon.id, { byS: 60 });
    const story = [
      '7d skipped past_due',
      'confirmation sent 03-02 15:00',
      'cancellation_notice sent 03-02 15:01',
      '3d skipped cancelled',
      '1d skipped cancelled',
      '2h skipped cancelled',
    ];
    expect(await visit.story()).toEqual(story);

    await world.clock.push(salon.id, { byS: 4 * 24 * HOUR_S });
    expect(await visit.story()).toEqual(story);
    expect(textsTo(salon.contactPhone)).toBe(2);
  });

  it('leaves nothing to send once it is completed', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T16:00:00.000Z' });
    await world.clock.push(salon.id, { byS: HOUR_S + 60 });
    await visit.change('arrive');
    await visit.change('complete');
    await world.clock.push(salon.id, { byS: 24 * HOUR_S });
    expect(textsTo(salon.contactPhone)).toBe(1);
    await eventually(async () =>
      expect((await world.client.workflow.getHandle(visit.workflowId).describe()).status.name).toBe('COMPLETED'),
    );
  });

  it('is followed up two days after a no-show', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T16:00:00.000Z' });
    await world.clock.push(salon.id, { byS: HOUR_S + 60 });
    await visit.change('no-show');
    await world.clock.push(salon.id, { byS: 48 * HOUR_S + 60 });
    expect((await visit.story()).at(-1)).toBe('no_show_followup sent 03-04 16:01');
  });

  it('is not followed up when the no-show was undone within ten minutes', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T16:00:00.000Z' });
    await world.clock.push(salon.id, { byS: HOUR_S + 60 });
    await visit.change('no-show');
    await world.clock.push(salon.id, { byS: 9 * 60 });
    await visit.change('undo');
    await world.clock.push(salon.id, { byS: 72 * HOUR_S });
    expect(await visit.story()).toContain('no_show_followup skipped not_needed');
    expect(textsTo(salon.contactPhone)).toBe(1);
  });
});
