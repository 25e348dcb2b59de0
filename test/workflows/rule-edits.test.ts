import { eventually } from '../support/eventually';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York; the visit is on the Monday after, at the same hour.
const NOW = '2027-03-02T15:00:00.000Z';
const MONDAY = '2027-03-08T15:00:00.000Z';
const DAY_S = 86_400;

const textsTo = (phone: string): string[] => world.sandbox.log.entries({ to: phone, kind: 'sms' }).map(({ body }) => body);
const says = (en: string) => ({ sms: { en: { body: en }, es: { body: en } } });

describe('a business that edits a reminder', () => {
  it('moves what is pending to its new time, says it in its new words, and sends nothing again', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: MONDAY });
    await world.clock.push(salon.id, { byS: 3 * DAY_S + 60 });
    const before = await visit.story();
    expect(before).toEqual(expect.arrayContaining(['3d sent 03-05 15:00', '1d planned 03-07 15:00']));

    const twoDays = { offset_days: 2, channels: ['sms', 'email'], last_useful_min: 240 };
    const asked = await world.call(salon, 'PUT /reminder-rules/1d?dry_run=true', twoDays);
    expect(asked.body).toMatchObject({ affected_appointments: 1, affected_exact: true, replanned_appointments: 0 });
    expect(await visit.story()).toEqual(before);
    await world.call(salon, 'PUT /reminder-rules/1d', twoDays);
    await eventually(async () => expect(await visit.story()).toContain('1d planned 03-06 15:00'));
    await world.call(salon, 'PUT /reminder-rules/3d', { ...twoDays, offset_days: 4 });
    await eventually(async () => expect(await visit.story()).toContain('3d sent 03-05 15:00'));
    const words = says('{{ business_name }}: the day after tomorrow, {{ contact_name }}: {{ when }}.');
    expect((await world.call(salon, 'PUT /templates/1d', words)).body).toMatchObject({ waiting_messages: 1 });
    expect(textsTo(salon.contactPhone)).toHaveLength(2);

    await world.clock.push(salon.id, { byS: DAY_S });
    expect(textsTo(salon.contactPhone)).toHaveLength(3);
    expect(textsTo(salon.contactPhone)[2]).toMatch(/: the day after tomorrow, \w+: Mon, Mar 8 at 10:00 AM\.$/);
    await world.clock.push(salon.id, { byS: 2 * DAY_S });
    expect(textsTo(salon.contactPhone)).toHaveLength(4); // the 2-hour one
  });
});
