import { z } from 'zod';
import type { BusinessRow } from '../../db/businesses';
import type { AuditRow, ComplianceSettings } from '../../db/compliance';
import { id, instantOut, wallTime } from '../wire';
import { timeOf } from './business';

export const INTERNATIONAL = ['none', 'visits', 'all'] as const;

const AuditView = z
  .object({
    id,
    at: instantOut,
    actor: z.string().meta({ description: 'user:…, api_key:…, operator, or system' }),
    action: z.string().meta({ example: 'outbound_call_blocked(quiet_hours)' }),
    subject_kind: z.string(),
    subject_id: id.nullable(),
    fields: z.array(z.string()).meta({ description: 'names of what was given, never values' }),
  })
  .meta({ id: 'Audit' });

export const ComplianceView = z
  .object({
    business_id: id,
    quiet_hours: z.object({ from: wallTime, to: wallTime }),
    outbound_per_min_cap: z.int().meta({ description: 'calls' }),
    outbound_daily_cap: z.int().meta({ description: 'calls in 24 h' }),
    contact_daily_cap: z.int().meta({ description: 'automated messages to one person in 24 h' }),
    international: z.enum(INTERNATIONAL),
    trial_outbound: z.boolean(),
    recording_announce: z.boolean(),
    retain_transcripts_days: z.int(),
    dnc: z.object({
      numbers: z.int(),
      external_list: z.boolean().meta({ description: 'an external do-not-call list is asked before marketing and calls' }),
    }),
    audits: z.array(AuditView).meta({ description: 'the last 50, newest first' }),
  })
  .meta({ id: 'Compliance' });

type Shown = {
  business: BusinessRow;
  settings: ComplianceSettings;
  dnc: { numbers: number; externalList: boolean };
  audits: AuditRow[];
};

export const presentCompliance = ({ business, settings, dnc, audits }: Shown) => ({
  businessId: business.id,
  quietHours: { from: timeOf(business.quietStartMinute), to: timeOf(business.quietEndMinute) },
  outboundPerMinCap: settings.outboundPerMinCap,
  outboundDailyCap: settings.outboundDailyCap,
  contactDailyCap: settings.contactDailyCap,
  international: settings.international,
  trialOutbound: settings.trialOutbound,
  recordingAnnounce: settings.recordingAnnounce,
  retainTranscriptsDays: settings.retainTranscriptsDays,
  dnc,
  audits: audits.map(({ actorKind, actorId, changes, ...row }) => ({
    id: row.id,
    at: row.at,
    actor: `${actorKind}:${actorId}`,
    action: row.action,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    fields: changes.fields,
  })),
});
