import type { Knex } from 'knex';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

export type PlannedProcess = {
  workflowId: string;
  version: number;
  next: { at: Instant; what: string } | null;
  now: Instant;
  /** By how much the business's clock leads the workflow's own: 0 but in a business whose time was pushed. */
  leadMs: number;
};

/** Notes what a process waits for. A process with nothing left is closed, unless a newer ring came meanwhile. */
export async function noteProcess(tx: Tx, { workflowId, version, next, now, leadMs }: PlannedProcess): Promise<void> {
  await tx('processes')
    .where({ workflowId })
    .update({
      plannedVersion: version,
      nextAt: next?.at ?? null,
      nextWhat: next?.what ?? null,
      clockLeadMs: leadMs,
      plannedAt: now,
      closedAt: next ? null : tx.raw('case when version <= ? then ?::timestamptz end', [version, now]),
    });
}

export type OpenProcess = {
  workflowId: string;
  businessId: string;
  kind: string;
  version: number;
  nextAt: Instant | null;
  nextWhat: string | null;
  clockLeadMs: number;
};
const OPEN = ['workflowId', 'businessId', 'kind', 'version', 'nextAt', 'nextWhat', 'clockLeadMs'];

/** Processes of one business that wait for an instant, the earliest first. */
export async function findWaiting(tx: Tx, limit = 1): Promise<OpenProcess[]> {
  return tx('processes')
    .whereNull('closedAt')
    .whereNotNull('nextAt')
    .orderBy([{ column: 'nextAt' }, { column: 'workflowId' }])
    .limit(limit)
    .select<OpenProcess[]>(OPEN);
}

/** One process of this business, or undefined. */
export async function findProcess(
  tx: Tx,
  workflowId: string,
): Promise<(OpenProcess & { plannedVersion: number; closedAt: Instant | null }) | undefined> {
  const [row] = await tx('processes')
    .where({ workflowId })
    .select<(OpenProcess & { plannedVersion: number; closedAt: Instant | null })[]>([...OPEN, 'plannedVersion', 'closedAt']);
  return row;
}

/**
 * Open processes of all businesses that missed their instant by 10 min or whose plan is behind a change by as long: something was lost on the way.
 * For the sweeper's role.
 */
export async function findOverdue(sweeper: Knex, { now, limit }: { now: Instant; limit: number }): Promise<OpenProcess[]> {
  return sweeper('processes')
    .whereNull('closedAt')
    .andWhere(
      (late) =>
        void late
          .whereRaw(`next_at < ?::timestamptz - interval '10 minutes'`, [now])
          .orWhereRaw(`planned_version < version and coalesce(planned_at, created_at) < ?::timestamptz - interval '10 minutes'`, [now]),
    )
    .orderBy('nextAt')
    .limit(limit)
    .select<OpenProcess[]>(OPEN);
}

/** Every open process of all businesses, by pages: what reconcile rings after Temporal was lost or restored. For the sweeper's role. */
export async function findOpen(sweeper: Knex, { after, limit }: { after: string; limit: number }): Promise<OpenProcess[]> {
  return sweeper('processes')
    .whereNull('closedAt')
    .where('workflowId', '>', after)
    .orderBy('workflowId')
    .limit(limit)
    .select<OpenProcess[]>(OPEN);
}

/** How many open processes of this business have not yet planned their newest change. */
export async function countUnplanned(tx: Tx): Promise<number> {
  const [row] = await tx('processes').whereNull('closedAt').whereRaw('planned_version < version').count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

/** Raises the versions of processes whose subject has none of its own, and answers them. Their rows stay locked until the transaction ends, so each is new. */
export async function nextVersions(tx: Tx, workflowIds: string[]): Promise<Map<string, number>> {
  if (workflowIds.length === 0) return new Map();
  const { rows } = await tx.raw<{ rows: { workflowId: string; version: number }[] }>(
    `with own as (select workflow_id from processes where workflow_id = any(?::text[]) order by workflow_id for update)
     update processes p set version = p.version + 1 from own where p.workflow_id = own.workflow_id returning p.workflow_id, p.version`,
    [workflowIds],
  );
  return new Map(rows.map(({ workflowId, version }) => [workflowId, version]));
}
