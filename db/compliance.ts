import type { InternationalPolicy } from '../domain/gate';
import type { Instant } from '../domain/time';
import type { Tx } from './tenancy';

export type ComplianceSettings = {
  outboundPerMinCap: number;
  outboundDailyCap: number;
  contactDailyCap: number;
  international: InternationalPolicy;
  trialOutbound: boolean;
  /** False: calls are not recorded at all. One that is recorded says so first. */
  recordingAnnounce: boolean;
  retainTranscriptsDays: number;
};
const COLUMNS = [
  'outboundPerMinCap',
  'outboundDailyCap',
  'contactDailyCap',
  'international',
  'trialOutbound',
  'recordingAnnounce',
  'retainTranscriptsDays',
];

/** What the business set, or the defaults, which are the table's own. */
export async function changeCompliance(tx: Tx, fields: Partial<ComplianceSettings>, now: Instant): Promise<ComplianceSettings> {
  const rows = await tx('complianceSettings')
    .insert({ businessId: tx.raw('current_business()'), ...fields, updatedAt: now })
    .onConflict('businessId')
    .merge({ ...fields, updatedAt: now })
    .returning<ComplianceSettings[]>(COLUMNS);
  const [row] = rows;
  if (!row) throw new TypeError('an upsert answers its row');
  return row;
}

/** Undefined: the business set nothing yet. */
export async function findCompliance(tx: Tx): Promise<ComplianceSettings | undefined> {
  const [row] = await tx('complianceSettings').select<ComplianceSettings[]>(COLUMNS);
  return row;
}

export type AuditRow = {
  id: string;
  actorKind: string;
  actorId: string;
  action: string;
  subjectKind: string;
  subjectId: string | null;
  changes: { fields: string[] };
  at: Instant;
};

/** What bears on compliance, newest first: settings, do-not-call numbers, consents and opt-outs, imports, messages by hand, calls that were not allowed. */
export async function listComplianceAudits(tx: Tx, limit: number): Promise<AuditRow[]> {
  return tx('auditLogs')
    .whereRaw(`action ~ '^(compliance|dnc_number|opt_out|outbound_call_blocked|message|business)|^contact\\.(consent|imported)'`)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)
    .select<AuditRow[]>('id', 'actorKind', 'actorId', 'action', 'subjectKind', 'subjectId', 'changes', 'at');
}
