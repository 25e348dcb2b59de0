import { ApplicationFailure } from '@temporalio/activity';
import { findActiveBusinesses } from '../db/daily-runs';
import type { Log } from '../db/log';
import { withoutBusiness } from '../db/tenancy';
import { errorCode } from '../domain/error-code';
import type { Deps } from './deps';

type Apart<Item> = {
  log: Log;
  /** Ids that tell which one failed; never a person's data. */
  nameOf: (item: Item) => object;
  work: (item: Item) => Promise<unknown>;
};

/**
 * Does the work for each item, one after the other: one that fails does not stand in the way of those behind it. Throws `some_failed` at the end, with how
 * many, so that the attempt is seen and the next one takes those that are left.
 */
export async function eachApart<Item>(items: readonly Item[], { log, nameOf, work }: Apart<Item>): Promise<void> {
  const failed: Item[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failed.push(item);
      log.error({ ...nameOf(item), code: errorCode(error) }, 'one of many failed; the others go on');
    }
  }
  if (failed.length === 0) return;
  throw ApplicationFailure.create({ type: 'some_failed', message: `${String(failed.length)} of ${String(items.length)}` });
}

type Business = Awaited<ReturnType<typeof findActiveBusinesses>>[number];

/** Which businesses a look over all is for: one alone when its sandbox clock is pushed through a morning, as the others' mornings are not. */
export type Whose = { businessId?: string };

/** The same for every active business, or for one of them. */
export async function eachBusinessApart(
  { db, log, businessId }: Pick<Deps, 'db' | 'log'> & Whose,
  work: (business: Business) => Promise<void>,
): Promise<void> {
  const active = await withoutBusiness(db, findActiveBusinesses);
  const asked = businessId === undefined ? active : active.filter(({ id }) => id === businessId);
  await eachApart(asked, { log, nameOf: ({ id }) => ({ businessId: id }), work });
}
