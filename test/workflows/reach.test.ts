import { withBusiness } from '../../db/tenancy';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import type { Visit } from '../support/visits';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('twilio'));

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';
const DAY_S = 86_400;

const textsTo = (phone: string): number => world.sandbox.log.entries({ to: phone, kind: 'sms' }).length;
const mailsTo = (email: string): string[] => world.sandbox.log.entries({ to: email, kind: 'email' }).map(({ subject }) => subject ?? '');
const consent = (salon: Salon, channel: string, granted = true) =>
  world.call(salon, `POST /contacts/${salon.contactId}/consents`, {
    channel,
    purpose: 'service',
    statement: 'Yes, write to me about my visits.',
    source: 'front desk',
    granted,
  });
const settled = async (salon: Salon, visit: Visit): Promise<void> => {
  await world.clock.push(salon.id, { byS: 5 });
  await visit.planned();
};

describe('a contact who never agreed to messages', () => {
  it('gets none, and each one says so; once they agree the rest is planned', async () => {
    const salon = await world.aSalon({ now: NOW, consents: [] });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settled(salon, visit);
    expect(await visit.story()).toEqual(
      expect.arrayContaining(['confirmation skipped no_consent', '1d skipped no_consent', '2h skipped no_consent']),
    );
    const day = (await visit.messages()).find(({ rule }) => rule === '1d');
    expect(day?.explanation).toBe('Not sent, because there is no consent for this channel.');

    expect(await consent(salon, 'sms')).toMatchObject({ status: 201 });
    await settled(salon, visit);
    expect(await visit.story()).toEqual(expect.arrayContaining(['1d planned 03-03 17:00', '2h planned 03-04 15:00']));

    expect(await consent(salon, 'sms', false)).toMatchObject({ status: 201 });
    await settled(salon, visit);
    expect(await visit.story()).toEqual(expect.arrayContaining(['1d skipped no_consent', '2h skipped no_consent']));
  });
});

describe('the channel of a message', () => {
  it('is e-mail for a contact without a phone', async () => {
    const salon = await world.aSalon({ now: NOW, phone: false });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await world.clock.push(salon.id, { byS: 1.2 * DAY_S });
    expect(await visit.story()).toEqual([
      '7d by e-mail skipped past_due',
      '3d by e-mail skipped past_due',
      'confirmation by e-mail sent 03-02 15:00',
      '1d by e-mail sent 03-03 17:00',
      '2h by e-mail planned 03-04 15:00',
    ]);
    expect(mailsTo(salon.contactEmail)).toHaveLength(2);
  });

  it('falls back to e-mail when the number turns out to be a landline, then and from then on', async () => {
    const salon = await world.aSalon({ now: NOW });
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21614', match: salon.contactPhone, times: 1 });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await world.clock.push(salon.id, { byS: 1.2 * DAY_S });
    const story = await visit.story();
    expect(story.filter((line) => line.startsWith('confirmation'))).toEqual(
      expect.arrayContaining(['confirmation failed channel_unusable', 'confirmation by e-mail sent 03-02 15:00']),
    );
    expect(story).toContain('1d by e-mail sent 03-03 17:00');
    expect(textsTo(salon.contactPhone)).toBe(0);
  });

  it('falls back to e-mail when the carrier says later that the number is gone', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '30005', match: salon.contactPhone, times: 1 });
    await world.clock.push(salon.id, { byS: 1 });
    await eventually(async () => expect(await visit.story()).toContain('confirmation failed channel_unusable'));
    await settled(salon, visit);
    expect(await visit.story()).toEqual(
      expect.arrayContaining(['confirmation by e-mail sent 03-02 15:00', '1d by e-mail planned 03-03 17:00']),
    );
  });

  it('is e-mail from then on when the carrier says that the person opted out of texts: that is an opt-out here too', async () => {
    const salon = await world.aSalon({ now: NOW });
    world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21610', match: salon.contactPhone, times: 1 });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settled(salon, visit);
    expect(await visit.story()).toEqual([
      '7d skipped past_due',
      '3d skipped past_due',
      'confirmation skipped suppressed',
      '1d skipped suppressed',
      '1d by e-mail planned 03-03 17:00',
      '2h skipped suppressed',
      '2h by e-mail planned 03-04 15:00',
    ]);
    expect([textsTo(salon.contactPhone), mailsTo(salon.contactEmail)]).toEqual([0, []]);
  });
});

describe('staff and owner', () => {
  it('are told by e-mail of a booking, a change and a cancellation', async () => {
    const salon = await world.aSalon({ now: NOW, staffEmail: 'marta@salon.example', ownerEmail: 'olga@salon.example' });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await settled(salon, visit);
    await visit.move('2027-03-05T17:00:00.000Z');
    await world.clock.push(salon.id, { byS: 61 });
    await visit.change('cancel');
    await settled(salon, visit);
    const told = [
      'New booking: Thu, Mar 4 at 12:00 PM',
      'Booking changed: Fri, Mar 5 at 12:00 PM',
      'Booking canceled: Fri, Mar 5 at 12:00 PM',
    ];
    expect(mailsTo('marta@salon.example')).toEqual(told);
    expect(mailsTo('olga@salon.example')).toEqual(told);
  });

  it("get the day's visits at 07:00 local, once, however often the schedule ticks", async () => {
    const salon = await world.aSalon({ now: NOW, staffEmail: 'maria@salon.example', ownerEmail: 'otto@salon.example' });
    await aVisit(world, salon, { startsAt: '2027-03-03T17:00:00.000Z' });
    await world.clock.push(salon.id, { to: { at: '2027-03-03T11:59:00.000Z' } });
    const schedules = (): string[] => mailsTo('maria@salon.example').filter((subject) => subject.startsWith('Schedule'));
    expect(schedules()).toEqual([]);
    const { fired } = await world.clock.push(salon.id, { byS: 60 });
    expect(fired).toMatchObject([{ what: 'staff_daily_schedule', at: '2027-03-03T12:00:00.000Z' }]);
    await Promise.all([world.activities.sendDailySchedules(), world.activities.sendDailySchedules()]);
    await eventually(() => expect(schedules()).toEqual(['Schedule for Wed, Mar 3']));
    await world.clock.push(salon.id, { byS: 600 });
    expect(schedules()).toHaveLength(1);
    const [mail] = world.sandbox.log.entries({ to: 'otto@salon.example' }).slice(-1);
    expect(mail?.body).toContain('12:00 PM');
    expect(mail?.body).toContain('Ana Diaz');
  });

  it('get it for their own business alone when only its morning has come', async () => {
    const [here, there] = [
      await world.aSalon({ now: '2027-03-03T12:30:00.000Z', ownerEmail: 'here@salon.example' }),
      await world.aSalon({ now: '2027-03-03T12:30:00.000Z', ownerEmail: 'there@salon.example' }),
    ];
    for (const salon of [here, there]) await aVisit(world, salon, { startsAt: '2027-03-03T17:00:00.000Z' });
    await world.activities.sendDailySchedules({ businessId: here.id });
    await eventually(() => expect(mailsTo('here@salon.example')).toContain('Schedule for Wed, Mar 3'));
    expect(mailsTo('there@salon.example')).not.toContain('Schedule for Wed, Mar 3');
    await world.activities.sendDailySchedules({ businessId: there.id });
    await eventually(() => expect(mailsTo('there@salon.example')).toContain('Schedule for Wed, Mar 3'));
  });

  it('get it also when another business cannot have its own', async () => {
    const broken = await world.aSalon({ now: '2027-03-03T12:30:00.000Z' });
    await withBusiness(world.db, broken.id, (tx) => tx('businesses').where({ id: broken.id }).update({ zone: 'Nowhere/Else' }));
    const other = await world.aSalon({ now: '2027-03-03T12:30:00.000Z', ownerEmail: 'oda@salon.example' });
    await aVisit(world, other, { startsAt: '2027-03-03T17:00:00.000Z' });
    await expect(world.activities.sendDailySchedules()).rejects.toThrow(/1 of \d+/);
    await eventually(() => expect(mailsTo('oda@salon.example')).toContain('Schedule for Wed, Mar 3'));
    await withBusiness(world.db, broken.id, (tx) => tx('businesses').where({ id: broken.id }).update({ status: 'canceled' }));
  });
});
