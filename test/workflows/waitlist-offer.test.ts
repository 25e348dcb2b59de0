import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { aGuest, offerStory, textsTo, type Guest } from '../support/waitlist';
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
