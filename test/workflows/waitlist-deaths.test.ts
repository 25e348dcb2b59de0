import { Context } from '@temporalio/activity';
import type { Activities } from '../../activities';
import { wakeSlots } from '../../api/freed-slots';
import { inBusiness } from '../factories';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { aGuest, offersOf, offerStory, textsTo, type Guest } from '../support/waitlist';
import { startWorld, type World } from '../support/world';

jest.setTimeout(180_000);

const STEPS = ['readFreedSlot', 'askNext', 'sendMessage', 'closeFreedSlot'] as const;
type Step = (typeof STEPS)[number];
type Input = { businessId: string };

/** What is to happen around a step of the story: the real one is called by `run`. */
const death: { around: (step: Step, input: Input, run: () => Promise<unknown>) => Promise<unknown> } = {
  around: (_step, _input, run) => run(),
};

/** The worker's activities, each of which may be made to die. */
function mortal(real: Activities): Activities {
  const wrapped = Object.fromEntries(
    STEPS.map((name) => {
      const step = real[name] as (input: never) => Promise<unknown>;
      return [name, (input: never) => death.around(name, input, () => step(input))];
    }),
  );
  return { ...real, ...wrapped };
}

let world: World;
beforeAll(async () => {
  world = await startWorld({ activities: mortal });
});
afterEach(() => {
  death.around = (_step, _input, run) => run();
});
afterAll(() => world.close());

/** A Tuesday, 10:00 in New York, and the day after, 12:00. */
const NOW = '2027-03-02T15:00:00.000Z';
const VISIT = '2027-03-03T17:00:00.000Z';

type Setting = { salon: Salon; guests: Record<string, Guest> };

async function aFreedTime(): Promise<Setting & { free: () => Promise<void> }> {
  const salon = await world.aSalon({ now: NOW });
  const visit = await aVisit(world, salon, { startsAt: VISIT });
  const guests: Record<string, Guest> = {};
  for (const name of ['Ida', 'Rosa']) {
    guests[name] = await aGuest(world, salon, { name });
    await world.clock.push(salon.id, { byS: 60 });
  }
  return {
    salon,
    guests,
    free: async () => {
      await visit.change('cancel');
    },
  };
}

/** Every step dies twice and comes again after a second or more. */
const PATIENT = { withinMs: 60_000 };

const story = ({ salon, guests }: Setting): Promise<string[]> => offerStory(world, salon, guests);
const asked = ({ guests }: Setting, name: string): number =>
  textsTo(world, guests[name]!).filter((body) => body.includes('You asked for a time')).length;

/** Ida does not answer, Rosa takes it: the whole story, each offer texted once, one visit. */
async function tellTheRest(setting: Setting): Promise<void> {
  const { salon, guests } = setting;
  await eventually(async () => expect(await story(setting)).toEqual(['Ida offered']), PATIENT);
  await eventually(() => expect(asked(setting, 'Ida')).toBe(1), PATIENT);
  await world.clock.push(salon.id, { byS: 31 * 60 });
  await eventually(async () => expect(await story(setting)).toEqual(['Ida ignored', 'Rosa offered']), PATIENT);
  await eventually(() => expect(asked(setting, 'Rosa')).toBe(1), PATIENT);
  await world.text(salon, '1', guests['Rosa']!.phone);
  await eventually(async () => expect(await story(setting)).toEqual(['Ida ignored', 'Rosa accepted']), PATIENT);
  await world.clock.push(salon.id, { byS: 60 });
  expect([asked(setting, 'Ida'), asked(setting, 'Rosa')]).toEqual([1, 1]);
  const visits = await inBusiness(world.db, salon.id, (tx) =>
    tx('appointments').where({ live: true }).select<{ source: string }[]>('source'),
  );
  expect(visits).toEqual([{ source: 'waitlist' }]);
}

it('a worker that dies before and after every step changes nothing of the story', async () => {
  const setting = await aFreedTime();
  const tries = new Map<string, number>();
  death.around = async (step, { businessId }, run) => {
    if (businessId !== setting.salon.id) return run();
    const { activityId } = Context.current().info;
    const key = `${step} ${activityId} ${Context.current().info.workflowExecution?.runId ?? ''}`;
    const attempt = (tries.get(key) ?? 0) + 1;
    tries.set(key, attempt);
    if (attempt === 1) throw new Error('the worker died before the step');
    const done = await run();
    if (attempt === 2) throw new Error('the worker died after the step, before anybody heard of it');
    return done;
  };
  await setting.free();
  await tellTheRest(setting);
  expect(new Set([...tries.keys()].map((key) => key.split(' ')[0]))).toEqual(new Set(['readFreedSlot', 'askNext', 'sendMessage']));
});

it.each([1, 2, 3, 4, 5])('a process that Temporal loses after its step %i is told to the end by a new run', async (lastStep) => {
  const setting = await aFreedTime();
  const { salon } = setting;
  const state = { steps: 0, lost: false };
  death.around = async (_step, { businessId }, run) => {
    const done = await run();
    const { workflowId = '' } = Context.current().info.workflowExecution ?? {};
    // The cancelled visit's process sends its notice by the same activity.
    if (businessId !== salon.id || !workflowId.startsWith('waitlist-offer/') || state.lost) return done;
    state.steps += 1;
    if (state.steps === lastStep) {
      state.lost = true;
      await world.client.workflow.getHandle(workflowId).terminate('lost');
    }
    return done;
  };
  await setting.free();
  await eventually(() => expect(state.lost).toBe(true));
  // As reconcile would.
  await inBusiness(world.db, salon.id, async (tx) => {
    const [slot] = await tx('freedSlots').select<{ id: string }[]>('id');
    await wakeSlots(tx, [slot!.id], new Date().toISOString());
  });
  await tellTheRest(setting);
});

it('a worker that is away for the whole half hour closes the offer when it is back', async () => {
  const setting = await aFreedTime();
  await setting.free();
  await eventually(() => expect(asked(setting, 'Ida')).toBe(1));
  await world.clock.push(setting.salon.id, { byS: 60 });
  await world.worker.stop();
  const [offer] = await offersOf(world, setting.salon);
  const accepted = await world.call(setting.salon, `POST /waitlist-offers/${offer!.id}/accept`);
  expect(accepted).toMatchObject({ body: { status: 'accepted' } });
  await world.worker.start();
  await eventually(async () => expect(await story(setting)).toEqual(['Ida accepted']));
  await eventually(() => expect(textsTo(world, setting.guests['Ida']!)[1]).toContain('Your visit is booked'));
});
