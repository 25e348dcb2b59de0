import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

type DailyRun = { kind: string; localDate: string };

/** Takes a day's run for this transaction: true for one caller only, whoever else ticks at the same time. */
export async function takeDailyRun(tx: Tx, { kind, localDate, now }: DailyRun & { now: Instant }): Promise<boolean> {
  const rows = await tx('dailyRuns')
    .insert({ businessId: tx.raw('current_business()'), kind, localDate, doneAt: now })
    .onConflict(['businessId', 'kind', 'localDate'])
    .ignore()
    .returning<{ kind: string }[]>('kind');
  return rows.length > 0;
}

/** Whether the day's run was done. */
export async function findDailyRun(tx: Tx, run: DailyRun): Promise<boolean> {
  const rows = await tx('dailyRuns').where(run).limit(1).select('kind');
  return rows.length > 0;
}

/** Active businesses and their zones, of all tenants: ids only, by a look-up function. */
export async function findActiveBusinesses(tx: Tx): Promise<{ id: string; zone: string }[]> {
  const { rows } = await tx.raw<{ rows: { id: string; zone: string }[] }>('select id, zone from active_businesses()');
  return rows;
}
