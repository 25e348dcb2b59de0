import { expireHold } from '../db/appointments';
import { ring } from '../db/doorbell';
import { findExpiringHolds, forgetDncChecks, forgetIdempotencyKeys, forgetWebhooks } from '../db/sweeps';
import { findOverdue } from '../db/processes';
import { withBusiness } from '../db/tenancy';
import type { PricingDeps } from './pricing';
import { correctPrices } from './pricing';

export type SweepDeps = PricingDeps;

const PAGE = 500;

/**
 * Every minute: expires holds, wakes processes that missed their instant or a change, forgets what has served its time,
 * asks what messages cost.
 * Safe to run twice because each step selects what is due and changes it only if it still is.
 */
export async function sweep(deps: SweepDeps): Promise<void> {
  await expireHolds(deps);
  await wakeOverdue(deps);
  await forgetIdempotencyKeys(deps.sweeper);
  await forgetWebhooks(deps.sweeper);
  await forgetDncChecks(deps.sweeper);
  await correctPrices(deps);
}

async function expireHolds({ db, sweeper, clock }: SweepDeps): Promise<void> {
  for (const { businessId, id } of await findExpiringHolds(sweeper, PAGE)) {
    const now = await clock.now(businessId);
    await withBusiness(db, businessId, (tx) => expireHold(tx, { id, now }));
  }
}

async function wakeOverdue({ db, sweeper, clock, log }: SweepDeps): Promise<void> {
  const overdue = await findOverdue(sweeper, { now: clock.system(), limit: PAGE });
  for (const { businessId, workflowId, kind, version, nextWhat } of overdue) {
    log.warn({ workflowId, nextWhat }, 'a process missed its instant and is rung again');
    const now = await clock.now(businessId);
    await withBusiness(db, businessId, (tx) => ring(tx, { kind, workflowId, version, now, lane: 1 }));
  }
}
