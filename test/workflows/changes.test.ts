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
const DAY_S = 86_400;

const textsTo = (phone: string): string[] => world.sandbox.log.entries({ to: phone, kind: 'sms' }).map(({ body }) => body);

describe('a change of time', () => {
  it('replaces the reminders and is told once, a minute after the last of several quick moves', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-08T15:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 60 });
    await visit.move('2027-03-08T16:00:00.000Z');
    await world.clock.push(salon.id, { byS: 40 });
    await visit.move('2027-03-08T18:00:00.000Z');
    await world.clock.push(salon.id, { byS: 40 });
    await visit.move('2027-03-07T17:00:00.000Z');
    await world.clock.push(salon.id, { byS: 50 });
    expect(textsTo(salon.contactPhone)).toHaveLength(1);

    await world.clock.push(salon.id, { byS: 20 });
    const [, notice] = textsTo(salon.contactPhone);
    // The time that the person was told last, not one that stood for half a minute.
    expect(notice).toContain('moved from Mon, Mar 8 at 10:00 AM to Sun, Mar 7 at 12:00 PM');
    const story = await visit.story();
    expect(story.filter((line) => line.startsWith('change_notice sent'))).toEqual(['change_notice sent 03-02 15:03']);
    expect(story.filter((line) => / planned /.test(line))).toEqual([
      '3d planned 03-04 17:00',
      '1d planned 03-06 17:00',
      '2h planned 03-07 15:00',
    ]);
    expect(story.filter((line) => line === '1d skipped superseded')).toHaveLength(3);

    await world.clock.push(salon.id, { byS: 6 * DAY_S });
    expect(textsTo(salon.contactPhone)).toHaveLength(5); // confirmation, notice, three reminders of the new time
  });

  it('says only that the visit changed when it is moved back to the time the person knows', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-08T15:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 60 });
    await visit.move('2027-03-08T16:00:00.000Z');
    await visit.move('2027-03-08T15:00:00.000Z');
    await world.clock.push(salon.id, { byS: 62 });
    expect(textsTo(salon.contactPhone)[1]).toContain('Your visit has changed. It is now on Mon, Mar 8 at 10:00 AM');
  });

  it('asks again for the confirmation, which was for the old time, and sends again a reminder that is due again', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-05T17:00:00.000Z' });
    await visit.change('confirm');
    await world.clock.push(salon.id, { byS: 2 * DAY_S + 3 * 3_600 });
    expect(await visit.story()).toContain('1d sent 03-04 17:00');
    expect(await visit.move('2027-03-08T17:00:00.000Z')).toMatchObject({ status: 'booked' });
    await world.clock.push(salon.id, { byS: 4 * DAY_S - 3 * 3_600 });
    expect((await visit.story()).filter((line) => line.startsWith('1d'))).toEqual(['1d sent 03-04 17:00', '1d sent 03-07 17:00']);
    expect(textsTo(salon.contactPhone).at(-1)).toContain('Reply 1 or C');
  });
});

describe('another member of staff at the same time', () => {
  it('sends no reminder again, is no news to the contact and leaves the visit confirmed', async () => {
    const salon = await world.aSalon({ now: NOW, colleague: true });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-05T17:00:00.000Z', staffId: salon.staffId });
    await visit.change('confirm');
    await world.clock.push(salon.id, { byS: 2 * DAY_S + 3 * 3_600 });
    const before = textsTo(salon.contactPhone);
    const handedOn = await visit.change('reschedule', { start_ts: '2027-03-05T17:00:00.000Z', staff_id: salon.colleagueId });
    expect(handedOn).toMatchObject({ status: 'confirmed' });
    await world.clock.push(salon.id, { byS: 600 });
    expect(textsTo(salon.contactPhone)).toEqual(before);
    expect((await visit.story()).filter((line) => line.startsWith('1d'))).toEqual(['1d sent 03-04 17:00']);

    await world.clock.push(salon.id, { byS: DAY_S });
    expect(textsTo(salon.contactPhone).at(-1)).toContain('with Nadia');
  });
});

describe('a paused business', () => {
  it('sends nothing late when it resumes, and everything that is still of use', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-12T17:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 60 });
    expect(await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'paused' })).toMatchObject({ status: 200 });
    // Through the week's reminder (03-05, useful until 03-08) and the three-day one (03-09, until 03-11 05:00).
    await world.clock.push(salon.id, { to: { at: '2027-03-09T18:00:00.000Z' } });
    expect(textsTo(salon.contactPhone)).toHaveLength(1);
    expect(await visit.story()).toEqual(expect.arrayContaining(['3d held business_inactive']));

    expect(await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'active' })).toMatchObject({ status: 200 });
    await world.clock.push(salon.id, { byS: 60 });
    expect(await visit.story()).toEqual([
      'confirmation sent 03-02 15:00',
      '7d skipped too_late',
      '3d sent 03-09 18:00',
      '1d planned 03-11 17:00',
      '2h planned 03-12 15:00',
    ]);
  });

  it('tells nobody of a booking it took while paused once the visit has begun', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'paused' });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T17:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 3 * 3_600 });
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'active' });
    await world.clock.push(salon.id, { byS: 60 });
    expect(await visit.story()).toContain('confirmation skipped too_late');
    expect(textsTo(salon.contactPhone)).toEqual([]);
  });

  it('answers a text it got while paused as soon as it resumes', async () => {
    const salon = await world.aSalon({ now: NOW });
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'paused' });
    await world.text(salon, 'Do you have parking?');
    const held = async (): Promise<unknown> => (await world.call(salon, 'GET /messages?status=held')).body;
    await eventually(async () => expect(await held()).toMatchObject({ messages: [{ rule: 'handoff', reason: 'business_inactive' }] }));
    expect(textsTo(salon.contactPhone)).toEqual([]);
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'active' });
    await world.clock.push(salon.id, { byS: 600 });
    expect(textsTo(salon.contactPhone)).toHaveLength(1);
  });
});

describe('a reminder that is switched off', () => {
  it('is dropped from every visit ahead, and planned again when it is switched on', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-08T17:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 1 });
    const rule = { offset_days: 3, channels: ['sms', 'email'], last_useful_min: 36 * 60 };
    expect(await world.call(salon, 'PUT /reminder-rules/3d', { ...rule, enabled: false })).toMatchObject({
      body: { affected_appointments: 1 },
    });
    await visit.planned();
    expect(await visit.story()).toContain('3d skipped rule_off');

    await world.call(salon, 'PUT /reminder-rules/3d', { ...rule, enabled: true });
    await visit.planned();
    expect(await visit.story()).toContain('3d planned 03-05 17:00');
  });
});
