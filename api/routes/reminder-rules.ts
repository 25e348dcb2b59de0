import { z } from 'zod';
import { listRules, updateRule, type RuleFields } from '../../db/reminder-rules';
import { presentReminderRule, ReminderRuleView, TRIGGERS } from '../presenters/reminder-rule';
import { invalidField, notFound } from '../problem';
import { replanVisits } from '../replan';
import { route } from '../route';
import { reachOfEdit } from '../rule-edit';
import { CHANNELS, flagIn } from '../wire';

const tag = 'Reminder rules';

const list = route(
  {
    method: 'get',
    path: '/reminder-rules',
    tag,
    summary: 'When reminders go, the earliest first',
    role: 'viewer',
    response: z.object({ data: z.array(ReminderRuleView), next_cursor: z.null() }),
  },
  async ({ tx }) => ({ data: (await listRules(tx)).map(presentReminderRule), nextCursor: null }),
);

const replaceRule = route(
  {
    method: 'put',
    path: '/reminder-rules/:rule',
    tag,
    summary: 'Change a reminder, and plan it anew for every visit ahead',
    description:
      'affected_appointments: the visits ahead whose people would get another message, or at another time or on another channel; what was sent stays. Counted by ' +
      'planning them; beyond 1,000 visits ahead estimated from 1,000 of them (affected_exact: false). With dry_run=true nothing else happens.',
    action: 'reminder_rule.updated',
    role: 'admin',
    params: z.object({ rule: z.enum(TRIGGERS) }),
    query: z.object({ dry_run: flagIn.default(false) }),
    body: z
      .object({
        offset_days: z.int().min(1).max(60).nullable().default(null),
        offset_hours: z.int().min(1).max(72).nullable().default(null),
        channels: z
          .array(z.enum(CHANNELS))
          .min(1)
          .refine((list) => new Set(list).size === list.length, 'no channel twice'),
        last_useful_min: z
          .int()
          .min(0)
          .max(60 * 24 * 60),
        enabled: z.boolean().default(true),
      })
      .meta({ example: { offset_days: 2, channels: ['sms', 'email'], last_useful_min: 720 } }),
    response: ReminderRuleView.extend({
      affected_appointments: z.int(),
      affected_exact: z.boolean(),
      replanned_appointments: z.int().meta({ description: 'visits ahead that are planned anew now' }),
    }).meta({ id: 'ReminderRuleChange' }),
  },
  async ({ tx, params: { rule }, query: { dryRun }, body, ifVersion, now }) => {
    check(body);
    const before = (await listRules(tx)).find((row) => row.rule === rule);
    if (!before) throw notFound('reminder rule');
    const after = { ...before, ...body };
    const reached = await reachOfEdit(tx, { after, now });
    if (dryRun) return { ...presentReminderRule(after), ...reached, replannedAppointments: 0 };
    const changed = await updateRule(tx, { rule, fields: body, ifVersion, now });
    return { ...presentReminderRule(changed), ...reached, replannedAppointments: await replanVisits(tx, { lane: 1, now }) };
  },
);

function check({ offsetDays, offsetHours, lastUsefulMin }: RuleFields): void {
  if ((offsetDays === null) === (offsetHours === null)) throw invalidField('offset_days', 'either offset_days or offset_hours');
  const dueMin = (offsetDays ?? 0) * 24 * 60 + (offsetHours ?? 0) * 60;
  if (lastUsefulMin >= dueMin) throw invalidField('last_useful_min', 'must be later than the reminder itself');
}

export const reminderRuleRoutes = [list, replaceRule];
