import type { MessageRow } from '../../db/messages';
import { withBusiness } from '../../db/tenancy';
import { newSid, postTwilio } from '../support/deliveries';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
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
const FRIDAY = '2027-03-05T17:00:00.000Z';
const SATURDAY = '2027-03-06T17:00:00.000Z';

const textsTo = ({ contactPhone }: Salon): string[] => world.sandbox.log.entries({ to: contactPhone, kind: 'sms' }).map(({ body }) => body);
/** Waits for so many texts to the salon's contact in all, and answers the last. */
const lastOf = (salon: Salon, count: number): Promise<string> =>
  eventually(() => {
    const texts = textsTo(salon);
    expect(texts).toHaveLength(count);
    return texts[count - 1] ?? '';
  });
const received = (salon: Salon): Promise<MessageRow[]> =>
  withBusiness(world.db, salon.id, (tx) => tx('messages').where({ direction: 'in' }).orderBy('id').select<MessageRow[]>('*'));
/** Waits until we have so many of the person's texts, and everything that follows from them is done. */
async function heard(salon: Salon, count: number): Promise<void> {
  await eventually(async () => expect(await received(salon)).toHaveLength(count));
  await world.clock.push(salon.id, { byS: 1 });
}
const signedText = (salon: Salon, body: string, more: Record<string, string> = {}) =>
  postTwilio(`${world.api}/webhooks/twilio/inbound`, {
    ...{ MessageSid: newSid(), SmsStatus: 'received', From: salon.contactPhone, To: salon.number, Body: body },
    ...more,
  });

describe('an answer to the question of a visit', () => {
  it.each(['C', '1', ' sí. ', 'Yes'])('"%s" confirms it and is thanked for', async (answer) => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    expect(await world.text(salon, answer)).toBe(200);
    expect(await lastOf(salon, 2)).toContain('Your visit on Fri, Mar 5 at 12:00 PM is confirmed');
    expect(await visit.status()).toBe('confirmed');
  });

  it('"2" gets the link to pick another time, and changes nothing yet', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await world.text(salon, '2');
    expect(await lastOf(salon, 2)).toMatch(/Pick another time for your visit on Fri, Mar 5 at 12:00 PM.*\/v\//);
    expect(await visit.status()).toBe('booked');
  });

  it('to the time before a move does not confirm the new one, which nobody has told yet: it is named and asked about', async () => {
    // 22:30 in New York: the notice of the move waits for the morning.
    const salon = await world.aSalon({ now: '2027-03-02T20:00:00.000Z' });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await world.clock.push(salon.id, { to: { at: '2027-03-03T03:30:00.000Z' } });
    await visit.move(SATURDAY);
    await world.text(salon, 'C');
    expect(await lastOf(salon, 2)).toMatch(/1\) Sat, Mar 6 at 12:00 PM/);
    expect(await visit.status()).toBe('booked');
    await world.text(salon, '1');
    await lastOf(salon, 3);
    expect(await visit.status()).toBe('confirmed');
  });

  it('with two visits open is asked back, and "C2" confirms the second', async () => {
    const salon = await world.aSalon({ now: NOW });
    const [first, second] = [await aVisit(world, salon, { startsAt: FRIDAY }), await aVisit(world, salon, { startsAt: SATURDAY })];
    await lastOf(salon, 2);
    await world.text(salon, 'C');
    expect(await lastOf(salon, 3)).toMatch(/Which visit.*1\) Fri, Mar 5.*2\) Sat, Mar 6/);
    await world.text(salon, 'c2');
    expect(await lastOf(salon, 4)).toContain('Sat, Mar 6 at 12:00 PM is confirmed');
    expect([await first.status(), await second.status()]).toEqual(['booked', 'confirmed']);
  });

  it('acts once when the same text comes twice within two seconds, one after the other or at once', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await Promise.all([signedText(salon, 'C'), signedText(salon, 'C'), signedText(salon, 'C')]);
    await signedText(salon, 'C');
    await heard(salon, 4);
    expect(textsTo(salon)).toHaveLength(2);
    expect(await visit.status()).toBe('confirmed');
  });

  it('that comes when the visit has begun goes to a person', async () => {
    const salon = await world.aSalon({ now: NOW });
    await aVisit(world, salon, { startsAt: '2027-03-02T16:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 3_700 });
    await world.text(salon, 'C');
    expect(await lastOf(salon, 2)).not.toContain('confirmed');
  });
});

describe('an opt-out', () => {
  it('by STOP ends all texts; Twilio has said so itself, so we add nothing; START plans them again', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await world.text(salon, 'stop');
    await eventually(async () =>
      expect(await visit.story()).toEqual(expect.arrayContaining(['1d skipped suppressed', '2h skipped suppressed'])),
    );
    await world.text(salon, 'help');
    await world.text(salon, 'start');
    await eventually(async () =>
      expect(await visit.story()).toEqual(expect.arrayContaining(['1d planned 03-04 17:00', '2h planned 03-05 15:00'])),
    );
    await heard(salon, 3);
    expect(textsTo(salon)).toHaveLength(1);
    expect(world.sandbox.log.entries({ to: salon.contactPhone, kind: 'auto_reply' })).toHaveLength(3);
  });

  it('by ALTO, which Twilio does not know, gets our one confirmation and nothing after', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'], locale: 'es' });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await world.text(salon, '¡Alto!');
    expect(await lastOf(salon, 2)).toMatch(/no .*mensajes/i);
    await world.clock.push(salon.id, { byS: 60 });
    await world.text(salon, 'ALTO');
    await heard(salon, 2);
    await world.text(salon, 'C');
    await heard(salon, 3);
    await world.clock.push(salon.id, { to: { at: '2027-03-05T16:00:00.000Z' } });
    expect(await visit.story()).toEqual(expect.arrayContaining(['1d skipped suppressed', '2h skipped suppressed']));
    expect(textsTo(salon)).toHaveLength(2);
  });

  it('that Twilio recognised by a word of its own counts', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await signedText(salon, 'FIN', { OptOutType: 'STOP' });
    await eventually(async () => expect(await visit.story()).toContain('1d skipped suppressed'));
    expect(textsTo(salon)).toHaveLength(1);
  });

  it('is no opt-in when Twilio takes the "Yes" of somebody who gets our texts for its START', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await signedText(salon, 'Yes', { OptOutType: 'START' });
    await eventually(async () => expect(await visit.status()).toBe('confirmed'));
  });

  it('by CANCEL is one, and cancels no visit', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await lastOf(salon, 1);
    await world.text(salon, 'CANCEL');
    await eventually(async () => expect(await visit.story()).toContain('1d skipped suppressed'));
    expect(await visit.status()).toBe('booked');
  });
});

describe('any other text', () => {
  it('is handed to a person, which is said once a day', async () => {
    const salon = await world.aSalon({ now: NOW });
    await Promise.all([signedText(salon, 'Do you do beards?'), signedText(salon, 'And kids?'), signedText(salon, 'Hello?')]);
    await heard(salon, 3);
    await world.text(salon, 'Still there?');
    await heard(salon, 4);
    expect(textsTo(salon)).toHaveLength(1);
    await world.clock.push(salon.id, { byS: 86_400 });
    await world.text(salon, 'Good morning');
    await heard(salon, 5);
    expect(textsTo(salon)).toHaveLength(2);
  });

  it('from a number that nobody knows is kept and not answered', async () => {
    const salon = await world.aSalon({ now: NOW });
    expect(await world.text(salon, 'Is this the salon?', '+13125550142')).toBe(200);
    await heard(salon, 1);
    expect(await received(salon)).toMatchObject([{ contactId: null, body: 'Is this the salon?', fromAddress: '+13125550142' }]);
    expect(world.sandbox.log.entries({ to: '+13125550142', kind: 'sms' })).toEqual([]);
  });

  it("to a number that is nobody's stays with the unmatched", async () => {
    const salon = await world.aSalon({ now: NOW });
    const sid = newSid();
    expect(await signedText({ ...salon, number: '+13125550199' }, 'Hello?', { MessageSid: sid })).toMatchObject({ status: 200 });
    const events = world.database.poolOf('owner', 1)('webhookEvents');
    await eventually(async () => expect(await events.clone().where({ eventId: sid })).toMatchObject([{ status: 'unmatched' }]));
    expect(await received(salon)).toEqual([]);
  });
});
