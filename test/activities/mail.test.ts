import { v7 as newId } from 'uuid';
import { withBusiness } from '../../db/tenancy';
import { insertUser } from '../../db/users';
import { messageDeliveryProcess } from '../../workflows/contracts/message-delivery';
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
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';

describe('An e-mail about a visit, as it reaches the vendor', () => {
  it('says who writes and from where, in proper Spanish, can be answered, and ends with one click', async () => {
    const salon = await world.aSalon({ now: NOW, phone: false, locale: 'es', name: 'Salón Ñandú' });
    await world.call(salon, `PATCH /businesses/${salon.id}`, { postal_address: 'Calle Mayor 1, Nueva York' });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await world.clock.push(salon.id, { byS: 5 });
    await visit.planned();
    const [mail] = world.sandbox.log.entries({ to: salon.contactEmail, kind: 'email' });
    expect(mail).toMatchObject({
      subject: expect.stringContaining('cita'),
      body: expect.stringMatching(/Salón Ñandú[\s\S]*Calle Mayor 1, Nueva York\nDarse de baja: http/),
      html: expect.stringContaining('Calle Mayor 1, Nueva York'),
      reply_to: expect.stringMatching(/^reply\+[0-9a-z]{44}@/),
      list_unsubscribe: expect.stringMatching(/^<http[^>]+\/u\/[0-9a-z]{44}>, <mailto:unsubscribe\+[0-9a-z]{44}@[^>]+>$/),
    });
    expect(mail!.html).toContain('<html lang="es"');

    const [, url = ''] = /<(http[^>]+)>/.exec(mail!.list_unsubscribe ?? '') ?? [];
    const done = await fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), redirect: 'manual' });
    expect(done.status).toBe(200);
    await eventually(async () => expect((await visit.story()).join('\n')).toMatch(/1d by e-mail skipped suppressed/));

    await fetch(`${world.sandboxUrl}/sandbox/inbound`, {
      method: 'POST',
      body: JSON.stringify({
        channel: 'email',
        from: salon.contactEmail,
        to: mail!.reply_to,
        subject: 'Re:',
        body: '¿Hay aparcamiento?\n\n> Su cita',
      }),
    });
    await eventually(async () => {
      const inbound = await withBusiness(world.db, salon.id, (tx) => tx('messages').where({ direction: 'in' }).select<object[]>('*'));
      expect(inbound).toMatchObject([{ channel: 'email', contactId: salon.contactId, body: '¿Hay aparcamiento?' }]);
    });
  });
});

describe('An e-mail with a link to sign in', () => {
  it('reaches the user, of a paused business too, lets them in once, and leaves its secret nowhere', async () => {
    const salon = await world.aSalon({ now: NOW, name: 'Salón Ñandú' });
    const user = { id: newId(), email: `olga@${salon.id}.example`, passwordHash: '', permissionLevel: 'owner' as const, now: NOW };
    const emailHash = world.apiDeps.hash.login(user.email);
    await withBusiness(world.db, salon.id, (tx) => insertUser(tx, { ...user, emailHash }));
    await world.call(salon, `PATCH /businesses/${salon.id}`, { status: 'paused' });
    const asked = { method: 'POST', body: new URLSearchParams({ email: user.email }), headers: { 'accept-language': 'es' } };
    expect((await fetch(`${world.api}/login/link`, asked)).status).toBe(200);
    const mail = await eventually(() => {
      const [found] = world.sandbox.log.entries({ to: user.email, kind: 'email' });
      if (!found) throw new Error('no mail yet');
      return found;
    });
    expect(mail).toMatchObject({ subject: 'Iniciar sesión en Salón Ñandú' });
    const [link = '', secret = ''] = /http\S+\/login\/link\/([0-9a-z]{44})/.exec(mail.body) ?? [];
    const path = new URL(link).pathname;
    expect(await (await fetch(world.api + path)).text()).toContain(user.email);
    expect((await fetch(world.api + path, { method: 'POST', redirect: 'manual' })).headers.get('set-cookie')).toContain('usher_session=');
    expect((await fetch(world.api + path, { method: 'POST', redirect: 'manual' })).status).toBe(410);

    const [row] = await withBusiness(world.db, salon.id, (tx) =>
      tx('messages').where({ userId: user.id }).select<{ id: string; body: string }[]>('*'),
    );
    expect(row!.body).toContain('/login/link/…');
    expect(JSON.stringify(row)).not.toContain(secret);
    const history = await world.client.workflow.getHandle(messageDeliveryProcess(row!.id).workflowId).fetchHistory();
    expect(JSON.stringify(history)).not.toContain(secret);
  });
});

describe('An e-mail that bounces', () => {
  const outcome = async (code: string): Promise<string> => {
    const salon = await world.aSalon({ now: NOW, phone: false });
    world.sandbox.faults.put('sendgrid', { mode: 'refuse', code, match: salon.contactEmail, times: 1 });
    const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
    await world.clock.push(salon.id, { byS: 7_200 });
    await visit.planned();
    world.sandbox.faults.clear('sendgrid');
    const mails = world.sandbox.log.entries({ to: salon.contactEmail, kind: 'email' }).length;
    const story = await visit.story();
    return `${String(mails)} ${story.find((line) => line.startsWith('confirmation')) ?? ''}`;
  };

  it('because there is no such mailbox is not tried again', async () => {
    expect(await outcome('bounce')).toMatch(/^1 confirmation by e-mail failed channel_unusable/);
  });

  it('because the mailbox is full is tried once more', async () => {
    expect(await outcome('blocked')).toMatch(/^2 confirmation by e-mail sent/);
  });
});
