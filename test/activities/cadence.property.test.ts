import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { receiveText } from '../../api/webhooks/inbound';
import type { CadenceWithSteps } from '../../db/cadences';
import { pushSandboxClock } from '../../db/sandbox-clock';
import { withBusiness } from '../../db/tenancy';
import { DAY_MS, MINUTE_MS, plusMs } from '../../domain/time';
import { inBusiness } from '../factories';
import { agreesToOffers, enrolmentsOf, someCadences } from '../support/cadences';
import { newSid } from '../support/deliveries';
import { until } from '../support/eventually';
import type { Salon } from '../support/salon';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.close());

/** A Tuesday, 10:00 in New York: every push ends about that hour, when anybody may be written to. */
const NOW = '2027-03-02T15:00:00.000Z';
/** By priority. */
const KEYS = ['winback', 'no_show_recovery', 'never_answered'] as const;
type Key = (typeof KEYS)[number];
const STEPS = 3;

type Fact = { do: 'start' | 'stop'; key: Key } | { do: 'reply' | 'optOut' | 'optIn' | 'book' };
type Step = Fact | { do: 'push'; days: number } | { do: 'race'; fact: Fact };

const key = fc.constantFrom(...KEYS);
const fact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('start' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop' as const), key }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('reply' as const, 'book' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('optOut' as const, 'optIn' as const) }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fact },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), days: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('race' as const), fact }) },
);

/** What the rule says of a person: every step waits a day after the one before, and the last is listened to for a day. */
class Model {
  readonly lines: { key: Key; end: string | null; passed: number }[] = [];
  sent = 0;
  consent: 'given' | 'opted_out' | 'withdrawn' = 'given';

  get active() {
    return this.lines.find(({ end }) => end === null);
  }

  hear(told: Fact): void {
    switch (told.do) {
      case 'start':
        this.start(told.key);
        return;
      case 'stop':
        if (this.active?.key === told.key) this.end('stopped');
        return;
      case 'reply':
        this.end('replied');
        return;
      case 'book':
        this.end('booked');
        return;
      case 'optOut':
        this.end('opted_out');
        this.consent = 'opted_out';
        return;
      case 'optIn':
        this.end('replied');
        // START brings texts back; advertising needs a new consent.
        if (this.consent === 'opted_out') this.consent = 'withdrawn';
    }
  }

  /** The fact and the step that is due at the same moment, one first: what is due is only ever that of who was in it before. */
  raced(told: Fact, { first, isDue }: { first: 'step' | 'fact'; isDue: boolean }): Model {
    const model = new Model();
    model.lines.push(...this.lines.map((line) => ({ ...line })));
    Object.assign(model, { sent: this.sent, consent: this.consent });
    const { active } = model;
    if (first === 'fact') model.hear(told);
    if (isDue && active?.end === null) model.day();
    if (first === 'step') model.hear(told);
    return model;
  }

  day(): void {
    const { active } = this;
    if (!active) return;
    if (active.passed === STEPS) {
      this.end('finished');
      return;
    }
    active.passed += 1;
    if (this.consent === 'given') this.sent += 1;
    else if (active.passed === STEPS) this.end('finished');
  }

  private start(wanted: Key): void {
    if (this.active && KEYS.indexOf(this.active.key) >= KEYS.indexOf(wanted)) return;
    this.end('superseded');
    this.lines.push({ key: wanted, end: this.consent === 'opted_out' ? 'opted_out' : null, passed: 0 });
  }

  private end(reason: string): void {
    if (this.active) this.active.end = reason;
  }
}

type Run = { salon: Salon; cadences: Record<string, CadenceWithSteps>; model: Model; visits: number };
const nowOf = ({ salon }: Run): Promise<string> => world.apiDeps.clock.now(salon.id);
const setClock = ({ salon }: Run, at: string) => pushSandboxClock(world.db, salon.id, Date.parse(at) - Date.now());

async function tell(run: Run, told: Fact): Promise<void> {
  const { salon, cadences } = run;
  const post = (path: string, body: unknown) => world.call(salon, `POST ${path}`, body);
  switch (told.do) {
    case 'start':
    case 'stop':
      await post(`/cadences/${told.do}`, { contact_id: salon.contactId, cadence_id: cadences[told.key]!.id });
      return;
    case 'book': {
      run.visits += 1;
      const start_ts = plusMs('2027-06-01T14:00:00.000Z', run.visits * DAY_MS);
      await post('/appointments', { contact_id: salon.contactId, service_id: salon.serviceId, start_ts });
      return;
    }
    case 'reply':
    case 'optOut':
    case 'optIn': {
      const body = { reply: `Hello, ${newSid()}?`, optOut: 'STOP', optIn: 'START' }[told.do];
      const event = { channel: 'sms' as const, vendor: 'twilio', vendorId: newSid(), from: salon.contactPhone, to: salon.number, body };
      const now = await nowOf(run);
      const text = { ...event, answeredByVendor: null };
      await withBusiness(world.db, salon.id, (tx) => receiveText(tx, world.apiDeps, { businessId: salon.id, event: text, now }));
    }
  }
}

const statesOf = ({ salon }: Run): Promise<{ id: string }[]> =>
  inBusiness(world.db, salon.id, (tx) => tx('cadenceStates').orderBy('id').select<{ id: string }[]>('id'));

/** What the processes do at the business's time: plan and act until nothing is due. Answers when the next is. */
async function settle(run: Run): Promise<string | null> {
  const wakes: string[] = [];
  for (const { id } of await statesOf(run)) {
    const about = { businessId: run.salon.id, id, atLeast: 1 };
    for (;;) {
      const now = await nowOf(run);
      const { next } = await world.activities.planCadence({ ...about, now });
      if (!next) break;
      if (next.wakeAt > now) {
        wakes.push(next.wakeAt);
        break;
      }
      if (next.looksOnly !== true) await world.activities.sendMessage({ businessId: run.salon.id, messageId: next.messageId, now });
    }
  }
  return wakes.sort()[0] ?? null;
}

async function push(run: Run, days: number): Promise<void> {
  const target = plusMs(await nowOf(run), days * DAY_MS + MINUTE_MS);
  for (let next = await settle(run); next !== null && next <= target; next = await settle(run)) await setClock(run, next);
  await setClock(run, target);
  await settle(run);
}

/** A fact at the very moment at which the next step's message is at its mark: either may be first, and it is what it is. */
async function race(run: Run, told: Fact): Promise<void> {
  const { model } = run;
  const next = await settle(run);
  if (next !== null) await setClock(run, next);
  await Promise.all([settle(run), tell(run, told)]);
  await settle(run);
  const came = { lines: await linesOf(run), sent: (await acceptedOf(run)).length };
  const orders = (['step', 'fact'] as const).map((first) => model.raced(told, { first, isDue: next !== null }));
  expect(orders.map(storyOf)).toContainEqual(came);
  run.model = orders.find((order) => isDeepStrictEqual(storyOf(order), came))!;
  await setClock(run, plusMs(await nowOf(run), MINUTE_MS));
}

const storyOf = ({ lines, sent }: Model) => ({ lines: lines.map(({ key: cadence, end }) => `${cadence} ${end ?? 'active'}`), sent });
const linesOf = async ({ salon }: Run): Promise<string[]> =>
  (await enrolmentsOf(world.db, salon.id, salon.contactId)).map((line) => line.split(' ').slice(0, 2).join(' '));
const acceptedOf = async ({ salon }: Run): Promise<(string | null)[]> =>
  world.sandbox.log.entries({ to: salon.contactPhone, kind: 'sms' }).map(({ our_id }) => our_id);

async function expectAsModelled(run: Run): Promise<void> {
  const { salon, model } = run;
  expect(await linesOf(run)).toEqual(storyOf(model).lines);
  const accepted = await acceptedOf(run);
  expect(accepted).toHaveLength(model.sent);
  expect(new Set(accepted).size).toBe(accepted.length);
  const waiting = await inBusiness(world.db, salon.id, (tx) =>
    tx('messages as m')
      .join('cadenceStates as s', 's.id', 'm.cadenceStateId')
      .whereIn('m.status', ['planned', 'held', 'sending'])
      .select<{ status: string }[]>('s.status'),
  );
  expect(waiting).toEqual(model.active && model.consent === 'given' && model.active.passed < STEPS ? [{ status: 'active' }] : []);
}

async function runScript(steps: Step[]): Promise<void> {
  const salon = await world.aSalon({ now: NOW, consents: ['sms'], email: false });
  const waits = Array.from({ length: STEPS }, () => ({
    waitMin: DAY_MS / MINUTE_MS,
    templateKey: 'cadence_winback_1' as const,
    channels: ['sms' as const],
  }));
  const daily = { steps: waits, enabled: true };
  const cadences = await someCadences(world.db, salon.id, { winback: daily, no_show_recovery: daily, never_answered: daily });
  await agreesToOffers(world, salon);
  const run: Run = { salon, cadences, model: new Model(), visits: 0 };
  for (const next of steps) {
    if (next.do === 'race') await race(run, next.fact);
    else if (next.do === 'push') {
      await push(run, next.days);
      for (let day = 0; day < next.days; day += 1) run.model.day();
    } else {
      await tell(run, next);
      run.model.hear(next);
    }
    await settle(run);
    await expectAsModelled(run);
  }
  // They come a moment later, and need the world that closes behind the last script.
  await until('every message is reported on', async () => (await unreported(run)) === 0);
}

const unreported = ({ salon }: Run): Promise<number> =>
  inBusiness(world.db, salon.id, async (tx) => (await tx('messages').where({ status: 'sent' }).select<{ id: string }[]>('id')).length);

it('sends each step once at most and nothing after an exit, in any order of starts, stops, replies, bookings, opt-outs and days', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), runScript), {
    numRuns: Number(process.env['PROPERTY_RUNS'] ?? 15),
    seed: Number(process.env['PROPERTY_SEED'] ?? 20270302),
    endOnFailure: false,
  });
}, 240_000);
