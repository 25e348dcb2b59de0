import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

it('confirms a booking and sends each reminder as time passes', async () => {
  const salon = await world.aSalon({ now: '2027-03-01T15:00:00.000Z' });
  const booked = await world.call<{ id: string }>(salon, 'POST /appointments', {
    contact_id: salon.contactId,
    service_id: salon.serviceId,
    start_ts: '2027-03-14T14:00:00.000Z',
  });
  expect(booked).toMatchObject({ status: 201 });
  const pushed = await world.clock.push(salon.id, { byS: 14 * 86_400 });
  const messages = await world.call(salon, `GET /appointments/${booked.body.id}/messages`);
});
