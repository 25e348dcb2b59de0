import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { findBusiness } from '../db/businesses';
import { findDailyRun } from '../db/daily-runs';
import { countBusinessRings } from '../db/doorbell';
import type { OpenProcess } from '../db/processes';
import { countUnplanned, findProcess, findWaiting } from '../db/processes';
import { countUnderWay, countUnreported, pushSandboxClock, sandboxOffsetMs } from '../db/sandbox-clock';
import type { Db, Tx } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { nextDailySchedule } from '../domain/daily-schedule';
import type { Instant } from '../domain/time';
import { instant, localDate, MINUTE_MS } from '../domain/time';
import { CORE_QUEUE } from '../workflows/contracts/doorbell';
import type { ScheduleKind } from '../workflows/contracts/schedules';
import { fastForward, promptly, workflowNowMs } from './fast-forward';

export type StepDeps = { db: Db; client: Client; reportsMs: number; settleMs: number };
export type Fired = { workflowId: string; what: string; at: Instant };
export type Due = { at: Instant; fire: () => Promise<Fired> };

/** What a push waits for did not happen in time: nobody works, or something is broken that waiting does not mend. */
export class NotSettled extends Error {
  constructor(readonly why: 'worker_not_answering' | 'outcome_unclear' = 'worker_not_answering') {
    super(`the business did not come to rest in time: ${why}`);
    this.name = 'NotSettled';
  }
}

/** Throws NotSettled, with the reason that can be told: a message whose outcome a vendor left open, else nobody works. */
async function giveUp(db: Db, businessId: string): Promise<never> {
  const unclear = await withBusiness(db, businessId, countUnderWay);
  throw new NotSettled(unclear > 0 ? 'outcome_unclear' : 'worker_not_answering');
}

/** A jump stops so long before the timer and lets it fire in real time: a ring during a jump would overshoot otherwise (temporal.md 4, 0 of 24 wrong so). */
const BEFORE_MS = 40;
const ASK_MS = 25;

/** What time it is for the business. */
export async function readNow(db: Db, businessId: string): Promise<{ now: Instant; offsetMs: number }> {
  const offsetMs = await sandboxOffsetMs(db, businessId);
  return { now: instant(Date.now() + offsetMs), offsetMs };
}

/** Moves the business's time to an instant; never back. */
export const setNow = (db: Db, businessId: string, at: Instant): Promise<void> =>
  pushSandboxClock(db, businessId, Date.parse(at) - Date.now());

/**
 * Waits until every change of the business has been rung and planned. Then, for a while, for the vendors' reports on what was just sent: they come about a
 * second later in real time, and would be dated days later if time went on before them. Throws NotSettled.
 */
export async function settle({ db, reportsMs, settleMs }: StepDeps, businessId: string): Promise<void> {
  const behind = (): Promise<number> =>
    withBusiness(db, businessId, async (tx) => (await countBusinessRings(tx)) + (await countUnplanned(tx)));
  if (!(await reached(settleMs, async () => (await behind()) === 0))) await giveUp(db, businessId);
  const unreported = async (): Promise<number> => {
    const { now } = await readNow(db, businessId);
    return withBusiness(db, businessId, (tx) => countUnreported(tx, instant(Date.parse(now) - MINUTE_MS)));
  };
  if (reportsMs > 0) await reached(reportsMs, async () => (await unreported()) === 0);
}

/** The process of the business that waits for the earliest instant. */
export const findFirst = async (tx: Tx): Promise<OpenProcess | undefined> => (await findWaiting(tx))[0];

/** The next thing due in the business, whoever does it: a process, or the morning's schedule of an active business. */
export async function findNextDue(deps: StepDeps, businessId: string): Promise<Due | null> {
  const { now } = await readNow(deps.db, businessId);
  const { zone, status, first } = await withBusiness(deps.db, businessId, async (tx) => ({
    ...(await findBusiness(tx, businessId)),
    first: await findFirst(tx),
  }));
  const dailyAt = status === 'active' ? nextDailySchedule(now, zone) : null;
  if (first?.nextAt && (dailyAt === null || first.nextAt <= dailyAt)) {
    const at = first.nextAt;
    return { at, fire: () => fireProcess(deps, first, at) };
  }
  return dailyAt === null ? null : { at: dailyAt, fire: () => fireDaily(deps, businessId, { zone, at: dailyAt }) };
}

async function fireProcess(
  { db, client, settleMs }: StepDeps,
  { businessId, workflowId, nextAt, nextWhat, clockLeadMs }: OpenProcess,
  at: Instant,
): Promise<Fired> {
  const stopAtMs = Date.parse(at) - BEFORE_MS;
  await setNow(db, businessId, instant(stopAtMs));
  // The timer is on the workflow's own clock, which the business's may lead.
  const aheadMs = stopAtMs - clockLeadMs - (await workflowNowMs(client, workflowId));
  if (aheadMs > 0) await fastForward(client, workflowId, aheadMs);
  const hasActed = async (): Promise<boolean> => {
    const process = await withBusiness(db, businessId, (tx) => findProcess(tx, workflowId));
    return process?.nextAt !== nextAt || process.nextWhat !== nextWhat;
  };
  if (!(await reached(settleMs, hasActed))) await giveUp(db, businessId);
  return { workflowId, what: nextWhat ?? '', at };
}

const DAILIES: ScheduleKind = 'localDailies';

/**
 * A run of its own. The schedule cannot be triggered twice in a second: its runs are named by the second, and one that still attends to other businesses
 * would swallow the next (seen: a push that waited for a morning that never came).
 */
async function fireDaily(
  { db, client, settleMs }: StepDeps,
  businessId: string,
  { zone, at }: { zone: string; at: Instant },
): Promise<Fired> {
  await setNow(db, businessId, at);
  const run = { kind: 'staff_daily_schedule', localDate: localDate(at, zone) };
  const workflowId = `sandbox-dailies/${businessId}/${run.localDate}/${randomUUID()}`;
  await promptly(client, () => client.workflow.start(DAILIES, { workflowId, taskQueue: CORE_QUEUE, args: [{ businessId }] }));
  const isDone = (): Promise<boolean> => withBusiness(db, businessId, (tx) => findDailyRun(tx, run));
  if (!(await reached(settleMs, isDone))) await giveUp(db, businessId);
  return { workflowId, what: run.kind, at };
}

/** Asks every 25 ms whether it is so; false when it is not within the time. */
async function reached(withinMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
  return true;
}
