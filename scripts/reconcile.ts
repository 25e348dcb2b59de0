import type { Knex } from 'knex';
import { readConfig } from '../config';
import { ringAll } from '../db/doorbell';
import { createPool } from '../db/knex';
import type { OpenProcess } from '../db/processes';
import { findOpen } from '../db/processes';
import type { Db } from '../db/tenancy';
import { withBusiness } from '../db/tenancy';
import { runCommand, say } from './lib/say';

export type ReconcileDeps = { db: Db; sweeper: Knex; now: () => string; say: (line: string) => void; pageSize?: number };

/**
 * Rings every open process of every business, after Temporal lost its data or was restored: each starts anew from its facts and plans what is left. Behind
 * single changes (lane 1). Safe to run at any time and again: a ring carries nothing, and what was sent is not sent twice. Answers how many it rang.
 */
export async function reconcile({ db, sweeper, now, say: tell, pageSize = 500 }: ReconcileDeps): Promise<number> {
  const businesses = new Set<string>();
  let rung = 0;
  let after = '';
  for (;;) {
    const page = await findOpen(sweeper, { after, limit: pageSize });
    for (const [businessId, processes] of byBusiness(page)) {
      businesses.add(businessId);
      await withBusiness(db, businessId, (tx) =>
        ringAll(
          tx,
          processes.map(({ workflowId, kind, version }) => ({ workflowId, kind, version, now: now(), lane: 1 as const })),
        ),
      );
    }
    rung += page.length;
    after = page.at(-1)?.workflowId ?? after;
    if (page.length < pageSize) break;
    tell(`${String(rung)} rung …`);
  }
  tell(`${String(rung)} open processes of ${String(businesses.size)} businesses are rung; each plans again from its facts.`);
  return rung;
}

function byBusiness(processes: OpenProcess[]): Map<string, OpenProcess[]> {
  const groups = new Map<string, OpenProcess[]>();
  for (const process of processes) groups.set(process.businessId, [...(groups.get(process.businessId) ?? []), process]);
  return groups;
}

// `npm run reconcile`; the tests call the function. The worker's relay, which must run, carries the rings within a second.
if (require.main === module) {
  void runCommand(async () => {
    const { DATABASE_URL: url, databaseRolePassword: rolePassword } = readConfig();
    const [app, sweeper] = [
      createPool(url, { role: 'app', rolePassword, max: 2, name: 'usher-reconcile' }),
      createPool(url, { role: 'sweeper', rolePassword, max: 1, name: 'usher-reconcile' }),
    ];
    try {
      await reconcile({ db: { pool: app, wakeRelay: () => undefined }, sweeper, now: () => new Date().toISOString(), say });
      return 0;
    } finally {
      await Promise.all([app.destroy(), sweeper.destroy()]);
    }
  });
}
