import { attemptsOf } from '../support/attempts';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';

const says = (en: string) => ({ sms: { en: { body: en }, es: { body: en } } });

describe('a message that is planned already', () => {
  it('says what the business worded meanwhile, and the ledger names the version', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const { plan, send, row } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    const words = says('{{ business_name }}: all set, {{ contact_name }}, on {{ when }}. {{ how_to_confirm }}');
    expect((await world.call(salon, 'PUT /templates/confirmation', words)).status).toBe(200);
    expect(
      (await world.call(salon, 'PUT /templates/confirmation', says('{{ business_name }}: booked, {{ contact_name }}: {{ when }}.'))).status,
    ).toBe(200);
    expect(await send(messageId)).toBe('sent');
    expect(await row(messageId)).toMatchObject({
      templateId: 'confirmation.sms.en.2',
      body: expect.stringMatching(/: booked, \w+: Thu, Mar 4 at 12:00 PM\. Reply STOP to opt out\.$/) as string,
    });
  });

  it('says the default again once the business went back to it', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const { plan, send, row } = attemptsOf(world, salon);
    const messageId = await plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
    await world.call(salon, 'PUT /templates/confirmation', says('{{ business_name }}: booked, {{ when }}.'));
    expect((await world.call(salon, 'DELETE /templates/confirmation')).status).toBe(204);
    expect(await send(messageId)).toBe('sent');
    expect(await row(messageId)).toMatchObject({
      templateId: 'confirmation.sms.en.default-2',
      body: expect.stringContaining('Your visit is booked for Thu, Mar 4 at 12:00 PM') as string,
    });
  });
});

describe('a test of a template', () => {
  it('reaches a member of staff with the words as they were tried, marked as a test, about a visit made up for it', async () => {
    const salon = await world.aSalon({ now: NOW, staffEmail: 'marta@salon.example' });
    const { send, row } = attemptsOf(world, salon);
    const words = says('{{ business_name }}: hello {{ contact_name }}.');
    const asked = { channel: 'email', locale: 'es', staff_id: salon.staffId, email: { en: letter('Hi'), es: letter('Hola') }, ...words };
    const { status, body } = await world.call<{ message_id: string }>(salon, 'POST /templates/1d/test', asked);
    expect(status).toBe(202);
    expect(await send(body.message_id)).toBe('sent');
    expect(await row(body.message_id)).toMatchObject({
      subject: 'Prueba: Hola',
      templateId: '1d.email.es.0',
      body: expect.stringContaining('Ana') as string,
    });
  });
});

const letter = (subject: string) => ({ subject, body: '{{ greeting }}' });
