import { Context } from '@temporalio/activity';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Activities } from '../../activities';
import { agreesToOffers, someCadences, start } from '../support/cadences';
import { until } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit, type Visit } from '../support/visits';
import { aGuest, offersOf, type Guest } from '../support/waitlist';
import { onWhatsApp } from '../support/whatsapp';
import type { World, WorldOptions } from '../support/world';

// The ways a process can go, driven for `npm run record-histories`. Each answers the id of the workflow whose history is kept.

/** A Tuesday, 10:00 in New York. */
const NOW = '2027-03-02T15:00:00.000Z';
const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

type Driven = { world: World; planning: { failsLocally: boolean } };
type Path = (driven: Driven) => Promise<string>;

async function bookedIn({ world }: Driven, startsAt: string): Promise<{ salon: Salon; visit: Visit }> {
  const salon = await world.aSalon({ now: NOW, staffEmail: 'marta@salon.example' });
  const visit = await aVisit(world, salon, { startsAt });
  await world.clock.push(salon.id, { byS: MINUTE_S });
  return { salon, visit };
}

export const PATHS: Record<string, Path> = {
  /** Confirmation, an answer, every reminder, the end. */
  confirmed: async (driven) => {
    const { salon, visit } = await bookedIn(driven, '2027-03-10T17:00:00.000Z');
    await visit.change('confirm');
    await driven.world.clock.push(salon.id, { to: { at: '2027-03-10T17:00:00.000Z' } });
    return ended(driven, visit.workflowId);
  },

  /** Two quick moves, one notice, the reminders of the last time. */
  moved: async (driven) => {
    const { salon, visit } = await bookedIn(driven, '2027-03-05T17:00:00.000Z');
    await visit.move('2027-03-06T17:00:00.000Z');
    await visit.move('2027-03-06T19:00:00.000Z');
    await driven.world.clock.push(salon.id, { to: { at: '2027-03-06T19:00:00.000Z' } });
    return ended(driven, visit.workflowId);
  },

  cancelled: async (driven) => {
    const { salon, visit } = await bookedIn(driven, '2027-03-05T17:00:00.000Z');
    await visit.change('cancel');
    await driven.world.clock.push(salon.id, { byS: MINUTE_S });
    return ended(driven, visit.workflowId);
  },

  /** Nobody came: followed up two days later. */
  'no-show': async (driven) => {
    const { salon, visit } = await bookedIn(driven, '2027-03-02T16:00:00.000Z');
    await driven.world.clock.push(salon.id, { byS: HOUR_S });
    await visit.change('no-show');
    await driven.world.clock.push(salon.id, { byS: 49 * HOUR_S });
    return ended(driven, visit.workflowId);
  },

  /** A confirmation and a reminder on WhatsApp, as approved templates, by the channel's own queue. */
  whatsapp: async ({ world }) => {
    const salon = await onWhatsApp(world, { vendor: 'twilio', now: NOW });
    for (const rule of ['confirmation', '2h']) await salon.approve(rule);
    const visit = await aVisit(world, salon, { startsAt: '2027-03-02T20:00:00.000Z' });
    await world.clock.push(salon.id, { byS: 6 * HOUR_S });
    return ended({ world }, visit.workflowId);
  },

  /** One message outside any visit: the answer to a text. */
  delivery: async ({ world }) => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'Do you have parking?');
    await until('the text is answered', () => world.sandbox.log.entries({ to: salon.contactPhone, kind: 'sms' }).length === 1);
    const [message] = (await world.call<{ messages: { id: string; rule: string | null }[] }>(salon, 'GET /messages')).body.messages.filter(
      ({ rule }) => rule === 'handoff',
    );
    return ended({ world }, `message/${message?.id ?? ''}`);
  },

  /** An opt-out in a person's own words: our confirmation goes out, then the carrier is told. */
  'carrier-consent': async ({ world }) => {
    const salon = await world.aSalon({ now: NOW });
    await world.text(salon, 'please stop texting me');
    await until('the opt-out is confirmed', () => world.sandbox.log.entries({ to: salon.contactPhone, kind: 'sms' }).length === 1);
    await world.clock.push(salon.id, { byS: MINUTE_S });
    const { body } = await world.call<{ messages: { id: string; direction: string }[] }>(salon, 'GET /messages');
    return ended({ world }, `carrier-consent/${body.messages.find(({ direction }) => direction === 'in')?.id ?? ''}`);
  },

  /** A freed time is offered, and a yes by text takes it. */
  'waitlist-accepted': async ({ world }) => {
    const { salon, guest } = await freedIn({ world });
    await world.text(salon, 'YES', guest.phone);
    return ended({ world }, await storyOf(world, salon));
  },

  /** Three people are asked, one after the other, and nobody answers. */
  'waitlist-ignored': async ({ world }) => {
    const { salon } = await freedIn({ world });
    for (const name of ['Ida', 'Zoe']) await aGuest(world, salon, { name });
    await world.clock.push(salon.id, { byS: 95 * MINUTE_S });
    return ended({ world }, await storyOf(world, salon));
  },

  /** The time is freed at night, offered in the morning, and booked by somebody else while it is offered. */
  'waitlist-withdrawn': async ({ world }) => {
    const salon = await world.aSalon({ now: '2027-03-03T03:00:00.000Z' });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-03T17:00:00.000Z' });
    await aGuest(world, salon);
    await visit.change('cancel');
    await world.clock.push(salon.id, { to: { at: '2027-03-03T13:15:00.000Z' } });
    await aVisit(world, salon, { startsAt: '2027-03-03T17:00:00.000Z' });
    return ended({ world }, await storyOf(world, salon));
  },

  /** Every step of a cadence, and the day after the last. */
  'cadence-finished': async ({ world }) => {
    const { salon, workflowId } = await enrolledIn({ world });
    await world.clock.push(salon.id, { byS: 14 * 24 * HOUR_S });
    return ended({ world }, workflowId);
  },

  /** A person replies to the first step; the second was planned. */
  'cadence-replied': async ({ world }) => {
    const { salon, workflowId } = await enrolledIn({ world });
    await world.clock.push(salon.id, { byS: 49 * HOUR_S });
    await world.text(salon, 'Do you have parking?');
    return ended({ world }, workflowId);
  },

  /** The plan fails four times beside the workflow and becomes an activity of its own. */
  fallback: async (driven) => {
    driven.planning.failsLocally = true;
    const { salon, visit } = await bookedIn(driven, '2027-03-02T18:00:00.000Z');
    driven.planning.failsLocally = false;
    await driven.world.clock.push(salon.id, { byS: 3 * HOUR_S });
    return ended(driven, visit.workflowId);
  },
};

/** Somebody who agreed to offers is in a cadence of three steps. */
async function enrolledIn({ world }: Pick<Driven, 'world'>): Promise<{ salon: Salon; workflowId: string }> {
  const salon = await world.aSalon({ now: NOW });
  const { never_answered: cadence } = await someCadences(world.db, salon.id);
  await agreesToOffers(world, salon);
  if (!cadence) throw new Error('a business begins with that cadence');
  const { id } = await start(world, salon, cadence);
  return { salon, workflowId: `cadence/${id}` };
}

/** A visit of tomorrow is cancelled while one person waits for a time. */
async function freedIn({ world }: Pick<Driven, 'world'>): Promise<{ salon: Salon; guest: Guest; visit: Visit }> {
  const salon = await world.aSalon({ now: NOW });
  const visit = await aVisit(world, salon, { startsAt: '2027-03-03T17:00:00.000Z' });
  const guest = await aGuest(world, salon);
  await world.clock.push(salon.id, { byS: MINUTE_S });
  await visit.change('cancel');
  await world.clock.push(salon.id, { byS: MINUTE_S });
  return { salon, guest, visit };
}

async function storyOf(world: World, salon: Salon): Promise<string> {
  const [offer] = await offersOf(world, salon);
  return `waitlist-offer/${offer?.freed_slot_id ?? ''}`;
}

async function ended({ world: { client } }: Pick<Driven, 'world'>, workflowId: string): Promise<string> {
  await until(`${workflowId} ends`, async () => (await client.workflow.getHandle(workflowId).describe()).status.name === 'COMPLETED');
  return workflowId;
}

/** A world whose local plans can be made to fail. */
export function failingPlans(): { planning: Driven['planning']; options: WorldOptions } {
  const planning = { failsLocally: false };
  const planAppointment =
    (real: Activities): Activities['planAppointment'] =>
    async (input) => {
      if (planning.failsLocally && Context.current().info.isLocal) throw new Error('no connection');
      return real.planAppointment(input);
    };
  return { planning, options: { activities: (real) => ({ ...real, planAppointment: planAppointment(real) }) } };
}

const run = promisify(execFile);

/** What of a history names the machine it ran on: who worked, the worker's own queue (`pid@host-…`), where its code lies. */
const withoutMachine = (key: string, value: unknown): unknown => {
  if (key === 'identity' || key === 'stackTrace') return '';
  return typeof value === 'string' ? value.replace(/^\d+@\S+$/, 'a worker') : value;
};

/** A workflow's history as Temporal's own tool writes it, without what names the machine it ran on. `cli`: the tool. */
export async function historyOf({ temporal }: World, cli: string, workflowId: string): Promise<string> {
  const { address, namespace } = temporal;
  const args = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address', address, '--namespace', namespace];
  const { stdout } = await run(cli, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.stringify(JSON.parse(stdout), withoutMachine, 1);
}

/** A history with every payload's text, which it keeps in base64. */
export function readable(history: string): string {
  const texts: string[] = [];
  JSON.parse(history, (key, value: unknown) => {
    if (key === 'data' && typeof value === 'string') texts.push(Buffer.from(value, 'base64').toString('utf8'));
    return value;
  });
  return [history, ...texts].join('\n');
}
