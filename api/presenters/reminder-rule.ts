import { z } from 'zod';
import type { RuleRow } from '../../db/reminder-rules';
import { CHANNELS, instantOut } from '../wire';

export const TRIGGERS = ['7d', '3d', '1d', '2h'] as const;

export const ReminderRuleView = z
  .object({
    rule: z.enum(TRIGGERS),
    offset_days: z.int().nullable().meta({ description: 'the same local time that many days before' }),
    offset_hours: z.int().nullable().meta({ description: 'that many elapsed hours before' }),
    channels: z.array(z.enum(CHANNELS)).meta({ description: 'in the order in which they are tried' }),
    last_useful_min: z.int().meta({ description: 'minutes before the start after which it is not sent' }),
    enabled: z.boolean(),
    version: z.int(),
    updated_at: instantOut,
  })
  .meta({ id: 'ReminderRule' });

export const presentReminderRule = ({ rule, offsetDays, offsetHours, channels, lastUsefulMin, enabled, version, updatedAt }: RuleRow) => ({
  rule,
  offsetDays,
  offsetHours,
  channels,
  lastUsefulMin,
  enabled,
  version,
  updatedAt,
});
