import { z } from 'zod';
import { findBusiness, updateBusiness } from '../../db/businesses';
import { changeCompliance, findCompliance, listComplianceAudits, type ComplianceSettings } from '../../db/compliance';
import { countDncNumbers } from '../../db/dnc-numbers';
import type { Tx } from '../../db/tenancy';
import { CALLS_PER_DAY, CALLS_PER_MIN, CONTACT_CAP } from '../../domain/gate';
import type { Caller } from '../caller';
import type { ApiDeps } from '../deps';
import { ComplianceView, INTERNATIONAL, presentCompliance } from '../presenters/compliance';
import { notFound } from '../problem';
import { replanVisits } from '../replan';
import { route } from '../route';
import { minutesOf, quietHoursIn } from '../weekly-hours';
import { ById } from '../wire';

const tag = 'Compliance';
const AUDITS = 50;

/** What a business has that set nothing; the table's own defaults are the same (tested). */
const DEFAULTS: ComplianceSettings = {
  outboundPerMinCap: CALLS_PER_MIN,
  outboundDailyCap: CALLS_PER_DAY,
  contactDailyCap: CONTACT_CAP,
  international: 'visits',
  trialOutbound: true,
  recordingAnnounce: true,
  retainTranscriptsDays: 90,
};

const operator = { business: (params: Record<string, string>) => params['id'] ?? null };

const show = route(
  {
    method: 'get',
    path: '/businesses/:id/compliance',
    tag,
    summary: 'What a business set for itself, with the last 50 audits',
    role: 'viewer',
    operator,
    params: ById,
    response: ComplianceView,
  },
  async ({ tx, params, caller, deps }) => view(tx, own(params.id, caller), deps),
);

const change = route(
  {
    method: 'post',
    path: '/businesses/:id/compliance',
    tag,
    summary: 'Change what a business sets for itself',
    description: [
      'Only what is given changes. Law sets the widest: quiet hours may begin at 21:00 or earlier and end at 08:00 or later, at the recipient; a person gets 3 automated messages in 24 hours at most.',
      '`international`: numbers of another country than your own. `visits` (the default) lets only messages about visits go there, `none` nothing but answers, `all` everything.',
      '`recording_announce: false` means that calls are not recorded: one that is recorded always says so.',
    ].join(' '),
    action: 'compliance.updated',
    role: 'admin',
    operator,
    params: ById,
    body: z.object({
      quiet_hours: quietHoursIn.optional(),
      outbound_per_min_cap: z.int().min(0).max(60).optional(),
      outbound_daily_cap: z.int().min(0).max(1_000).optional(),
      contact_daily_cap: z.int().min(0).max(CONTACT_CAP).optional(),
      international: z.enum(INTERNATIONAL).optional(),
      trial_outbound: z.boolean().optional(),
      recording_announce: z.boolean().optional(),
      retain_transcripts_days: z.int().min(1).max(3_650).optional(),
    }),
    response: ComplianceView,
  },
  async ({ tx, params, body: { quietHours, ...fields }, caller, deps, now }) => {
    const businessId = own(params.id, caller);
    const minutes = quietHours && { quietStartMinute: minutesOf(quietHours.from), quietEndMinute: minutesOf(quietHours.to) };
    if (minutes) await updateBusiness(tx, { id: businessId, fields: minutes, ifVersion: null, now });
    if (Object.keys(fields).length > 0) await changeCompliance(tx, fields, now);
    if (minutes || fields.international !== undefined) await replanVisits(tx, { lane: 1, now });
    return view(tx, businessId, deps);
  },
);

async function view(tx: Tx, businessId: string, { settings }: ApiDeps) {
  return presentCompliance({
    business: await findBusiness(tx, businessId),
    settings: (await findCompliance(tx)) ?? DEFAULTS,
    dnc: { numbers: await countDncNumbers(tx), externalList: settings.dncKeepMs !== null },
    audits: await listComplianceAudits(tx, AUDITS),
  });
}

function own(businessId: string, caller: Caller): string {
  if (businessId !== caller.businessId) throw notFound('business');
  return businessId;
}

export const complianceRoutes = [show, change];
