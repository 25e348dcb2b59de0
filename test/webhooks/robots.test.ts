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

const textsTo = ({ contactPhone }: Salon): string[] => world.sandbox.log.entries({ to: contactPhone, kind: 'sms' }).map(({ body }) => body);
const say = (salon: Salon, body: string) =>
  postTwilio(`${world.api}/webhooks/twilio/inbound`, {
    MessageSid: newSid(),
    SmsStatus: 'received',
    From: salon.contactPhone,
    To: salon.number,
    Body: body,
  });

type Seen = { id: string; needs_person: string | null; silenced_since: string | null; unread: number };
const conversation = (salon: Salon, expected: object): Promise<Seen> =>
  eventually(async () => {
    const [only] = (await world.call<{ data: Seen[] }>(salon, 'GET /conversations')).body.data;
    expect(only).toMatchObject(expected);
    return only!;
  });

/** A program at the other end: answers each text of ours with the next of its own, three seconds later, until we fall silent or it has spoken `turns` times. */
async function robot(salon: Salon, turns: number, sayNext: (turn: number) => string): Promise<void> {
  for (let turn = 1; turn <= turns; turn += 1) {
    const heard = textsTo(salon).length;
    await say(salon, sayNext(turn));
    await conversation(salon, { unread: turn });
    await world.clock.push(salon.id, { byS: 3 });
    if (textsTo(salon).length === heard) return;
  }
}

describe('two robots', () => {
  it('stop after three equal texts: we fall silent and a person is asked', async () => {
    const salon = await world.aSalon({ now: NOW });
    await robot(salon, 30, () => 'Sorry, how do I unsubscribe?');
    expect(textsTo(salon)).toHaveLength(2);
    await conversation(salon, { needs_person: 'loop', silenced_since: expect.any(String), unread: 3 });
  });

  it('stop after eight answers in ten minutes when no two texts are equal', async () => {
    const salon = await world.aSalon({ now: NOW });
    await robot(salon, 30, (turn) => `Ticket ${String(turn)}: how do I unsubscribe?`);
    expect(textsTo(salon)).toHaveLength(8);
    await conversation(salon, { needs_person: 'loop' });
  });

  it('stop too when the other one opts out and in again', async () => {
    const salon = await world.aSalon({ now: NOW });
    await robot(salon, 40, (turn) => (turn % 2 === 1 ? `No more texts please ${String(turn)}` : `You can text me again ${String(turn)}`));
    expect(textsTo(salon).length).toBeLessThanOrEqual(8);
  });

  it('go on being obeyed in silence, until a person of ours has looked', async () => {
    const salon = await world.aSalon({ now: NOW });
    const visit = await aVisit(world, salon, { startsAt: FRIDAY });
    await eventually(() => expect(textsTo(salon)).toHaveLength(1));
    await robot(salon, 30, () => 'how do I unsubscribe?');
    const { id } = await conversation(salon, { needs_person: 'loop' });
    const before = textsTo(salon).length;
    await say(salon, 'Do you do beards?');
    await world.clock.push(salon.id, { byS: 3 });
    expect(textsTo(salon)).toHaveLength(before);
    await world.call(salon, `POST /conversations/${id}/settle`);
    await say(salon, 'And kids?');
    await eventually(() => expect(textsTo(salon)).toHaveLength(before + 1));
    await say(salon, 'please stop texting me');
    await eventually(async () => expect(await visit.story()).toContain('1d skipped suppressed'));
  });
});

describe('a person who gets somewhere', () => {
  it('is never cut off: the same C for three visits confirms three', async () => {
    const salon = await world.aSalon({ now: NOW });
    for (const day of ['03', '04', '05']) {
      const visit = await aVisit(world, salon, { startsAt: `2027-03-${day}T17:00:00.000Z` });
      await world.clock.push(salon.id, { byS: 30 });
      await say(salon, 'C');
      await eventually(async () => expect(await visit.status()).toBe('confirmed'));
      await world.clock.push(salon.id, { byS: 3 });
    }
    await conversation(salon, { needs_person: null, silenced_since: null });
    expect(textsTo(salon)).toHaveLength(6);
  });
});
