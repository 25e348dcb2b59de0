import { createActivities } from '../../activities';
import type { RequestMode } from '../../sandbox/faults';
import { attemptsOf, type Attempts } from '../support/attempts';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';
import { live, makeStatementsMortal, mortalPort, type Death } from './mortal';

jest.setTimeout(300_000);
makeStatementsMortal();

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false, breaker: { openAfter: 1_000, openForMs: 1 } });
});
afterAll(() => world.close());
afterEach(() => clearFaults());

type Channel = 'sms' | 'email';
type Way = { channel: Channel; mode?: RequestMode; heard: boolean };
type Case = { salon: Salon; messageId: string; send: () => Promise<unknown>; attempts: Attempts };

const VENDORS = { sms: 'twilio', email: 'sendgrid' } as const;
const clearFaults = (): void => Object.values(VENDORS).forEach((vendor) => world.sandbox.faults.clear(vendor));

/** A confirmation that is due, and a process that will try to send it. Unheard: the vendor's reports come forged, so that nobody learns from them. */
async function aCase({ channel, mode, heard }: Way): Promise<Case> {
  const salon = await world.aSalon({ now: NOW, phone: channel === 'sms', consents: [channel] });
  const activities = createActivities({
    ...world.activityDeps,
    sms: mortalPort(world.activityDeps.sms, 'twilio'),
    email: mortalPort(world.activityDeps.email, 'sendgrid'),
  });
  const attempts = attemptsOf({ ...world, activities }, salon);
  const messageId = await attempts.plan(await aVisit(world, salon, { startsAt: THURSDAY_NOON }), 'confirmation');
  const match = channel === 'sms' ? salon.contactPhone : salon.contactEmail;
  if (mode) world.sandbox.faults.put(VENDORS[channel], { mode, match, times: 1 });
  if (!heard) world.sandbox.faults.put(VENDORS[channel], { mode: 'bad_signature', match });
  return { salon, messageId, attempts, send: () => attempts.send(messageId) };
}

const SETTLED = ['sent', 'delivered', 'failed', 'skipped', 'unknown'];

/** Fresh processes try until it is settled. Every wait is over at once: the mark grows old, the business's clock goes on. */
async function finish({ attempts, messageId }: Case): Promise<string> {
  for (let tries = 0; tries < 12; tries += 1) {
    const { status, deferredUntil } = await attempts.row(messageId);
    if (SETTLED.includes(status)) return status;
    if (status === 'sending') await attempts.age(messageId, 10 * 60_000);
    if (deferredUntil !== null) await attempts.setClock(new Date(Date.parse(deferredUntil) + 1_000).toISOString());
    await attempts.send(messageId);
  }
  return (await attempts.row(messageId)).status;
}

/** What the vendor took is the judge: never two; and none only where the ledger says so. */
async function judge(one: Case, about: string): Promise<string> {
  const status = await finish(one);
  const taken = one.attempts.accepted().length;
  const right = status === 'unknown' ? taken <= 1 : taken === Number(status === 'sent' || status === 'delivered');
  if (!right) throw new Error(`${about}: ${status}, and the vendor took ${String(taken)}`);
  return status;
}

/** Every death that the process can die on its way: at each step, before and after it took effect. */
async function everyDeath(way: Way): Promise<{ steps: string[]; deaths: Death[] }> {
  const whole = await aCase(way);
  const { steps } = await live(null, whole.send);
  await judge(whole, 'alive');
  clearFaults();
  const deaths = steps.flatMap((_, i) => (['before', 'after'] as const).map((when) => ({ step: i + 1, when })));
  return { steps, deaths };
}

async function dieEveryDeath(way: Way): Promise<{ steps: string[]; statuses: string[] }> {
  const { steps, deaths } = await everyDeath(way);
  const statuses: string[] = [];
  for (const death of deaths) {
    const one = await aCase(way);
    const { died } = await live(death, one.send);
    const about = `${death.when} step ${String(death.step)} (${steps[death.step - 1] ?? ''})`;
    if (!died) throw new Error(`${about} was never reached`);
    statuses.push(await judge(one, about));
    clearFaults();
  }
  return { steps, statuses };
}

describe('a process that is killed on the send path', () => {
  it('at any step of a text leaves it sent once, when the vendor reports', async () => {
    const { steps, statuses } = await dieEveryDeath({ channel: 'sms', heard: true });
    expect(steps).toContain('twilio send');
    expect(steps.filter((name) => /^commit/i.test(name)).length).toBeGreaterThanOrEqual(2); // the mark, the answer
    expect(steps.length).toBeGreaterThan(12);
    expect([...new Set(statuses)].sort().filter((status) => !['sent', 'delivered'].includes(status))).toEqual([]);
  });

  it('at any step of a text leaves it sent once or visibly unknown, when no report arrives', async () => {
    await dieEveryDeath({ channel: 'sms', heard: false });
  });

  it('at any step of an e-mail leaves it sent once or visibly unknown', async () => {
    const { steps } = await dieEveryDeath({ channel: 'email', heard: false });
    expect(steps).toContain('sendgrid send');
    await dieEveryDeath({ channel: 'email', heard: true });
  });

  it.each(['commit_then_drop', 'drop_before_commit', 'refuse', 'rate_limit', 'error'] as const)(
    'at any step of a text that befalls %s leaves it sent at most once, and its fate to be seen',
    async (mode) => {
      await dieEveryDeath({ channel: 'sms', mode, heard: false });
    },
  );

  it('while it finds out what became of an earlier one that was killed, changes nothing about that', async () => {
    // The first dies when the vendor has taken the text and nobody heard; the second, which looks for it, dies at every step.
    const way: Way = { channel: 'sms', heard: false };
    const first = await everyDeath(way);
    const lost: Death = { step: first.steps.indexOf('twilio send') + 1, when: 'after' };
    const aLostOne = async (): Promise<Case> => {
      const one = await aCase(way);
      await live(lost, one.send);
      await one.attempts.age(one.messageId, 10 * 60_000);
      return one;
    };
    const whole = await aLostOne();
    const { steps } = await live(null, whole.send);
    expect(steps).toContain('twilio find');
    expect(await judge(whole, 'alive')).toBe('sent');
    for (const death of steps.flatMap((_, i) => (['before', 'after'] as const).map((when) => ({ step: i + 1, when })))) {
      const one = await aLostOne();
      await live(death, one.send);
      expect(await judge(one, `${death.when} ${steps[death.step - 1] ?? ''}`)).toBe('sent');
      expect(one.attempts.accepted()).toHaveLength(1);
    }
  });

  it('while another sends the same message lets one text leave', async () => {
    const { deaths } = await everyDeath({ channel: 'sms', heard: true });
    for (const death of deaths) {
      const one = await aCase({ channel: 'sms', heard: true });
      await Promise.all([live(death, one.send), live(null, one.send), live(null, one.send)]);
      expect(['sent', 'delivered']).toContain(await judge(one, `two workers, one killed ${death.when} step ${String(death.step)}`));
      expect(one.attempts.accepted()).toHaveLength(1);
    }
  });
});
