import type { PermissionFacts } from '../domain/permission';
import type { Instant } from '../domain/time';
import { one } from './errors';
import type { Outcome } from './messages';
import { PERMISSION } from './permission-facts';
import type { VisitFacts, VisitRow } from './plan-facts';
import { lockVisit, toVisitFacts, visitsWith } from './plan-facts';
import type { Tx } from './tenancy';

/** All that a visit's plan is made from: the visit and its rules, what its person may be sent, and what became of each message that a plan ever named. */
export type VisitPlan = { visit: VisitFacts; permission: PermissionFacts; outcomes: Outcome[] };

/** Rows without a schedule version are answers to texts and belong to no plan. */
const OUTCOMES = `(select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'sendKey', m.send_key, 'rule', m.rule, 'channel', m.channel, 'contactId', m.contact_id,
    'staffId', m.staff_id, 'scheduleVersion', m.schedule_version, 'change', m.change, 'status', m.status, 'reason', m.reason, 'settled', m.settled_at is not null)), '[]')
  from messages m where m.appointment_id = a.id and m.direction = 'out' and m.schedule_version is not null)`;

const PLANS = visitsWith(`, ${PERMISSION} as permission, ${OUTCOMES} as outcomes`);

/** `dncSince`: as findPermissionFacts takes it. */
type Asked = { now: Instant; dncSince: Instant | null };

/** Of one visit, which stands still until the transaction ends, in one look. Throws RowMissing. */
export async function findVisitPlan(tx: Tx, { appointmentId, ...asked }: Asked & { appointmentId: string }): Promise<VisitPlan> {
  await lockVisit(tx, appointmentId);
  const { rows } = await tx.raw<{ rows: PlanRow[] }>(`${PLANS} where a.id = :appointmentId`, { appointmentId, ...asked });
  return toVisitPlan(one('appointment', rows));
}

/** The same of many visits, none of which stands still: for a look ahead, not for a plan. */
export async function findManyVisitPlans(
  tx: Tx,
  { appointmentIds, now }: { appointmentIds: string[]; now: Instant },
): Promise<VisitPlan[]> {
  const asked = { appointmentIds, now, dncSince: null };
  const { rows } = await tx.raw<{ rows: PlanRow[] }>(`${PLANS} where a.id = any(:appointmentIds::uuid[])`, asked);
  return rows.map(toVisitPlan);
}

type PlanRow = VisitRow & Omit<VisitPlan, 'visit'>;
const toVisitPlan = ({ permission, outcomes, ...row }: PlanRow): VisitPlan => ({ visit: toVisitFacts(row), permission, outcomes });
