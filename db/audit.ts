import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

export type AuditEntry = {
  id: string;
  actorKind: string;
  actorId: string;
  action: string;
  subjectKind: string;
  subjectId: string | null;
  /** Names of what changed, never values: the log outlives an erased person. */
  changes: { fields: string[] };
  requestId: string | null;
  now: Instant;
};

/** Adds to the audit log, which only ever grows. */
export async function recordAudit(tx: Tx, { now, changes, ...row }: AuditEntry): Promise<void> {
  await tx('auditLogs').insert({ businessId: tx.raw('current_business()'), ...row, changes: JSON.stringify(changes), at: now });
}

export type PlatformAuditEntry = Omit<AuditEntry, 'changes'> & {
  /** Why, in the operator's own words. */
  reason: string | null;
  /** What was asked for: a filter, a dry run. Nothing personal. */
  asked: Record<string, unknown>;
};

/** Adds to the platform's own audit log: what operators did outside any business. It only ever grows. */
export async function recordPlatformAudit(tx: Tx, { now, asked, ...row }: PlatformAuditEntry): Promise<void> {
  await tx('platformAuditLogs').insert({ ...row, asked: JSON.stringify(asked), at: now });
}
