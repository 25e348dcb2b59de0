import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { applyReport } from '../../api/webhooks/reports';
import { receiveText } from '../../api/webhooks/inbound';
import { touchAppointments } from '../../db/appointments';
import { suppressChannel } from '../../db/opt-outs';
import { savePlanned } from '../../db/messages';
import type { MessageRow } from '../../db/messages';
import type { Tx } from '../../db/tenancy';
import { withBusiness } from '../../db/tenancy';
import { HOUR_MS, plusMs } from '../../domain/time';
import { newSid } from '../support/deliveries';
import { until } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

const OUT = ['STOP', 'ALTO', 'please stop texting me', 'no me escriban más', 'CANCEL', 'take me off your list'];
const IN = ['START', 'iniciar', 'you can text me again'];
const OTHER = ['C', 'hello?', "I'm at the bus stop", 'HELP'];

type Step = { kind: 'out' | 'in' | 'other'; body: string } | { kind: 'send' } | { kind: 'report'; status: 'delivered' | 'failed' };
const textOf = (kind: 'out' | 'in' | 'other', bodies: string[]): fc.Arbitrary<Step> =>
  fc.constantFrom(...bodies).map((body) => ({ kind, body }));
const step: fc.Arbitrary<Step> = fc.oneof(
  textOf('out', OUT),
  textOf('in', IN),
  textOf('other', OTHER),
  fc.constant<Step>({ kind: 'send' }),
  fc.constant<Step>({ kind: 'send' }),
  fc.constantFrom<Step>({ kind: 'report', status: 'delivered' }, { kind: 'report', status: 'failed' }),
);
/** Steps one after the other, each of which may be several at once. */
const story = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 8 });

/** A Tuesday, 10:00 in New York, and then as it goes on. */
const NOW = '2027-03-02T15:00:00.000Z';
const nowOf = (salon: Salon): Promise<string> => world.apiDeps.clock.now(salon.id);
const messages = (salon: Salon): Promise<MessageRow[]> =>
  withBusiness(world.db, salon.id, (tx) => tx('messages').where({ direction: 'out' }).orderBy('id').select<MessageRow[]>('*'));

async function hear(salon: Salon, body: string): Promise<void> {
  const now = await nowOf(salon);
  const event = {
    channel: 'sms' as const,
    vendor: 'twilio',
    vendorId: newSid(),
    from: salon.contactPhone,
    to: salon.number,
    body,
    answeredByVendor: null,
  };
  return withBusiness(world.db, salon.id, (tx) => receiveText(tx, world.apiDeps, { businessId: salon.id, event, now }));
}

/** A notice, planned and at once at its turn. */
async function send(salon: Salon): Promise<void> {
  const id = newId();
  const at = await nowOf(salon);
  const message = {
    ...{ id, sendKey: `test/${id}`, appointmentId: null, contactId: salon.contactId, staffId: null, rule: 'handoff' as const },
    ...{ messageClass: 'notice' as const, channel: 'sms' as const, scheduleVersion: null, status: 'planned' as const, reason: null },
    ...{ facts: {}, dueAt: at, sendAt: at, notAfter: plusMs(at, HOUR_MS) },
  };
  await withBusiness(world.db, salon.id, (tx) => savePlanned(tx, [message], at));
  await world.activities.sendMessage({ businessId: salon.id, messageId: id, now: at });
}

async function report(salon: Salon, status: 'delivered' | 'failed'): Promise<void> {
  const last = (await messages(salon)).filter(({ vendorId }) => vendorId !== null).at(-1);
  if (!last) return;
  const now = await nowOf(salon);
  const told = {
    vendor: 'twilio',
    vendorId: last.vendorId ?? '',
    rank: 4,
    status,
    refusal: null,
    vendorCode: status === 'failed' ? '30007' : null,
  };
  await withBusiness(world.db, salon.id, (tx) =>
    applyReport(tx, world.apiDeps, { businessId: salon.id, messageId: last.id, ...told, now }),
  );
}

async function run(salon: Salon, one: Step): Promise<void> {
  switch (one.kind) {
    case 'send':
      return send(salon);
    case 'report':
      return report(salon, one.status);
    case 'out':
    case 'in':
    case 'other':
      return hear(salon, one.body);
  }
}

const isOptedOut = async (salon: Salon): Promise<boolean> => {
  const { body } = await world.call<{ channels: { channel: string; opted_out: boolean }[] }>(salon, `GET /contacts/${salon.contactId}`);
  return body.channels.some(({ channel, opted_out }) => channel === 'sms' && opted_out);
};

describe('a plan', () => {
  it('that had to wait for an opt-out under way knows of it', async () => {
    const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
    const visit = await aVisit(world, salon, { startsAt: '2027-03-05T17:00:00.000Z' });
    const now = await nowOf(salon);
    const plan = () => world.activities.planAppointment({ businessId: salon.id, id: visit.id, atLeast: 1, now });
    await plan();
    const planning = await withBusiness(world.db, salon.id, async (tx) => {
      const [row] = await tx('contacts').where({ id: salon.contactId }).select<{ phoneHash: string }[]>('phoneHash');
      await suppressChannel(tx, { channel: 'sms', addressHash: row!.phoneHash, source: 'keyword', now });
      await touchAppointments(tx, [visit.id], now);
      const waiting = plan();
      await until('the plan waits for the opt-out', () => isBlocked(tx));
      return { waiting };
    });
    await planning.waiting;
    expect(await visit.story()).toContain('1d skipped suppressed');
  });
});

/** Whether somebody waits for a lock that this transaction holds. */
async function isBlocked(tx: Tx): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>('select 1 from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))');
  return rows.length > 0;
}

describe('whatever comes in whatever order', () => {
  it('no message starts after a committed opt-out, and each opt-out is confirmed at most once', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (rounds) => {
        const salon = await world.aSalon({ now: NOW, consents: ['sms'] });
        for (const round of rounds) {
          const wasOut = await isOptedOut(salon);
          const known = (await messages(salon)).map(({ id }) => id);
          await Promise.all(round.map((one) => run(salon, one)));
          const mayReturn = round.some(({ kind }) => kind === 'in');
          const fresh = (await messages(salon)).filter(({ id }) => !known.includes(id));
          const started = fresh.filter(({ messageClass, markedAt }) => markedAt !== null && messageClass === 'notice');
          if (wasOut && !mayReturn) expect(started).toEqual([]);
          const confirmations = fresh.filter(({ rule }) => rule === 'opt_out_ack').length;
          if (!mayReturn) expect(confirmations).toBeLessThanOrEqual(wasOut ? 0 : 1);
        }
      }),
      { numRuns: 12 },
    );
  });
});
