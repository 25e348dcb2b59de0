import { ApplicationFailure } from '@temporalio/common';
import { createActivities, type Activities } from '../../activities';
import { enrol, stopCadence } from '../../api/cadences';
import { receiveText } from '../../api/webhooks/inbound';
import type { CadenceWithSteps } from '../../db/cadences';
import { withBusiness, type Tx } from '../../db/tenancy';
import { DAY_MS, plusMs } from '../../domain/time';
import { aContact, inBusiness } from '../factories';
import { attemptsOf, type Attempts } from '../support/attempts';
import { anOwnCadence, enrolmentsOf, stepsOf } from '../support/cadences';
import { newSid } from '../support/deliveries';
import { waitingRings } from '../support/doorbells';
import type { Salon } from '../support/salon';
import { startWorld, type World } from '../support/world';
import { live, makeStatementsMortal, mortalPort, type Death } from './mortal';

jest.setTimeout(180_000);
makeStatementsMortal();

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false, breaker: { openAfter: 1_000, openForMs: 1 } });
});
afterAll(() => world.close());

/** A Tuesday, 10:00 in New York. */
const NOW = '2027-03-02T15:00:00.000Z';

type Shop = { salon: Salon; pair: CadenceWithSteps; single: CadenceWithSteps; activities: Activities };
type Case = { salon: Salon; cadence: CadenceWithSteps; attempts: Attempts; activities: Activities };

const textAfter = (waitMin: number, templateKey: string) => ({ waitMin, templateKey, channels: ['sms' as const] });

let shop: Shop;
/** One business for all; its cadences are one text, and two, a minute apart. No report of the vendor's settles what a death left open. */
beforeAll(async () => {
  const salon = await world.aSalon({ now: NOW });
  const own = (key: string, ...steps: ReturnType<typeof textAfter>[]) => anOwnCadence(world.db, salon.id, { key, steps });
  const pair = await own('own_pair', textAfter(0, 'cadence_winback_1'), textAfter(1, 'cadence_winback_2'));
  const single = await own('own_single', textAfter(0, 'cadence_winback_1'));
  world.sandbox.faults.put('twilio', { mode: 'bad_signature' });
  shop = {
    salon,
    pair,
    single,
    activities: createActivities({ ...world.activityDeps, sms: mortalPort(world.activityDeps.sms, 'twilio') }),
  };
});

const state = { people: 0 };
/** Somebody who agreed to offers. */
async function aPerson(cadence = shop.pair): Promise<Case> {
  state.people += 1;
  const contactPhone = `+1917555${String(1_000 + state.people)}`;
  const { id: contactId } = await aContact(world.db, shop.salon.id, { phone: contactPhone, marketing: ['sms'], zone: 'America/New_York' });
  const salon = { ...shop.salon, contactId, contactPhone };
  // A number sends one text a second; here each person comes to a number at rest.
  await world.database.poolOf('owner', 1)('senderLines').delete();
  const { activities } = shop;
  return { salon, cadence, activities, attempts: attemptsOf({ ...world, activities }, salon) };
}

const begin = async (tx: Tx, { salon, cadence }: Case) =>
  enrol(tx, { contactId: salon.contactId, cadence, now: await world.apiDeps.clock.now(salon.id) });

async function anEnrolled(cadence = shop.pair): Promise<Case> {
  const one = await aPerson(cadence);
  await withBusiness(world.db, one.salon.id, (tx) => begin(tx, one));
  return one;
}

const stateOf = ({ salon: { id, contactId } }: Case): Promise<{ id: string }> =>
  inBusiness(world.db, id, async (tx) => (await tx('cadenceStates').where({ contactId }).select<{ id: string }[]>('id'))[0]!);

/** What the process does until nothing is due. Answers when it wakes, null once it has closed. */
async function turn({ salon, activities }: Case, id: string): Promise<string | null> {
  for (;;) {
    const now = await world.apiDeps.clock.now(salon.id);
    const { next } = await activities.planCadence({ businessId: salon.id, id, atLeast: 1, now });
    if (!next || next.wakeAt > now) return next?.wakeAt ?? null;
    if (next.looksOnly !== true) await activities.sendMessage({ businessId: salon.id, messageId: next.messageId, now });
  }
}

/** Fresh processes go on until nothing waits to be sent. Every wait is over at once: a mark grows old, the business's clock goes on. */
async function finish(one: Case): Promise<void> {
  const { id } = await stateOf(one);
  for (let tries = 0; tries < 20; tries += 1) {
    const wake = await turn(one, id).catch((error: unknown) => (isUnclear(error) ? 'unclear' : Promise.reject(error as Error)));
    if (wake === 'unclear')
      for (const { id: messageId } of await messagesOf(one, ['sending'])) await one.attempts.age(messageId, 10 * 60_000);
    else if (wake === null || (await messagesOf(one, ['planned', 'held'])).length === 0) return;
    else await one.attempts.setClock(wake);
  }
  throw new Error('it never came to an end');
}

const isUnclear = (error: unknown): boolean => error instanceof ApplicationFailure && error.type === 'outcome_unclear';
const messagesOf = ({ salon: { id, contactId } }: Case, statuses: string[]): Promise<{ id: string }[]> =>
  inBusiness(world.db, id, (tx) =>
    tx('messages')
      .where({ contactId })
      .whereNotNull('cadenceStateId')
      .whereIn('status', statuses)
      .orderBy('id')
      .select<{ id: string }[]>('id'),
  );

/** What a person's texts came to, what the vendor took of each, and what the ledger of events was told. */
async function outcome(one: Case): Promise<{ steps: string[]; taken: number[]; told: string[] }> {
  const { id, contactId, contactPhone } = one.salon;
  const accepted = world.sandbox.log.entries({ to: contactPhone, kind: 'sms' }).map(({ our_id }) => our_id);
  const ids = await messagesOf(one, ['planned', 'held', 'sending', 'sent', 'delivered', 'failed', 'skipped', 'unknown']);
  const told = await inBusiness(world.db, id, (tx) =>
    tx('eventsLedger').where({ subjectId: contactId }).whereLike('type', 'cadence.%').select<{ type: string }[]>('type'),
  );
  return {
    steps: await stepsOf(world.db, id, contactId),
    taken: ids.map((message) => accepted.filter((each) => each === message.id).length),
    told: told.map(({ type }) => type),
  };
}

/** Of steps inside one transaction, which leave nothing when they are not the last, every so manieth dies. `DEATHS=all`: every one; it takes three times as long. */
const EVERY = process.env['DEATHS'] === 'all' ? 1 : 3;

/**
 * The deaths that differ: before steps, and after those that take effect outside of the process; after any other the server rolls back, as before the next.
 * Without the looks at the sandbox clock, which production has not: each is a transaction of three statements.
 */
function deathsOf(steps: string[]): Death[] {
  const isClock = (i: number): boolean => [i - 1, i, i + 1].some((near) => /offset_?ms/i.test(steps[near] ?? ''));
  return steps.flatMap((name, i) => {
    if (isClock(i)) return [];
    const before = { step: i + 1, when: 'before' as const };
    const takesEffect = /^(commit|twilio)/i.test(name);
    if (!takesEffect) return i % EVERY === 0 ? [before] : [];
    return [before, { step: i + 1, when: 'after' as const }];
  });
}

/** Each text went once. What nobody can tell of the first is shown as unknown; the second goes all the same. */
async function judge(one: Case, about: string): Promise<string> {
  await finish(one);
  const { steps, taken, told } = await outcome(one);
  const count = one.cadence.steps.length;
  const sent = Array.from({ length: count }, (_, i) => `${String(i + 1)} sms sent`);
  const isUnknown = steps[0] === '1 sms unknown';
  expect({ about, steps, taken: taken.slice(1) }).toEqual({
    about,
    steps: isUnknown ? ['1 sms unknown', ...sent.slice(1)] : sent,
    taken: sent.slice(1).map(() => 1),
  });
  expect({ about, told: told.length }).toEqual({ about, told: count - Number(isUnknown) });
  expect(isUnknown ? [0, 1] : [1]).toContain(taken[0]);
  return steps[0] ?? '';
}

const enrolmentOf = ({ salon }: Case) => enrolmentsOf(world.db, salon.id, salon.contactId);
const aDayLater = async (): Promise<void> => {
  const { attempts, salon } = await aPerson();
  await attempts.setClock(plusMs(await world.apiDeps.clock.now(salon.id), DAY_MS + 60_000));
};

async function everyDeath(cadence: CadenceWithSteps): Promise<{ steps: string[]; deaths: Death[] }> {
  const whole = await anEnrolled(cadence);
  const { id } = await stateOf(whole);
  const { steps } = await live(null, () => turn(whole, id));
  expect(await judge(whole, 'alive')).toBe('1 sms sent');
  return { steps, deaths: deathsOf(steps) };
}

async function die(cadence: CadenceWithSteps, { death, steps }: { death: Death; steps: string[] }): Promise<void> {
  const one = await anEnrolled(cadence);
  const { id } = await stateOf(one);
  const { died } = await live(death, () => turn(one, id));
  expect(died).toBe(true);
  await judge(one, `${death.when} step ${String(death.step)}, ${steps[death.step - 1] ?? ''}`);
}

describe('a process that is killed while it follows somebody up', () => {
  it('at any step of planning, sending and planning again leaves the text sent once, or visibly unknown', async () => {
    const { steps, deaths } = await everyDeath(shop.single);
    expect(deaths.filter(({ when }) => when === 'after')).toHaveLength(5); // two plans, the mark, the call, the answer
    expect(deaths.length).toBeGreaterThan(15);
    for (const death of deaths) await die(shop.single, { death, steps });
  });

  it('at the call or beside it does not hold up the next text', async () => {
    const { steps, deaths } = await everyDeath(shop.pair);
    const call = steps.indexOf('twilio send') + 1;
    for (const death of deaths.filter(({ step }) => Math.abs(step - call) <= 2)) await die(shop.pair, { death, steps });
  });

  it('at any step of its end ends it once, and tells of its text once', async () => {
    const people: Case[] = [];
    for (let count = 0; count < 20; count += 1) {
      const one = await anEnrolled(shop.single);
      people.push(one);
      await turn(one, (await stateOf(one)).id);
    }
    await aDayLater();
    const [whole, ...others] = people;
    const { id } = await stateOf(whole!);
    const { steps } = await live(null, () => turn(whole!, id));
    expect(await enrolmentOf(whole!)).toEqual(['own_single finished 1']);
    const deaths = deathsOf(steps);
    expect(others.length).toBeGreaterThanOrEqual(deaths.length);
    for (const [i, death] of deaths.entries()) {
      const one = others[i]!;
      const { id: stateId } = await stateOf(one);
      await live(death, () => turn(one, stateId));
      expect(await turn(one, stateId)).toBeNull();
      expect(await judge(one, `${death.when} step ${String(death.step)}`)).toBe('1 sms sent');
      expect(await enrolmentOf(one)).toEqual(['own_single finished 1']);
    }
  });
});

const hello = ({ salon }: Case, vendorId: string) => ({
  ...{ channel: 'sms' as const, vendor: 'twilio', vendorId, answeredByVendor: null },
  ...{ from: salon.contactPhone, to: salon.number, body: 'Hello?' },
});

describe('a process that is killed while it takes down a fact', () => {
  const FACTS = {
    'a start': { prepare: aPerson, tell: (tx: Tx, one: Case) => begin(tx, one), comesTo: 'active' },
    'a reply': {
      prepare: anEnrolled,
      tell: (tx: Tx, one: Case & { vendorId: string }) =>
        receiveText(tx, world.apiDeps, { businessId: one.salon.id, event: hello(one, one.vendorId), now: NOW }),
      comesTo: 'replied',
    },
    'a stop': {
      prepare: anEnrolled,
      tell: (tx: Tx, { salon }: Case) => stopCadence(tx, { contactId: salon.contactId, now: NOW }),
      comesTo: 'stopped',
    },
  } as const;

  it.each(Object.entries(FACTS))(
    '%s, at any step, and hears it again has it once, with its ring',
    async (_, { prepare, tell, comesTo }) => {
      const aCase = async () => {
        const one = { ...(await prepare()), vendorId: newSid() };
        // The second text waits when the fact comes.
        if (comesTo !== 'active') await turn(one, (await stateOf(one)).id);
        return { ...one, hear: () => withBusiness<unknown>(world.db, one.salon.id, (tx) => tell(tx, one)) };
      };
      const whole = await aCase();
      const { steps } = await live(null, whole.hear);
      // One transaction: what dies before its commit leaves nothing, so a third of its steps stand for all.
      for (const death of deathsOf(steps).filter(({ when }, i) => when === 'after' || i % 3 === 0)) {
        const one = await aCase();
        const { died } = await live(death, one.hear);
        expect(died).toBe(true);
        await one.hear();
        const { id } = await stateOf(one);
        expect(await enrolmentOf(one)).toEqual([`own_pair ${comesTo} ${comesTo === 'active' ? '1' : '2'}`]);
        const [ring] = (await waitingRings(world.db, one.salon.id)).filter(({ workflowId }) => workflowId === `cadence/${id}`);
        expect(ring).toMatchObject({ version: comesTo === 'active' ? 1 : 2 });
        if (comesTo === 'active') continue;
        expect(await turn(one, id)).toBeNull();
        expect(await outcome(one)).toMatchObject({
          steps: ['1 sms sent', '2 sms skipped cadence_ended'],
          taken: [1, 0],
          told: ['cadence.message_sent'],
        });
      }
    },
  );
});
