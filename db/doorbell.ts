import type { Knex } from 'knex';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';
import { noteRing } from './tenancy';

/** Lane 0: single changes, lane 1: fan-outs, so that a rule edited for 20,000 visits holds up nobody's booking. */
export type Lane = 0 | 1;
export type Ring = { kind: string; workflowId: string; version: number; now: Instant; lane?: Lane };

/**
 * Wakes a process: writes its doorbell, and its `processes` row, in the fact's own transaction, so that a fact without a ring cannot exist.
 * Of several changes only the newest rings. The process row exists from the first ring on, so that reconcile finds it even if Temporal lost it unplanned.
 */
export async function ring(tx: Tx, change: Ring): Promise<void> {
  await ringAll(tx, [change]);
}

/** The same for many processes, in the order of their ids so that two fan-outs cannot deadlock. */
export async function ringAll(tx: Tx, changes: Ring[]): Promise<void> {
  if (changes.length === 0) return;
  const traceparent = noteRing(tx);
  const rows = changes.map(({ workflowId, kind, version, now, lane = 0 }) => ({ workflow_id: workflowId, kind, version, now, lane }));
  rows.sort((a, b) => (a.workflow_id < b.workflow_id ? -1 : 1));
  await tx.raw(
    `with rings as (select r.workflow_id, r.kind, r.version, r.now, r.lane from jsonb_to_recordset(?::jsonb) as r(workflow_id text, kind text, version int, now timestamptz, lane int)),
     process as (
       insert into processes as p (workflow_id, business_id, kind, version, created_at)
       select workflow_id, current_business(), kind, version, now from rings order by workflow_id
       on conflict (workflow_id) do update set version = greatest(p.version, excluded.version), closed_at = null)
     insert into doorbells as d (workflow_id, business_id, kind, version, lane, changed_at, traceparent)
     select workflow_id, current_business(), kind, version, lane, now, ?::text from rings order by workflow_id
     on conflict (workflow_id) do update set version = greatest(d.version, excluded.version), lane = least(d.lane, excluded.lane),
       changed_at = excluded.changed_at, next_attempt_at = null, traceparent = excluded.traceparent`,
    [JSON.stringify(rows), traceparent],
  );
}

export type ClaimedRing = {
  workflowId: string;
  businessId: string;
  kind: string;
  version: number;
  claim: number;
  attempts: number;
  /** Of the newest change; null while nobody traces. */
  traceparent: string | null;
};

/**
 * Takes up to `limit` doorbells for 15 s, lane 0 first, then one business after the other. Rows that another relay holds are skipped.
 * For the relay's role. now() is the database's: it only stamps leases.
 */
export async function claimRings(relay: Knex, limit: number): Promise<ClaimedRing[]> {
  const { rows } = await relay.raw<{ rows: ClaimedRing[] }>(
    `with due as (
       select d.workflow_id from doorbells d
       join (select workflow_id, row_number() over (partition by business_id, lane order by changed_at) as turn from doorbells
             where (claimed_until is null or claimed_until < now()) and (next_attempt_at is null or next_attempt_at <= now())) r using (workflow_id)
       order by d.lane, r.turn limit ? for update of d skip locked)
     update doorbells d set claim = d.claim + 1, claimed_until = now() + interval '15 seconds'
     from due where d.workflow_id = due.workflow_id
       and (d.claimed_until is null or d.claimed_until < now()) -- again on the locked row: another relay may have taken it since the list was made
     returning d.workflow_id, d.business_id, d.kind, d.version, d.claim, d.attempts, d.traceparent`,
    [limit],
  );
  return rows;
}

/** The ring arrived: gone, unless a newer change came meanwhile; that one is free to be claimed again at once. */
export async function settleRing(relay: Knex, { workflowId, version, claim }: ClaimedRing): Promise<void> {
  const gone = await relay('doorbells').where({ workflowId, version }).delete();
  if (gone === 0) await relay('doorbells').where({ workflowId, claim }).update({ claimedUntil: null, attempts: 0, lastError: null });
}

/** The ring failed: tried again after 1, 2, 4 … 60 s, never dropped. `code` is our word, not the server's text. */
export async function releaseRing(relay: Knex, { workflowId, claim, attempts }: ClaimedRing, code: string): Promise<void> {
  const waitS = Math.min(60, 2 ** Math.min(attempts, 6));
  await relay('doorbells')
    .where({ workflowId, claim })
    .update({
      claimedUntil: null,
      attempts: attempts + 1,
      lastError: code,
      nextAttemptAt: relay.raw('now() + make_interval(secs => ?)', [waitS]),
    });
}

/** How many doorbells wait, how old the oldest is (s) and how many failed ten times or more: the relay's gauges. */
export async function countRings(relay: Knex): Promise<{ waiting: number; oldestS: number; failing: number }> {
  const { rows } = await relay.raw<{ rows: { waiting: number; oldestS: number; failing: number }[] }>(
    `select count(*)::int as waiting, coalesce(extract(epoch from now() - min(changed_at)), 0)::float8 as oldest_s,
       (count(*) filter (where attempts >= 10))::int as failing from doorbells`,
  );
  return rows[0] ?? { waiting: 0, oldestS: 0, failing: 0 };
}

/** How many doorbells of this business wait. */
export async function countBusinessRings(tx: Tx): Promise<number> {
  const [row] = await tx('doorbells').count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}
