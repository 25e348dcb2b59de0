import fc from 'fast-check';
import { inBusiness } from '../factories';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { aGuest, offersOf, textsTo, type Guest, type Offer } from '../support/waitlist';
import { hiddenFields, read } from '../support/visit';
import { startWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** A Tuesday, 10:00 in New York; the times that are freed are in the afternoon. */
const NOW = '2027-03-02T15:00:00.000Z';
const TIMES = ['2027-03-02T18:00:00.000Z', '2027-03-02T19:00:00.000Z'];
const THE_END = '2027-03-02T20:00:00.000Z';
const GUESTS = 4;

/** Who hears the answer: our staff by the API, the phone, the page that the message links to. */
type By = 'staff' | 'text' | 'page';
const WAYS: By[] = ['staff', 'text', 'page'];

type Step =
  | { do: 'push'; minutes: number }
  | { do: 'accept' | 'decline'; guest: number; by: By; twice: boolean }
  /** Whoever has an open offer takes it in the same instant, each in their own way. */
  | { do: 'all accept' }
  | { do: 'rebook' | 'hold' | 'giveBack'; time: number }
  | { do: 'leave'; guest: number }
  | { do: 'batch'; size: number };

const guest = fc.integer({ min: 0, max: GUESTS - 1 });
const time = fc.integer({ min: 0, max: TIMES.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('push' as const), minutes: fc.integer({ min: 1, max: 45 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ do: fc.constantFrom('accept' as const, 'decline' as const), guest },
      ...{ by: fc.constantFrom(...WAYS), twice: fc.boolean() },
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('all accept' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('rebook' as const, 'hold' as const, 'giveBack' as const), time }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), guest }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('batch' as const), size: fc.integer({ min: 1, max: 3 }) }) },
);

type Run = { salon: Salon; guests: Guest[]; ended: Map<string, string> };

async function act({ salon, guests }: Run, next: Step): Promise<void> {
  const call = (what: string, body?: unknown) => world.call(salon, what, body ?? {});
  switch (next.do) {
    case 'push':
      await world.clock.push(salon.id, { byS: next.minutes * 60 });
      return;
    case 'accept':
    case 'decline':
      return answer({ salon, guests }, next);
    case 'all accept':
      return allAccept({ salon, guests });
    case 'rebook':
    case 'hold':
      await call(next.do === 'hold' ? 'POST /holds' : 'POST /appointments', {
        ...{ contact_id: salon.contactId, service_id: salon.serviceId, start_ts: TIMES[next.time], staff_id: salon.staffId },
      });
      return;
    case 'giveBack': {
      const { data } = (await world.call<{ data: { id: string; start_ts: string; status: string }[] }>(salon, 'GET /appointments')).body;
      const visit = data.find(({ start_ts, status }) => start_ts === TIMES[next.time] && status === 'booked');
      if (visit) await call(`POST /appointments/${visit.id}/cancel`);
      return;
    }
    case 'leave':
      await world.call(salon, `DELETE /waitlist-entries/${guests[next.guest]!.entryId}`);
      return;
    case 'batch':
      await call(`PATCH /businesses/${salon.id}`, { waitlist_batch_size: next.size });
  }
}

/** Somebody answers the last offer that they got, whether it still stands or not. */
async function answer({ salon, guests }: Pick<Run, 'salon' | 'guests'>, next: Extract<Step, { twice: boolean }>): Promise<void> {
  const { contactId } = guests[next.guest]!;
  const offer = (await offersOf(world, salon)).findLast(({ contact_id, status }) => contact_id === contactId && status !== 'passed_over');
  if (!offer) return;
  const say = () => answerBy(salon, { ...next, guest: guests[next.guest]!, offerId: offer.id });
  await Promise.all(next.twice ? [say(), say()] : [say()]);
}

async function allAccept({ salon, guests }: Pick<Run, 'salon' | 'guests'>): Promise<void> {
  const open = (await offersOf(world, salon)).filter(({ status }) => status === 'offered');
  const answers = open.flatMap(({ id: offerId, contact_id }, i) => {
    const one = guests.find(({ contactId }) => contactId === contact_id);
    return one ? [{ do: 'accept' as const, by: WAYS[i % WAYS.length]!, guest: one, offerId }] : [];
  });
  await Promise.all(answers.map((given) => answerBy(salon, given)));
}

type Answer = { do: 'accept' | 'decline'; by: By; guest: Guest; offerId: string };

async function answerBy(salon: Salon, { do: what, by, guest: { phone }, offerId }: Answer): Promise<unknown> {
  switch (by) {
    case 'staff':
      return world.call(salon, `POST /waitlist-offers/${offerId}/${what}`, {});
    case 'text':
      return world.text(salon, what === 'accept' ? '1' : '2', phone);
    case 'page': {
      const page = `${world.api}/o/${world.activityDeps.hash.linkToken('waitlist_offer', offerId)}`;
      const form = new URLSearchParams(hiddenFields(await read(page, {})));
      return read(`${page}/${what === 'accept' ? 'take' : 'pass'}`, { method: 'POST', body: form });
    }
  }
}

/** What holds at every moment, whatever was done and in whatever order. */
async function expectSound({ salon, ended }: Run): Promise<Offer[]> {
  const offers = await offersOf(world, salon);
  const open = offers.filter(({ status }) => status === 'offered').map(({ contact_id }) => contact_id);
  expect(new Set(open).size).toBe(open.length); // nobody is offered twice at once
  for (const { id, status } of offers) {
    expect([id, status]).toEqual([id, ended.get(id) ?? status]); // what has ended stays as it ended
    if (status !== 'offered') ended.set(id, status);
  }
  const live = await inBusiness(world.db, salon.id, (tx) =>
    tx('appointments').where({ live: true }).select<{ startsAt: string }[]>('startsAt'),
  );
  for (const startsAt of TIMES) expect(live.filter((visit) => visit.startsAt === startsAt).length).toBeLessThanOrEqual(1);
  return offers;
}

async function runScript(steps: Step[]): Promise<void> {
  const salon = await world.aSalon({ now: NOW });
  const visits = [];
  for (const startsAt of TIMES) visits.push(await aVisit(world, salon, { startsAt }));
  const guests: Guest[] = [];
  for (let i = 0; i < GUESTS; i += 1) guests.push(await aGuest(world, salon, { name: `Guest ${i}` }));
  await Promise.all(visits.map((visit) => visit.change('cancel')));
  const run: Run = { salon, guests, ended: new Map() };
  for (const next of steps) {
    await act(run, next);
    await expectSound(run);
  }
  await world.clock.push(salon.id, { to: { at: THE_END } });
  const offers = await expectSound(run);
  expect(offers.filter(({ status }) => status === 'offered')).toEqual([]);
  await expectTold(run, offers);
}

/** The rules of the texts that left for somebody, by the ledger. */
const sentTo = async ({ id }: Salon, { contactId }: Guest): Promise<string[]> => {
  const rows = await inBusiness(world.db, id, (tx) =>
    tx('messages')
      .where({ contactId, direction: 'out', channel: 'sms' })
      .whereIn('status', ['sending', 'sent', 'delivered', 'failed', 'unknown'])
      .select<{ rule: string }[]>('rule'),
  );
  return rows.map(({ rule }) => rule);
};

/** Each offer was texted once at most, and each that was accepted has a visit of its own. */
async function expectTold({ salon, guests }: Run, offers: Offer[]): Promise<void> {
  for (const one of guests) {
    const asked = offers.filter(({ contact_id, status }) => contact_id === one.contactId && status !== 'passed_over');
    const texts = textsTo(world, one).filter((body) => body.includes('You asked for a time'));
    expect(texts.length).toBeLessThanOrEqual(asked.length);
    // Who did not get the time hears so once, also when the yes came too late, and who is off the list; nobody got what the ledger does not know.
    const missed = asked.filter(({ status }) => status !== 'accepted');
    const sent = await sentTo(salon, one);
    expect(sent.filter((rule) => rule === 'waitlist_lost').length).toBeLessThanOrEqual(missed.length);
    expect(sent.filter((rule) => rule === 'waitlist_removed').length).toBeLessThanOrEqual(1);
    expect(textsTo(world, one)).toHaveLength(sent.length);
  }
  const accepted = offers.flatMap(({ appointment_id }) => appointment_id ?? []);
  expect(new Set(accepted).size).toBe(accepted.length);
  const booked = await inBusiness(world.db, salon.id, (tx) =>
    tx('appointments').where({ source: 'waitlist' }).select<{ id: string }[]>('id'),
  );
  expect(booked.map(({ id }) => id).sort()).toEqual(accepted.sort());
}

it('gives a freed time to one person at most and ends each offer once, in any order of answers, half hours, bookings and people leaving', async () => {
  await fc.assert(
    // Two businesses at a time.
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 4, maxLength: 8 }), { minLength: 2, maxLength: 2 }), async (scripts) => {
      await Promise.all(scripts.map(runScript));
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 2), seed: Number(process.env['PROPERTY_SEED'] ?? 20270302), endOnFailure: true },
  );
}, 240_000);
