import type { CadenceWithSteps } from '../../db/cadences';
import { inBusiness } from '../factories';
import { agreesToOffers, enrolmentsOf, someCadences, start, stepsOf } from '../support/cadences';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** A Tuesday, 10:00 in New York. */
const NOW = '2027-03-02T15:00:00.000Z';
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

type Setting = { salon: Salon; cadences: Record<string, CadenceWithSteps> };

async function aSetting({ agrees = true, ...options }: { agrees?: boolean; now?: string } = {}): Promise<Setting> {
  const salon = await world.aSalon({ now: NOW, ...options });
  const cadences = await someCadences(world.db, salon.id);
  if (agrees) await agreesToOffers(world, salon);
  return { salon, cadences };
}

const begin = ({ salon, cadences }: Setting, key = 'never_answered') => start(world, salon, cadences[key]!);
const push = ({ salon }: Setting, byS: number) => world.clock.push(salon.id, { byS });
const texts = ({ salon }: Setting): string[] => world.sandbox.log.entries({ to: salon.contactPhone, kind: 'sms' }).map(({ body }) => body);
const enrolments = ({ salon }: Setting): Promise<string[]> => enrolmentsOf(world.db, salon.id, salon.contactId);
const came = ({ salon }: Setting): Promise<string[]> => stepsOf(world.db, salon.id, salon.contactId);
const expectEnrolments = (setting: Setting, lines: string[]) => eventually(async () => expect(await enrolments(setting)).toEqual(lines));
const expectSteps = (setting: Setting, lines: string[]) => eventually(async () => expect(await came(setting)).toEqual(lines));
const closed = async ({ salon }: Setting, stateId: string): Promise<boolean> =>
  inBusiness(world.db, salon.id, async (tx) => {
    const [row] = await tx('processes')
      .where({ workflowId: `cadence/${stateId}` })
      .select<{ closedAt: string | null }[]>('closedAt');
    return row?.closedAt != null;
  });
const bucket = async ({ salon }: Setting): Promise<unknown> =>
  (await world.call<{ bucket: string }>(salon, `GET /leads/${salon.contactId}/status`)).body.bucket;

describe('somebody who never answers', () => {
  it('gets each step once, its wait after the one before, and has a day after the last to answer', async () => {
    const setting = await aSetting();
    const { id } = await begin(setting);
    await expectSteps(setting, ['1 sms planned']);
    await push(setting, 47 * HOUR_S);
    expect(texts(setting)).toEqual([]);
    await push(setting, 2 * HOUR_S);
    expect(texts(setting)).toHaveLength(1);
    expect(texts(setting)[0]).toBe(
      'Salon Sol: Hi Ana. We tried to reach you about your enquiry. When would suit you? Reply to this text and we will help. Reply STOP to opt out.',
    );
    await push(setting, 3 * DAY_S);
    expect(texts(setting)).toHaveLength(2);
    await push(setting, 7 * DAY_S);
    expect(texts(setting)).toHaveLength(3);
    expect(await enrolments(setting)).toEqual(['never_answered active 3']);
    await push(setting, DAY_S);
    await expectEnrolments(setting, ['never_answered finished 3']);
    expect(await came(setting)).toEqual(['1 sms sent', '2 sms sent', '3 sms sent']);
    await eventually(async () => expect(await closed(setting, id)).toBe(true));
    await push(setting, 8 * DAY_S);
    expect(texts(setting)).toHaveLength(3);
    expect(await bucket(setting)).toBe('no_answer');
  });

  it('is told of to the ledger of events once for each message, without a word about who they are', async () => {
    const setting = await aSetting();
    await begin(setting);
    await push(setting, 49 * HOUR_S);
    const events = () =>
      inBusiness(world.db, setting.salon.id, (tx) =>
        tx('eventsLedger').where('type', 'like', 'cadence.%').select<{ type: string; payload: unknown }[]>('type', 'payload'),
      );
    await eventually(async () => expect(await events()).toHaveLength(1));
    await push(setting, DAY_S);
    expect(await events()).toEqual([
      {
        type: 'cadence.message_sent',
        payload: { cadence: 'never_answered', step: 1, channel: 'sms', message_id: expect.any(String) },
      },
    ]);
  });

  it('is written to in their contact hours only', async () => {
    // 22:00 in New York: two days later it is night again.
    const setting = await aSetting({ now: '2027-03-03T03:00:00.000Z' });
    await begin(setting);
    await expectSteps(setting, ['1 sms planned quiet_hours']);
    await world.clock.push(setting.salon.id, { to: { at: '2027-03-05T12:55:00.000Z' } });
    expect(texts(setting)).toEqual([]);
    await world.clock.push(setting.salon.id, { to: { at: '2027-03-05T13:15:00.000Z' } });
    expect(texts(setting)).toHaveLength(1);
  });

  it.each([
    ['refuses the text', '21614'],
    ['reports later that it could not bring it', '30005'],
  ])('is written to by e-mail where the carrier %s, and the next step keeps its time', async (_, code) => {
    const setting = await aSetting();
    const { salon } = setting;
    await world.call(salon, `PATCH /businesses/${salon.id}`, { postal_address: '1 Main St, New York' });
    await agreesToOffers(world, salon, 'email');
    world.sandbox.faults.put('twilio', { mode: 'refuse', code, match: salon.contactPhone, times: 1 });
    await begin(setting);
    await push(setting, 49 * HOUR_S);
    // The second step had been planned by the time of the report: it is planned anew after the e-mail.
    const lines = async () => (await came(setting)).filter((line) => line !== '2 sms skipped not_needed');
    await eventually(async () => expect(await lines()).toEqual(['1 sms failed channel_unusable', '1 email sent', '2 email planned']));
    expect(world.sandbox.log.entries({ to: salon.contactEmail, kind: 'email' })).toHaveLength(1);
    await push(setting, 12 * DAY_S);
    expect(await enrolments(setting)).toEqual(['never_answered finished 3']);
    expect(world.sandbox.log.entries({ to: salon.contactEmail, kind: 'email' })).toHaveLength(3);
  });

  it('who agreed to no offers is written to by nobody, and each step says why', async () => {
    const setting = await aSetting({ agrees: false });
    await begin(setting);
    await expectSteps(setting, ['1 sms skipped no_consent']);
    await push(setting, 14 * DAY_S);
    await expectEnrolments(setting, ['never_answered finished 3']);
    expect(await came(setting)).toEqual(['1 sms skipped no_consent', '2 sms skipped no_consent', '3 sms skipped no_consent']);
    expect(texts(setting)).toEqual([]);
  });

  it('and agrees before the next step is written to from then on', async () => {
    const setting = await aSetting({ agrees: false });
    await begin(setting);
    await push(setting, 49 * HOUR_S);
    await agreesToOffers(world, setting.salon);
    await push(setting, 3 * DAY_S);
    expect(await came(setting)).toEqual(['1 sms skipped no_consent', '2 sms sent', '3 sms planned']);
  });
});

describe('what ends it', () => {
  it.each([
    ['a reply', 'When are you open?', 'replied', 'engaged'],
    ['an opt-out', 'STOP', 'opted_out', 'opted_out'],
  ])('%s, at once, with what was planned dropped', async (...[, words, reason, stands]) => {
    const setting = await aSetting();
    const { id } = await begin(setting);
    await push(setting, 49 * HOUR_S);
    await expectSteps(setting, ['1 sms sent', '2 sms planned']);
    await world.text(setting.salon, words);
    await expectEnrolments(setting, [`never_answered ${reason} 2`]);
    expect(await came(setting)).toEqual(['1 sms sent', '2 sms skipped cadence_ended']);
    await eventually(async () => expect(await closed(setting, id)).toBe(true));
    await push(setting, 12 * DAY_S);
    expect(texts(setting).filter((text) => text.includes('looking for a time'))).toEqual([]);
    expect(texts(setting).filter((text) => text.includes('enquiry'))).toHaveLength(1);
    expect(await bucket(setting)).toBe(stands);
  });

  it('a booking', async () => {
    const setting = await aSetting();
    await begin(setting);
    await expectSteps(setting, ['1 sms planned']);
    await aVisit(world, setting.salon, { startsAt: '2027-03-20T17:00:00.000Z' });
    expect(await enrolments(setting)).toEqual(['never_answered booked 1']);
    expect(await bucket(setting)).toBe('booked');
  });

  it('a more important one, which then runs alone', async () => {
    const setting = await aSetting();
    await begin(setting, 'no_show_recovery');
    await begin(setting, 'never_answered');
    await push(setting, 14 * DAY_S);
    await expectEnrolments(setting, ['no_show_recovery superseded 1', 'never_answered finished 3']);
    expect(texts(setting).filter((text) => text.includes('another day'))).toEqual([]);
  });

  it('its being switched off', async () => {
    const setting = await aSetting();
    await begin(setting);
    await expectSteps(setting, ['1 sms planned']);
    const { id } = setting.cadences['never_answered']!;
    expect(await world.call(setting.salon, `PATCH /cadences/${id}`, { enabled: false })).toMatchObject({
      status: 200,
      body: { enabled: false, replanned_contacts: 1 },
    });
    await expectEnrolments(setting, ['never_answered stopped 1']);
    expect(await came(setting)).toEqual(['1 sms skipped cadence_ended']);
  });
});

describe('an edit', () => {
  it('reaches what is planned already: its time, its words and its channel', async () => {
    const setting = await aSetting();
    await begin(setting);
    await expectSteps(setting, ['1 sms planned']);
    const { id } = setting.cadences['never_answered']!;
    const steps = [{ wait_min: 60, template_id: 'cadence_winback_1', channels: ['sms'] }];
    await world.call(setting.salon, `PATCH /cadences/${id}`, { steps });
    await eventually(async () => {
      const { body } = await world.call<{ messages: { rule: string; due_at: string }[] }>(setting.salon, 'GET /messages');
      expect(body.messages).toMatchObject([{ rule: 'cadence_winback_1', status: 'planned' }]);
    });
    await push(setting, 61 * 60);
    expect(texts(setting)).toHaveLength(1);
    expect(texts(setting)[0]).toContain('It has been a while since your last visit.');
  });

  it('may name a template of the business’s own, and one that is taken away later is skipped with the reason', async () => {
    const setting = await aSetting();
    const { id } = setting.cadences['never_answered']!;
    const words = {
      sms: {
        en: { body: '{{ business_name }}: hello {{ contact_name }}. {{ opt_out }}' },
        es: { body: '{{ business_name }}: hola. {{ opt_out }}' },
      },
    };
    await world.call(setting.salon, 'PUT /templates/own-hello', { name: 'Hello', message_class: 'marketing', ...words });
    const steps = [0, 60].map((wait_min) => ({ wait_min, template_id: 'own-hello', channels: ['sms'] }));
    expect((await world.call(setting.salon, `PATCH /cadences/${id}`, { steps })).status).toBe(200);
    await begin(setting);
    await eventually(() => expect(texts(setting)).toEqual(['Salon Sol: hello Ana. Reply STOP to opt out.']));
    await world.call(setting.salon, 'DELETE /templates/own-hello');
    await push(setting, 2 * HOUR_S);
    expect((await came(setting)).at(-1)).toBe('2 sms skipped no_template');
    expect(texts(setting)).toHaveLength(1);
  });
});

describe('a no-show', () => {
  it('is followed up after the visit’s own follow-up, with its page to book again', async () => {
    const setting = await aSetting();
    const visit = await aVisit(world, setting.salon, { startsAt: '2027-03-02T16:00:00.000Z' });
    await push(setting, 2 * HOUR_S);
    await visit.change('no-show');
    expect(await bucket(setting)).toBe('no_show');
    await push(setting, 49 * HOUR_S);
    expect((await visit.story()).at(-1)).toContain('cadence_no_show_1 planned');
    expect(await visit.story()).toContainEqual(expect.stringContaining('no_show_followup sent'));
    await push(setting, 3 * DAY_S);
    expect(texts(setting).at(-1)).toMatch(
      /Your visit on Tue, Mar 2 at 11:00 AM did not take place\. Would another day suit you better\?.*\/v\//,
    );
  });

  it('that is taken back is not', async () => {
    const setting = await aSetting();
    const visit = await aVisit(world, setting.salon, { startsAt: '2027-03-02T16:00:00.000Z' });
    await push(setting, 2 * HOUR_S);
    await visit.change('no-show');
    await expectEnrolments(setting, ['no_show_recovery active 1']);
    await visit.change('undo');
    expect(await enrolments(setting)).toEqual(['no_show_recovery stopped 1']);
    expect(await bucket(setting)).toBe('booked');
  });
});
