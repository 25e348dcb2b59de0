import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

export type LedgerEvent = {
  id: string;
  type: string;
  subjectId: string | null;
  payload: Record<string, string | number | boolean | null>;
  now: Instant;
};

/** Adds to the ledger that figures are computed from. Only ever added to, so it holds hashes and counts, never a person's data. */
export async function recordEvent(tx: Tx, { now, payload, ...row }: LedgerEvent): Promise<void> {
  await tx('eventsLedger').insert({ businessId: tx.raw('current_business()'), ...row, payload: JSON.stringify(payload), at: now });
}
