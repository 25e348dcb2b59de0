import type { Client } from '@temporalio/client';
import { findBusinessZone } from '../db/businesses';
import { findDailyRun } from '../db/daily-runs';
import { countBusinessRings } from '../db/doorbell';
import type { OpenProcess } from '../db/processes';
import { countUnplanned, findProcess, findWaiting } from '../db/processes';
import { pushSandboxClock, sandboxOffsetMs } from '../db/sandbox-clock';
import type { Db, Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { nextDailySchedule } from '../domain/daily-schedule';
import type { Instant } from '../domain/time';
import { instant, localDate } from '../domain/time';
import { SCHEDULES } from '../workflows/contracts/schedules';
import { fastForward, workflowNowMs } from './fast-forward';

/** Where to push a business's time: to the next thing that is due, to an instant, or by some seconds. */
export type Push = { to: 'next' | Instant } | { byS: number };
export type Fired = { workflowId: string; what: string; at: Instant };
export type SandboxClock = {
  read: (businessId: string) => Promise<{ now: Instant; offsetMs: number }>;
  /** Answers once everything that was due on the way is done. Nothing due for `next`: time stands where it was. */
  push: (businessId: string, push: Push) => Promise<{ now: Instant; fired: Fired[] }>;
  /** Fires what became due by itself in businesses whose time was pushed; to be called about once a second. */
  tick: (businessIds: string[]) => Promise<void>;
};

/** A jump stops so long before the timer and lets it fire in real time: a ring during a jump would overshoot otherwise (temporal.md 4, 0 of 24 wrong so). */
const BEFORE_MS = 40;
const SETTLE_MS = 20_000;
const MOST_STEPS = 500;

/**
 * The sandbox clock (architecture.md, Virtual time). Temporal's clocks are per workflow; a business's time is the system's plus an offset kept in PostgreSQL.
 * It steps: the earliest instant of all open processes, the offset there, that workflow's clock there, wait until it has acted and planned, and again.
 */
export function createSandboxClock({ db, client }: { db: Db; client: Client }): SandboxClock {
  const inBusiness = <T>(businessId: string, work: (tx: Tx) => Promise<T>): Promise<T> => withBusiness(db, businessId, work);
  const read = async (businessId: string): Promise<{ now: Instant; offsetMs: number }> => {
    const offsetMs = await sandboxOffsetMs(db, businessId);
    return { now: instant(Date.now() + offsetMs), offsetMs };
  };
  const setNow = (businessId: string, ms: number): Promise<void> => pushSandboxClock(db, businessId, ms - Date.now());

  /** Waits until every change of the business has been rung and planned. */
  const settled = (businessId: string): Promise<void> =>
    until(async () => (await inBusiness(businessId, async (tx) => (await countBusinessRings(tx)) + (await countUnplanned(tx)))) === 0);

  const fire = async (businessId: string, due: OpenProcess): Promise<Fired> => {
    const at = due.nextAt ?? instant(Date.now());
    await setNow(businessId, Date.parse(at) - BEFORE_MS);
    // The timer is on the workflow's own clock, which the business's may lead.
    const aheadMs = Date.parse(at) - due.clockLeadMs - BEFORE_MS - (await workflowNowMs(client, due.workflowId));
    if (aheadMs > 0) await fastForward(client, due.workflowId, aheadMs);
    await until(async () => {
      const now = await inBusiness(businessId, (tx) => findProcess(tx, due.workflowId));
      return now?.nextAt !== due.nextAt || now.nextWhat !== due.nextWhat;
    });
    return { workflowId: due.workflowId, what: due.nextWhat ?? '', at };
  };

  const fireDaily = async (businessId: string, zone: string, at: Instant): Promise<Fired> => {
    await setNow(businessId, Date.parse(at));
    const [daily] = SCHEDULES.filter(({ kind }) => kind === 'localDailies');
    const scheduleId = daily?.scheduleId ?? '';
    const done = (): Promise<boolean> => inBusiness(businessId, (tx) => findDailyRun(tx, { kind: 'staff_daily_schedule', localDate: localDate(at, zone) }));
    await client.schedule.getHandle(scheduleId).trigger();
    await until(done);
    return { workflowId: scheduleId, what: 'staff_daily_schedule', at };
  };

  /** The next thing due in the business, whoever does it. */
  const nextEvent = async (businessId: string): Promise<{ at: Instant; fire: () => Promise<Fired> } | null> => {
    const [process, zone] = await inBusiness(businessId, async (tx) => [(await findWaiting(tx))[0], await findBusinessZone(tx)] as const);
    const dailyAt = nextDailySchedule((await read(businessId)).now, zone);
    if (process?.nextAt && process.nextAt <= dailyAt) return { at: process.nextAt, fire: () => fire(businessId, process) };
    return { at: dailyAt, fire: () => fireDaily(businessId, zone, dailyAt) };
  };

  const push = async (businessId: string, wanted: Push): Promise<{ now: Instant; fired: Fired[] }> => {
    await settled(businessId);
    const [first] = await inBusiness(businessId, (tx) => findWaiting(tx));
    const { now } = await read(businessId);
    const target = targetOf(wanted, now, first?.nextAt ?? null);
    const fired: Fired[] = [];
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const next = await nextEvent(businessId);
      if (!next || next.at > target) break;
      fired.push(await next.fire());
      await settled(businessId);
    }
    await setNow(businessId, Date.parse(target));
    return { now: (await read(businessId)).now, fired };
  };

  const oneAtATime = perBusiness();
  return {
    read,
    push: (businessId, wanted) => oneAtATime(businessId, () => push(businessId, wanted)),
    tick: async (businessIds) => {
      for (const businessId of businessIds) {
        const { now, offsetMs } = await read(businessId);
        const [due] = offsetMs > 0 ? await inBusiness(businessId, (tx) => findWaiting(tx)) : [];
        if (due?.nextAt && due.nextAt < now) await oneAtATime(businessId, () => push(businessId, { byS: 0 }));
      }
    },
  };
}

function targetOf(push: Push, now: Instant, next: Instant | null): Instant {
  const nowMs = Date.parse(now);
  if ('byS' in push) return instant(nowMs + Math.max(0, push.byS) * 1000);
  if (push.to === 'next') return next !== null && next > now ? next : now;
  return instant(Math.max(nowMs, Date.parse(push.to)));
}

/** Asks every 25 ms; gives up after 20 s, when something is broken that waiting does not mend. */
async function until(reached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error('the business did not come to rest within 20 s: is the worker running?');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Pushes of one business wait for each other; those of two do not. */
function perBusiness(): <T>(businessId: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (businessId, work) => {
    const run = (last.get(businessId) ?? Promise.resolve()).then(work, work);
    last.set(businessId, run);
    return run;
  };
}
