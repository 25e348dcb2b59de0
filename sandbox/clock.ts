import type { Client } from '@temporalio/client';
import type { Db } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import type { Instant } from '../domain/time';
import { instant } from '../domain/time';
import type { Fired } from './clock-steps';
import { findFirst, findNextDue, readNow, setNow, settle } from './clock-steps';

/** Where to push a business's time: to the next thing that is due, to an instant, or by some seconds. */
export type Push = { to: 'next' } | { to: { at: Instant } } | { byS: number };
export type SandboxClock = {
  read: (businessId: string) => Promise<{ now: Instant; offsetMs: number }>;
  /** Answers once everything that was due on the way is done. Nothing due for `next`: time stands where it was. */
  push: (businessId: string, push: Push) => Promise<{ now: Instant; fired: Fired[] }>;
  /** Fires what became due by itself in businesses whose time was pushed; to be called about once a second. */
  tick: (businessIds: string[]) => Promise<void>;
};

/** A year of mornings and some thousand messages: more steps than that are a plan that does not move on. */
const MOST_STEPS = 10_000;

/** `reportsMs`: how long a step waits for the vendors' reports on what it sent; not at all without it. `settleMs`: for what is due to be done. */
export type ClockOptions = { db: Db; client: Client; reportsMs?: number; settleMs?: number };

const SETTLE_MS = 20_000;

/**
 * The sandbox clock (architecture.md, Virtual time). Temporal's clocks are per workflow; a business's time is the system's plus an offset kept in PostgreSQL.
 * It steps: the earliest instant of all open processes, the offset there, that workflow's clock there, wait until it has acted and planned, and again.
 */
export function createSandboxClock({ db, client, reportsMs = 0, settleMs = SETTLE_MS }: ClockOptions): SandboxClock {
  const deps = { db, client, reportsMs, settleMs };

  /** Fires what is due until the target, in order, and moves the business's time there. */
  const runTo = async (businessId: string, target: Instant): Promise<Fired[]> => {
    const fired: Fired[] = [];
    for (;;) {
      await settle(deps, businessId);
      const due = await findNextDue(deps, businessId);
      if (!due || due.at > target) break;
      if (fired.length === MOST_STEPS) throw new Error(`${due.at} comes again and again`);
      fired.push(await due.fire());
    }
    await setNow(db, businessId, target);
    return fired;
  };

  const push = async (businessId: string, wanted: Push): Promise<{ now: Instant; fired: Fired[] }> => {
    const { now } = await readNow(db, businessId);
    // What is due already, such as a confirmation on its way, is done first: the next thing lies ahead of it.
    const due = await runTo(businessId, now);
    const target = targetOf(wanted, now, (await withBusiness(db, businessId, findFirst))?.nextAt ?? null);
    const ahead = target > now ? await runTo(businessId, target) : [];
    return { now: (await readNow(db, businessId)).now, fired: [...due, ...ahead] };
  };

  const tick = async (businessId: string): Promise<void> => {
    const { now, offsetMs } = await readNow(db, businessId);
    const first = offsetMs > 0 ? await withBusiness(db, businessId, findFirst) : undefined;
    if (first?.nextAt && first.nextAt < now) await oneAtATime(businessId, () => push(businessId, { byS: 0 }));
  };

  const oneAtATime = perBusiness();
  return {
    read: (businessId) => readNow(db, businessId),
    push: (businessId, wanted) => oneAtATime(businessId, () => push(businessId, wanted)),
    tick: async (businessIds) => {
      for (const businessId of businessIds) await tick(businessId);
    },
  };
}

function targetOf(push: Push, now: Instant, next: Instant | null): Instant {
  const nowMs = Date.parse(now);
  if ('byS' in push) return instant(nowMs + Math.max(0, push.byS) * 1000);
  if (push.to === 'next') return next !== null && next > now ? next : now;
  return instant(Math.max(nowMs, Date.parse(push.to.at)));
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
