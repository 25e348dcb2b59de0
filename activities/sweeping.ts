import { expireHold } from '../db/holds';
import { ring } from '../db/doorbell';
import { findExpiringHolds, forgetDncChecks, forgetIdempotencyKeys, forgetProcesses, forgetWebhooks } from '../db/sweeps';
import { findOverdue } from '../db/processes';
import { withBusiness } from '../db/tenancy';
import { eachApart } from './each-apart';
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
  const steps: Step[] = [
    { name: 'expire holds', run: () => expireHolds(deps) },
    { name: 'wake overdue processes', run: () => wakeOverdue(deps) },
    { name: 'forget idempotency keys', run: () => forgetIdempotencyKeys(deps.sweeper) },
    { name: 'forget webhooks', run: () => forgetWebhooks(deps.sweeper) },
    { name: 'forget answers of the do-not-call list', run: () => forgetDncChecks(deps.sweeper) },
    { name: 'correct prices', run: () => correctPrices(deps) },
    { name: 'forget closed processes', run: () => forgetProcesses(deps.sweeper) },
  ];
  await eachApart(steps, { log: deps.log, nameOf: ({ name }) => ({ step: name }), work: ({ run }) => run() });
}

type Step = { name: string; run: () => Promise<unknown> };

async function expireHolds({ db, sweeper, clock, log }: SweepDeps): Promise<void> {
  await eachApart(await findExpiringHolds(sweeper, PAGE), {
    log,
    nameOf: ({ businessId, id }) => ({ businessId, appointmentId: id }),
    work: async ({ businessId, id }) => {
      const now = await clock.now(businessId);
      await withBusiness(db, businessId, (tx) => expireHold(tx, { id, now }));
    },
  });
}

async function wakeOverdue({ db, sweeper, clock, log }: SweepDeps): Promise<void> {
  await eachApart(await findOverdue(sweeper, { now: clock.system(), limit: PAGE }), {
    log,
    nameOf: ({ workflowId }) => ({ workflowId }),
    work: async ({ businessId, workflowId, kind, version, nextWhat }) => {
      log.warn({ workflowId, nextWhat }, 'a process missed its instant and is rung again');
      const now = await clock.now(businessId);
      await withBusiness(db, businessId, (tx) => ring(tx, { kind, workflowId, version, now, lane: 1 }));
    },
  });
}
