import { withBusiness, type Db } from '../../db/tenancy';

export type Rung = { workflowId: string; version: number; lane: number };

/** The doorbells that wait for one business, by process. */
export async function waitingRings(db: Db, businessId: string): Promise<Rung[]> {
  return withBusiness(db, businessId, (tx) => tx('doorbells').orderBy('workflowId').select<Rung[]>('workflowId', 'version', 'lane'));
}
