import { findDailyRun, takeDailyRun } from '../db/daily-runs';
import { enrolAll } from '../db/cadence-enrolment';
import { findLapsed } from '../db/cadence-facts';
import type { CadenceRow } from '../db/cadences';
import { findTriggered } from '../db/cadences';
import { withBusiness } from '../db/tenancy';
import { decideStart, lapsedBefore, WINBACK_FROM } from '../domain/cadence';
import { bucketAfter, FACT_OF_START } from '../domain/lead-status';
import { localDate, localTime } from '../domain/time';
import { cadenceProcess } from '../workflows/contracts/cadence';
import type { Deps } from './deps';
import { eachBusinessApart, type Whose } from './each-apart';

export type WinbackDeps = Pick<Deps, 'db' | 'clock' | 'newId' | 'log'>;

/** In one transaction, and in one tick at most: a business that has just switched it on does not hold up the others. */
const BATCH = 50;
const BATCHES = 10;
const KIND = 'winback';

/**
 * Enrols whoever has not come for so many weeks, once a day and business, from 07:00 its time on (C4). Safe to run twice because it selects who is due and not
 * enrolled since their last visit, and a person is in one cadence at a time by a constraint. One business that fails does not stand in the others' way.
 */
export async function startWinbacks(deps: WinbackDeps, whose: Whose = {}): Promise<void> {
  await eachBusinessApart({ ...deps, ...whose }, (business) => enrolBusiness(deps, business));
}

async function enrolBusiness(deps: WinbackDeps, { id: businessId, zone }: { id: string; zone: string }): Promise<void> {
  const now = await deps.clock.now(businessId);
  if (localTime(now, zone) < WINBACK_FROM) return;
  const today = { kind: KIND, localDate: localDate(now, zone) };
  if (await withBusiness(deps.db, businessId, (tx) => findDailyRun(tx, today))) return;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const found = await enrolBatch(deps, businessId, now);
    if (found === BATCH) continue;
    await withBusiness(deps.db, businessId, (tx) => takeDailyRun(tx, { ...today, now }));
    return;
  }
}

/** Answers how many were due. */
function enrolBatch({ db, newId }: WinbackDeps, businessId: string, now: string): Promise<number> {
  return withBusiness(db, businessId, async (tx) => {
    const cadence = await findTriggered(tx, KIND);
    if (!isOn(cadence)) return 0;
    const before = lapsedBefore(now, cadence.winbackWeeks);
    const due = await findLapsed(tx, { cadenceId: cadence.id, before, now, limit: BATCH });
    const rules = { decide: decideStart, factOfStart: FACT_OF_START, bucketAfter, processOf: cadenceProcess };
    await enrolAll(tx, { contactIds: due, cadence, newId, now, lane: 1 }, rules);
    return due.length;
  });
}

const isOn = (cadence: CadenceRow | undefined): cadence is CadenceRow & { winbackWeeks: number } =>
  cadence !== undefined && cadence.enabled && cadence.winbackWeeks !== null;
