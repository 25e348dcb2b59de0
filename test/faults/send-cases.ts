import { createActivities } from '../../activities';
import type { RequestMode } from '../../sandbox/faults';
import { attemptsOf, type Attempts } from '../support/attempts';
import { eventually } from '../support/eventually';
import { inBusiness } from '../factories';
import type { Salon } from '../support/salon';
import { aVisit, type Visit } from '../support/visits';
import { onWhatsApp } from '../support/whatsapp';
import { startWorld, type World } from '../support/world';
import { live, mortalPort, type Death } from './mortal';

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';
const THURSDAY_NOON = '2027-03-04T17:00:00.000Z';

/** How a message goes: over which channel, by which vendor. */
export const ROUTES = {
  sms: { channel: 'sms', vendor: 'twilio' },
  email: { channel: 'email', vendor: 'sendgrid' },
  'whatsapp by twilio': { channel: 'whatsapp', vendor: 'twilio' },
  'whatsapp by meta': { channel: 'whatsapp', vendor: 'meta' },
} as const;
type Route = keyof typeof ROUTES;

/**
 * `heard`: whether the vendor's reports reach us; if not they come forged. `code`: with which it refuses. `asTemplate`: nobody wrote on WhatsApp, so an
 * approved template goes. `fromCall`: only deaths from the vendor's call on, where another way differs before it in nothing; so it is with every `mode`.
 */
export type Way = { by: Route; mode?: RequestMode; code?: string; heard: boolean; asTemplate?: boolean; fromCall?: boolean };
export type Case = { salon: Salon; messageId: string; visit: Visit; attempts: Attempts; send: () => Promise<unknown> };

export type Killing = {
  world: World;
  aCase: (way: Way) => Promise<Case>;
  judge: (one: Case, about: string) => Promise<string>;
  everyDeath: (way: Way) => Promise<{ steps: string[]; deaths: Death[] }>;
  dieEveryDeath: (way: Way) => Promise<{ steps: string[]; statuses: string[]; cases: Case[] }>;
  clearFaults: () => void;
  close: () => Promise<void>;
};

/** A world without a worker, in which each process that sends can be killed at any of its steps. Call `close` in afterAll. */
export async function startKilling(): Promise<Killing> {
  const world = await startWorld({ worker: false, breaker: { openAfter: 1_000, openForMs: 1 } });
  const clearFaults = (): void => (['twilio', 'meta', 'sendgrid'] as const).forEach((vendor) => world.sandbox.faults.clear(vendor));
  const everyDeath: Killing['everyDeath'] = async (way) => {
    const whole = await aCase(world, way);
    const { steps } = await live(null, whole.send);
    await judge(whole, 'alive');
    clearFaults();
    return { steps, deaths: deathsOf(steps) };
  };
  return {
    world,
    aCase: (way) => aCase(world, way),
    judge,
    everyDeath,
    dieEveryDeath: async (way) => {
      const { steps, deaths: all } = await everyDeath(way);
      const call = steps.indexOf(`${ROUTES[way.by].vendor} send`) + 1;
      const deaths = way.mode !== undefined || way.fromCall === true ? all.filter(({ step }) => step >= call) : all;
      const statuses: string[] = [];
      const cases: Case[] = [];
      for (const death of deaths) {
        const one = await aCase(world, way);
        const { died } = await live(death, one.send);
        const about = `${death.when} step ${String(death.step)} (${steps[death.step - 1] ?? ''})`;
        if (!died) throw new Error(`${about} was never reached`);
        statuses.push(await judge(one, about));
        cases.push(one);
        clearFaults();
      }
      return { steps, statuses, cases };
    },
    clearFaults,
    close: () => world.close(),
  };
}

/** Every death that a process can die on its way: at each step, before and after it took effect. */
export const deathsOf = (steps: string[]): Death[] =>
  steps.flatMap((_, i) => (['before', 'after'] as const).map((when) => ({ step: i + 1, when })));

/** A confirmation that is due, and a process that will try to send it. */
async function aCase(world: World, { by, mode, code, heard, asTemplate = false }: Way): Promise<Case> {
  const { channel, vendor } = ROUTES[by];
  const salon =
    channel === 'whatsapp'
      ? await aWhatsAppSalon(world, vendor, asTemplate)
      : await world.aSalon({ now: NOW, phone: channel === 'sms', consents: [channel] });
  const { sms, email, whatsapp } = world.activityDeps;
  const activities = createActivities({
    ...world.activityDeps,
    sms: mortalPort(sms, 'twilio'),
    email: mortalPort(email, 'sendgrid'),
    whatsapp: { twilio: mortalPort(whatsapp.twilio, 'twilio'), meta: mortalPort(whatsapp.meta, 'meta') },
  });
  const attempts = attemptsOf({ ...world, activities }, salon);
  const visit = await aVisit(world, salon, { startsAt: THURSDAY_NOON });
  const messageId = await attempts.plan(visit, 'confirmation');
  const match = channel === 'email' ? salon.contactEmail : salon.contactPhone;
  if (mode) world.sandbox.faults.put(vendor, { mode, match, times: 1, ...(code !== undefined && { code }) });
  if (!heard) world.sandbox.faults.put(vendor, { mode: 'bad_signature', match });
  return { salon, messageId, visit, attempts, send: () => attempts.send(messageId) };
}

/** Whose contact likes WhatsApp best, and may be texted and mailed too. */
async function aWhatsAppSalon(world: World, vendor: 'twilio' | 'meta', asTemplate: boolean): Promise<Salon> {
  const salon = await onWhatsApp(world, { vendor, now: NOW });
  if (asTemplate) await salon.approve('confirmation');
  else {
    await salon.write('Hello!');
    await eventually(async () => {
      const heard = await inBusiness(world.db, salon.id, (tx) => tx('messages').where({ direction: 'in' }).select<object[]>('id'));
      expect(heard).toHaveLength(1);
    });
  }
  return salon;
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

/** What the vendors took is the judge: never two; and none only where the ledger says so. Answers how the message ended. */
async function judge(one: Case, about: string): Promise<string> {
  const status = await finish(one);
  const taken = one.attempts.accepted().length;
  const right = status === 'unknown' ? taken <= 1 : taken === Number(status === 'sent' || status === 'delivered');
  if (!right) throw new Error(`${about}: ${status}, and the vendor took ${String(taken)}`);
  return status;
}
