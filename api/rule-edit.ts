import { countAhead, sampleAhead } from '../db/open-visits';
import type { Tx } from '../db/tenancy';
import { findManyVisitPlans } from '../db/visit-plan';
import { isPlanChanged } from '../domain/rule-edit';
import type { Instant } from '../domain/time';
import { toAppointmentFacts, toRule, type RuleToPlan } from '../domain/visit-rows';

/** So many visits are planned to count what an edit changes: one statement and some 0.3 s. */
const PLANNED_AT_MOST = 1000;

export type Reached = { affectedAppointments: number; affectedExact: boolean };

/** How many visits ahead an edited rule changes something for, by planning them with and without it (R8). Nothing is written. */
export async function reachOfEdit(tx: Tx, { after, now }: { after: RuleToPlan; now: Instant }): Promise<Reached> {
  const ids = await sampleAhead(tx, { now, limit: PLANNED_AT_MOST });
  const changed = await countChanged(tx, { ids, after, now });
  if (ids.length < PLANNED_AT_MOST) return { affectedAppointments: changed, affectedExact: true };
  const ahead = await countAhead(tx, { now });
  return { affectedAppointments: Math.round((ahead * changed) / ids.length), affectedExact: ahead === ids.length };
}

async function countChanged(tx: Tx, { ids, after, now }: { ids: string[]; after: RuleToPlan; now: Instant }): Promise<number> {
  const plans = await findManyVisitPlans(tx, { appointmentIds: ids, now });
  const changed = plans.filter((plan) => {
    const facts = toAppointmentFacts({ ...plan, now });
    return isPlanChanged(facts, [...facts.rules.filter(({ rule }) => rule !== after.rule), toRule(after)]);
  });
  return changed.length;
}
