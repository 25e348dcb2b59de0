import fc from 'fast-check';
import type { Instant } from '../../domain/time';
import { eventually } from '../support/eventually';
import { ringsOf } from '../support/rings';
import type { Line, Visit } from '../support/visits';
import { aVisit } from '../support/visits';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

// Requests fall around the full hour, reminders at half past: no due time is near a change, so the model needs no fine clock.
const NOW = '2027-03-02T15:00:00.000Z';
const SLOTS = [
  '2027-03-02T18:30:00.000Z',
  '2027-03-03T18:30:00.000Z',
  '2027-03-04T19:30:00.000Z',
  '2027-03-05T18:30:00.000Z',
  '2027-03-06T20:30:00.000Z',
];
const THE_END = '2027-03-06T22:00:00.000Z';
const HOUR_MS = 3_600_000;
const BEFORE_MS = { '3d': 72 * HOUR_MS, '1d': 24 * HOUR_MS, '2h': 2 * HOUR_MS };

type Act = 'confirm' | 'arrive' | 'complete' | 'no-show' | 'cancel';
type Step =
  | { do: 'move'; slot: number; twice: boolean }
  | { do: Act; twice: boolean }
  /** The newest ring again, or an older one. */
  | { do: 'ring'; back: number }
  | { do: 'push'; hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), hours: fc.integer({ min: 1, max: 24 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('move' as const), slot: fc.integer({ min: 0, max: SLOTS.length - 1 }), twice: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom<Act>('confirm', 'confirm', 'arrive', 'complete', 'no-show', 'cancel'),
      twice: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ring' as const), back: fc.integer({ min: 0, max: 3 }) }) },
);

/** One time of the visit, while it held. `told`: it stood long enough for its change to be told. */
type Stretch = { startsAt: Instant; fromMs: number; toMs: number; told: boolean };
type Model = { status: string; startsAt: Instant; stretches: Stretch[]; cancelled: boolean };

const isLive = ({ status }: Model): boolean => ['booked', 'confirmed', 'arrived'].includes(status);
const last = ({ stretches }: Model): Stretch => stretches.at(-1)!;
/** The reminders' time is over. */
const close = (model: Model, nowMs: number): void => void (last(model).toMs = Math.min(last(model).toMs, nowMs));

/** When the visit's day begins in New York, before the clock change. */
const dayOf = (startsAt: Instant): number =>
  Date.parse(`${new Date(Date.parse(startsAt) - 5 * HOUR_MS).toISOString().slice(0, 10)}T05:00:00Z`);

type Answer = 200 | 409 | 422;

/** What a request must be answered with, and what it does. */
function apply(model: Model, request: Exclude<Step, { do: 'push' | 'ring' }>, nowMs: number): Answer {
  if (request.do === 'move') return move(model, SLOTS[request.slot]!, nowMs);
  if (request.do === 'confirm') return confirm(model, nowMs);
  const begun = nowMs >= Date.parse(model.startsAt);
  const live = isLive(model);
  switch (request.do) {
    case 'arrive':
      return to(model, 'arrived', { allowed: live && nowMs >= dayOf(model.startsAt), nowMs });
    case 'complete':
      return to(model, 'completed', { allowed: model.status === 'arrived' || (live && begun), nowMs });
    case 'no-show':
      return to(model, 'no_show', { allowed: live && model.status !== 'arrived' && begun, nowMs });
    case 'cancel':
      model.cancelled ||= live;
      return to(model, 'cancelled', { allowed: live, nowMs });
  }
}

function move(model: Model, startsAt: Instant, nowMs: number): Answer {
  if (!isLive(model)) return 409;
  if (startsAt === model.startsAt) return 200;
  if (Date.parse(startsAt) < nowMs) return 422;
  close(model, nowMs);
  model.stretches.push({ startsAt, fromMs: nowMs, toMs: Infinity, told: false });
  Object.assign(model, { status: 'booked', startsAt });
  return 200;
}

function confirm(model: Model, nowMs: number): Answer {
  const begun = nowMs >= Date.parse(model.startsAt);
  if (!isLive(model) || (model.status === 'booked' && begun)) return 409;
  if (model.status === 'booked') model.status = 'confirmed';
  return 200;
}

function to(model: Model, status: string, { allowed, nowMs }: { allowed: boolean; nowMs: number }): Answer {
  if (model.status === status) return 200;
  if (!allowed) return 409;
  close(model, nowMs);
  model.status = status;
  return 200;
}

/** What each time of the visit was due to send: those reminders whose moment came while it held, more than ten minutes after it was made. */
const dueReminders = ({ stretches }: Model): string[] =>
  stretches.flatMap(({ startsAt, fromMs, toMs }, i) =>
    Object.entries(BEFORE_MS)
      .map(([rule, beforeMs]) => ({ rule, dueMs: Date.parse(startsAt) - beforeMs }))
      .filter(({ dueMs }) => dueMs > fromMs + 10 * 60_000 && dueMs < toMs)
      .map(({ rule }) => `v${i + 1} ${rule}`),
  );

async function runScript(steps: Step[]): Promise<void> {
  const salon = await world.aSalon({ now: NOW });
  const [startsAt] = SLOTS.slice(3) as [Instant];
  const visit = await aVisit(world, salon, { startsAt });
  const rings = ringsOf(world, salon);
  await world.clock.push(salon.id, { byS: 120 });
  const model: Model = {
    status: 'booked',
    startsAt,
    stretches: [{ startsAt, fromMs: Date.parse(NOW), toMs: Infinity, told: true }],
    cancelled: false,
  };
  const nowMs = async (): Promise<number> => Date.parse((await world.clock.read(salon.id)).now);

  for (const next of steps) {
    if (next.do === 'push') {
      if (isLive(model)) last(model).told = true;
      await world.clock.push(salon.id, { byS: next.hours * 3_600 });
    } else if (next.do === 'ring') {
      const { version } = await rings.process(visit);
      await rings.signal(visit, Math.max(1, version - next.back));
    } else {
      const expected = apply(model, next, await nowMs());
      const ask = () => (next.do === 'move' ? visit.tryTo('reschedule', { start_ts: SLOTS[next.slot] }) : visit.tryTo(next.do));
      const answers = await Promise.all(next.twice ? [ask(), ask()] : [ask()]);
      expect({ ...next, answers: answers.map(({ status }) => status) }).toEqual({ ...next, answers: answers.map(() => expected) });
    }
  }
  if (isLive(model)) last(model).told = true;
  await world.clock.push(salon.id, { to: { at: THE_END } });
  expect(await visit.status()).toBe(model.status);
  await expectAsModelled(visit, model);
}

async function expectAsModelled(visit: Visit, model: Model): Promise<void> {
  const lines = (await visit.messages()).filter(({ direction }) => direction === 'out');
  const accepted = new Map<string, number>();
  for (const { our_id: id } of world.sandbox.log.entries()) if (id !== null) accepted.set(id, (accepted.get(id) ?? 0) + 1);
  const sent = lines.filter(({ sent_at }) => sent_at !== null);
  // What the ledger says was sent, the vendor took, once; and it took nothing else.
  expect(lines.map(({ id }) => accepted.get(id) ?? 0)).toEqual(lines.map((line) => (line.sent_at === null ? 0 : 1)));

  const count = (rule: string): number => sent.filter((line) => line.rule === rule).length;
  expect(remindersSent(sent, model)).toEqual(dueReminders(model).sort());
  expect({ confirmations: count('confirmation'), changes: count('change_notice'), cancellations: count('cancellation_notice') }).toEqual({
    confirmations: 1,
    changes: model.stretches.slice(1).filter(({ told }) => told).length,
    cancellations: model.cancelled && Date.parse(model.startsAt) > last(model).toMs ? 1 : 0,
  });
  if (model.cancelled)
    expect(
      sent.filter(({ rule, sent_at }) => rule !== 'cancellation_notice' && Date.parse(sent_at ?? '') > last(model).toMs + 60_000),
    ).toEqual([]);
  await eventually(async () => expect(await visit.story()).not.toContainEqual(expect.stringMatching(/ (planned|held|sending)/)));
}

/** By the time of the visit that each was for: its due instant tells which. */
const remindersSent = (sent: Line[], { stretches }: Model): string[] =>
  sent
    .filter(({ rule }) => rule !== null && rule in BEFORE_MS)
    .map(({ rule, due_at, sent_at }) => {
      const startMs = Date.parse(due_at) + BEFORE_MS[rule as keyof typeof BEFORE_MS];
      const at = Date.parse(sent_at ?? '');
      const version = stretches.findIndex(
        ({ startsAt, fromMs, toMs }) => Date.parse(startsAt) === startMs && at >= fromMs && at <= toMs + 60_000,
      );
      return `v${version + 1} ${rule ?? ''}`;
    })
    .sort();

it('ends where the model ends and sends each due reminder once, whatever is done, in whatever order, with every request and ring repeated', async () => {
  await fc.assert(
    // Three businesses at a time.
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 4, maxLength: 9 }), { minLength: 3, maxLength: 3 }), async (scripts) => {
      await Promise.all(scripts.map(runScript));
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 5), seed: Number(process.env['PROPERTY_SEED'] ?? 20270302), endOnFailure: true },
  );
}, 120_000);
