import { v7 as newId } from 'uuid';
import { eventually } from '../support/eventually';
import { aConsent } from '../support/marketing';
import type { Salon } from '../support/salon';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// A Tuesday, 12:00 in New York.
const NOON = '2027-03-02T17:00:00.000Z';

const send = async (salon: Salon, body: object) => {
  const response = await fetch(`${world.api}/api/v1/messages/send`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${salon.apiKey}`, 'Content-Type': 'application/json', 'Idempotency-Key': newId() },
    body: JSON.stringify({ contact_id: salon.contactId, ...body }),
  });
  return (await response.json()) as { message_id: string; status: string };
};
const texts = (salon: Salon): string[] => world.sandbox.log.entries({ to: salon.contactPhone, kind: 'sms' }).map(({ body }) => body);

describe('A message sent by hand', () => {
  it('leaves by the one path out: signed, with the way to opt out the first time only', async () => {
    const salon = await world.aSalon({ now: NOON });
    await send(salon, { channel: 'sms', body: 'Your glasses are here, {{ contact_name }}.' });
    await eventually(() => expect(texts(salon)).toEqual(['Salon Sol: Your glasses are here, Ana. Reply STOP to opt out.']));
    await eventually(async () => {
      const { body } = await world.call<{ messages: { status: string }[] }>(salon, `GET /messages?contact_id=${salon.contactId}`);
      expect(body.messages[0]?.status).toMatch(/sent|delivered/);
    });
    await send(salon, { channel: 'sms', body: 'We are open until 8.' });
    await eventually(() => expect(texts(salon)[1]).toBe('Salon Sol: We are open until 8.'));
  });

  it('goes by e-mail as a letter with a subject', async () => {
    const salon = await world.aSalon({ now: NOON });
    await send(salon, { channel: 'email', subject: 'Your glasses', body: 'They are here.\n\nSee you soon!' });
    await eventually(() => {
      const [mail] = world.sandbox.log.entries({ to: salon.contactEmail });
      expect(mail).toMatchObject({ subject: 'Your glasses', body: expect.stringContaining('They are here.') });
      expect(mail?.html).toContain('See you soon!');
    });
  });

  it('is not sent when the person opts out while it waits for the morning', async () => {
    const salon = await world.aSalon({ now: '2027-03-02T04:00:00.000Z' }); // 23:00 in New York
    const { message_id: id, status } = await send(salon, { channel: 'sms', body: 'Your glasses are here.' });
    expect(status).toBe('planned');
    await world.text(salon, 'STOP');
    await eventually(async () => {
      const { body } = await world.call<{ channels: { opted_out: boolean }[] }>(salon, `GET /contacts/${salon.contactId}`);
      expect(body.channels[0]?.opted_out).toBe(true);
    });
    await world.clock.push(salon.id, { to: { at: '2027-03-02T15:00:00.000Z' } });
    await eventually(async () => {
      const { body } = await world.call<{ messages: { id: string; status: string; reason: string }[] }>(
        salon,
        `GET /messages?contact_id=${salon.contactId}`,
      );
      expect(body.messages.find((message) => message.id === id)).toMatchObject({ status: 'skipped', reason: 'suppressed' });
    });
    expect(texts(salon).filter((body) => body.includes('glasses'))).toEqual([]);
  });

  it('by e-mail advertises only with a way out, and one click of the mail program takes it (RFC 8058)', async () => {
    const salon = await world.aSalon({ now: NOON });
    await world.call(salon, `PATCH /businesses/${salon.id}`, { postal_address: '1 Main St, New York' });
    await aConsent(world.db, salon, { channel: 'email', purpose: 'marketing', at: NOON });
    const words = (subject: string, body: string) => ({ subject, body });
    const template = {
      ...{ name: 'Spring', message_class: 'marketing' },
      email: { en: words('Spring', 'Spring is here.'), es: words('Primavera', 'Ya es primavera.') },
    };
    expect(await world.call(salon, 'PUT /templates/own-spring', template)).toMatchObject({ status: 200 });
    await send(salon, { channel: 'email', template_id: 'own-spring' });
    const mail = await eventually(() => {
      const [first] = world.sandbox.log.entries({ to: salon.contactEmail });
      expect(first?.subject).toBe('Spring');
      return first!;
    });
    expect(mail.list_unsubscribe).toMatch(/^<http[^>]+\/u\/[0-9a-z]{44}>, <mailto:unsubscribe\+[0-9a-z]{44}@[^>]+>$/);
    const [url = ''] = /http[^>]+/.exec(mail.list_unsubscribe ?? '') ?? [];
    expect(mail.body).toContain(url);
    const clicked = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      redirect: 'manual',
    });
    expect(clicked.status).toBe(200);
    expect(await send(salon, { channel: 'email', template_id: 'own-spring' })).toMatchObject({ status: 'skipped', reason: 'suppressed' });
    // It ended offers, not what she waits for.
    expect(await send(salon, { channel: 'email', subject: 'Your glasses', body: 'They are here.' })).toMatchObject({ status: 'planned' });
    await eventually(() => expect(world.sandbox.log.entries({ to: salon.contactEmail })).toHaveLength(2));
  });
});
