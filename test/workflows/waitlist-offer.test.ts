import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { aGuest, offersOf, offerStory, textsTo, type Guest } from '../support/waitlist';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** A Tuesday, 10:00 in New York. */
const NOW = '2027-03-02T15:00:00.000Z';
/** The day after, 12:00. */
const VISIT = '2027-03-03T17:00:00.000Z';
const MINUTE_S = 60;

type Setting = { salon: Salon; guests: Record<string, Guest>; visit: Awaited<ReturnType<typeof aVisit>> };

/** A booked visit, and people who wait for one, each put on the list a minute after the other. */
async function aSetting(names: string[], startsAt = VISIT): Promise<Setting> {
  const salon = await world.aSalon({ now: NOW });
  const visit = await aVisit(world, salon, { startsAt });
  const guests: Record<string, Guest> = {};
  for (const name of names) {
    guests[name] = await aGuest(world, salon, { name });
    await world.clock.push(salon.id, { byS: MINUTE_S });
  }
  return { salon, guests, visit };
}

const story = ({ salon, guests }: Setting): Promise<string[]> => offerStory(world, salon, guests);
const expectStory = (setting: Setting, lines: string[]) => eventually(async () => expect(await story(setting)).toEqual(lines));
const push = ({ salon }: Setting, minutes: number) => world.clock.push(salon.id, { byS: minutes * MINUTE_S });
const text = ({ salon, guests }: Setting, name: string, body: string) => world.text(salon, body, guests[name]!.phone);
const bookedOf = async ({ salon, guests }: Setting, name: string): Promise<{ status: string; start_ts: string; source: string }[]> =>
  (
    await world.call<{ data: { status: string; start_ts: string; source: string }[] }>(
      salon,
      `GET /appointments?contact_id=${guests[name]!.contactId}`,
    )
  ).body.data;

describe('a cancelled visit', () => {
  it('is offered to who waits longest, and a yes by text books it', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 1);
    const [offer] = textsTo(world, setting.guests['Ida']!);
    expect(offer).toContain('Wed, Mar 3 at 12:00 PM');
    expect(offer).toContain('Reply 1 to take it or 2 to pass');
    expect(textsTo(world, setting.guests['Rosa']!)).toEqual([]);

    await text(setting, 'Ida', 'Yes');
    await expectStory(setting, ['Ida accepted']);
    await push(setting, 1);
    expect(await bookedOf(setting, 'Ida')).toMatchObject([{ status: 'booked', start_ts: VISIT, source: 'waitlist' }]);
    expect(textsTo(world, setting.guests['Ida']!)[1]).toContain('Your visit is booked');
    await push(setting, 90);
    expect(await story(setting)).toEqual(['Ida accepted']);
  });

  it('goes to the next after half an hour, not a minute earlier', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 29);
    expect(await story(setting)).toEqual(['Ida offered']);
    await push(setting, 2);
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa offered']);
    await push(setting, 31);
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa ignored']);
  });

  it('goes to the next at once when somebody lets it pass, and thanks them', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 1);
    await text(setting, 'Ida', 'no thanks');
    await expectStory(setting, ['Ida declined', 'Rosa offered']);
    await eventually(() => expect(textsTo(world, setting.guests['Ida']!)[1]).toContain('You stay on our waitlist'));
  });

  it('is not offered back to who cancelled it', async () => {
    const setting = await aSetting(['Rosa']);
    const { salon } = setting;
    const word = { channel: 'sms', purpose: 'marketing', statement: 'Text me', source: 'test' };
    await world.call(salon, `POST /contacts/${salon.contactId}/consents`, word);
    await world.call(salon, 'POST /waitlist-entries', { contact_id: salon.contactId, service_id: salon.serviceId, preference: 'anytime' });
    await setting.visit.change('cancel');
    await expectStory(setting, ['Rosa offered']);
    await push(setting, 31);
    expect(await story(setting)).toEqual(['Rosa ignored']);
  });
});

describe('a freed time that is gone', () => {
  it('is withdrawn at once when somebody books it, and who was asked hears so with the next free times', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 2);
    await aVisit(world, setting.salon, { startsAt: VISIT });
    await expectStory(setting, ['Ida withdrawn']);
    await push(setting, 1);
    const texts = textsTo(world, setting.guests['Ida']!);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain('the time on Wed, Mar 3 at 12:00 PM is no longer free');
    expect(texts[1]).toMatch(/The next ones are: Tue, Mar 2 at .*; .*; /);
    await push(setting, 60);
    expect(await story(setting)).toEqual(['Ida withdrawn']);
  });

  it('answers a yes that comes too late with an apology, once, and never with another visit', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 31);
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa offered']);
    await text(setting, 'Ida', '1');
    await eventually(() => expect(textsTo(world, setting.guests['Ida']!)[1]).toContain('is no longer free'));
    await push(setting, 1);
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa offered']);
    expect(await bookedOf(setting, 'Ida')).toEqual([]);
  });

  it('is not offered any more less than an hour ahead', async () => {
    const setting = await aSetting(['Ida', 'Rosa', 'Zoe'], '2027-03-02T17:00:00.000Z'); // two hours ahead
    await setting.visit.change('cancel');
    await push(setting, 120);
    // Asked at 10:03 and 10:33; at 11:03 it is 57 minutes to go.
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa ignored']);
  });

  it('waits while somebody holds it, and goes on when the hold ends without a booking', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    const { salon, visit } = setting;
    await visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 20);
    const held = { contact_id: salon.contactId, service_id: salon.serviceId, start_ts: VISIT };
    await push(setting, 5);
    expect((await world.call(salon, 'POST /holds', held)).status).toBe(201);
    await push(setting, 7);
    expect(await story(setting)).toEqual(['Ida ignored']); // 10:35 by then: the hold runs until 10:37
    await push(setting, 10);
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa offered']);
  });
});

describe('who may be asked', () => {
  it('are only those with a written consent to marketing; the others are passed over, with the reason', async () => {
    const setting = await aSetting([]);
    const { salon, guests } = setting;
    guests['Nia'] = await aGuest(world, salon, { name: 'Nia', marketing: false });
    guests['Ida'] = await aGuest(world, salon, { name: 'Ida' });
    await setting.visit.change('cancel');
    await expectStory(setting, ['Nia passed_over no_consent', 'Ida offered']);
    expect(textsTo(world, guests['Nia'])).toEqual([]);
    const { data } = (await world.call<{ data: { explanation: string }[] }>(salon, 'GET /waitlist-offers?status=passed_over')).body;
    expect(data[0]?.explanation).toBe('Not asked, because there is no consent for this channel.');
  });

  it('are asked in the morning when the time is freed at night', async () => {
    const setting = await aSetting(['Ida']);
    await world.clock.push(setting.salon.id, { to: { at: '2027-03-03T03:00:00.000Z' } }); // 22:00 in New York
    await setting.visit.change('cancel');
    await push(setting, 9 * 60 + 50);
    expect(await story(setting)).toEqual([]);
    await push(setting, 15);
    expect(await story(setting)).toEqual(['Ida offered']);
    await eventually(() => expect(textsTo(world, setting.guests['Ida']!)).toHaveLength(1));
  });

  it('opt out of an offer by STOP, and are not asked again', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 1);
    await text(setting, 'Ida', 'STOP');
    await push(setting, 31);
    expect(await story(setting)).toEqual(['Ida ignored', 'Rosa offered']);
    expect(textsTo(world, setting.guests['Ida']!).filter((body) => body.includes('You asked for a time'))).toHaveLength(1);
  });

  it('are off the list after three offers without an answer, and told so once', async () => {
    const setting = await aSetting(['Ida']);
    const { salon } = setting;
    for (const startsAt of ['2027-03-04T17:00:00.000Z', '2027-03-05T17:00:00.000Z', '2027-03-06T17:00:00.000Z']) {
      const freed = { service_id: salon.serviceId, start_ts: startsAt, end_ts: startsAt.replace('T17', 'T18') };
      expect((await world.call(salon, 'POST /notify-list/trigger-cancellation', freed)).status).toBe(202);
      await push(setting, 31);
      await push(setting, 24 * 60 - 31);
    }
    expect(await story(setting)).toEqual(['Ida ignored', 'Ida ignored', 'Ida ignored']);
    const entry = await world.call(salon, `GET /waitlist-entries/${setting.guests['Ida']!.entryId}`);
    expect(entry.body).toMatchObject({ status: 'removed', removed_reason: 'ignored', ignored_count: 3 });
    expect(textsTo(world, setting.guests['Ida']!).filter((body) => body.includes('no longer on our waitlist'))).toHaveLength(1);
  });
});

describe('several at once', () => {
  it('may be asked in a batch: the first yes wins, the others hear that they were too late', async () => {
    const setting = await aSetting(['Ida', 'Rosa', 'Zoe', 'Ana']);
    const { salon, guests } = setting;
    await world.call(salon, `PATCH /businesses/${salon.id}`, { waitlist_batch_size: 3 });
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered', 'Rosa offered', 'Zoe offered']);
    await push(setting, 1);
    await text(setting, 'Rosa', 'YES');
    await expectStory(setting, ['Ida lost', 'Rosa accepted', 'Zoe lost']);
    await push(setting, 1);
    for (const name of ['Ida', 'Zoe']) expect(textsTo(world, guests[name]!)[1]).toContain('is no longer free');
    expect(textsTo(world, guests['Rosa']!)[1]).toContain('Your visit is booked');
    expect(textsTo(world, guests['Ana']!)).toEqual([]);
  });

  it('freed times are never offered to one person at the same time', async () => {
    const setting = await aSetting(['Ida']);
    const other = await aVisit(world, setting.salon, { startsAt: '2027-03-03T19:00:00.000Z' });
    await setting.visit.change('cancel');
    await other.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 29);
    expect(await story(setting)).toEqual(['Ida offered']);
    await push(setting, 4);
    expect(await story(setting)).toEqual(['Ida ignored', 'Ida offered']);
  });

  it('open questions are told apart: which visit does the yes mean?', async () => {
    const setting = await aSetting(['Ida']);
    const { salon, guests } = setting;
    await aVisit(world, salon, { startsAt: '2027-03-09T17:00:00.000Z', contactId: guests['Ida']!.contactId });
    await push(setting, 1);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 1);
    await text(setting, 'Ida', 'yes');
    await eventually(() => expect(textsTo(world, guests['Ida']!).at(-1)).toContain('Which visit do you mean?'));
    expect(textsTo(world, guests['Ida']!).at(-1)).toMatch(/1\) Wed, Mar 3 .*2\) Tue, Mar 9/);
    await text(setting, 'Ida', 'C1');
    await expectStory(setting, ['Ida accepted']);
    expect((await bookedOf(setting, 'Ida')).map(({ status, start_ts }) => `${status} ${start_ts}`)).toEqual([
      `booked ${VISIT}`,
      'booked 2027-03-09T17:00:00.000Z',
    ]);
  });
});

describe('the closing timer', () => {
  it('counts an accepted offer as accepted when the closing timer fires in the same second', async () => {
    const setting = await aSetting(['Ida', 'Rosa']);
    await setting.visit.change('cancel');
    await expectStory(setting, ['Ida offered']);
    await push(setting, 1);
    const [offer] = await offersOf(world, setting.salon);
    const accepted = await world.call(setting.salon, `POST /waitlist-offers/${offer!.id}/accept`);
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted' } });
    // The timer's look, with the old version that it was asked with.
    const expired = { businessId: setting.salon.id, id: offer!.freed_slot_id, atLeast: 1, now: offer!.expires_at ?? '' };
    await world.activities.readFreedSlot(expired);
    await push(setting, 31);
    expect(await story(setting)).toEqual(['Ida accepted']);
    expect(await bookedOf(setting, 'Ida')).toHaveLength(1);
  });

  it('and an answer that race for an offer leave it with one end, and the visit with it or nobody', async () => {
    for (let round = 0; round < 2; round += 1) {
      const setting = await aSetting(['Ida']);
      await setting.visit.change('cancel');
      await expectStory(setting, ['Ida offered']);
      await push(setting, 1);
      const [offer] = await offersOf(world, setting.salon);
      const expired = { businessId: setting.salon.id, id: offer!.freed_slot_id, atLeast: 1, now: offer!.expires_at ?? '' };
      const [answer] = await Promise.all([
        world.call<{ status: string }>(setting.salon, `POST /waitlist-offers/${offer!.id}/accept`),
        world.activities.readFreedSlot(expired),
      ]);
      const isTheirs = answer.status === 200;
      expect(await story(setting)).toEqual([isTheirs ? 'Ida accepted' : 'Ida ignored']);
      expect(await bookedOf(setting, 'Ida')).toHaveLength(isTheirs ? 1 : 0);
    }
  });
});
