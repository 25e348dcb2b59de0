import { z } from 'zod';
import type { CadenceStateRow, QueueLine } from '../../db/cadence-states';
import type { CadenceWithSteps } from '../../db/cadences';
import { CADENCE_ENDINGS, CADENCE_TRIGGERS } from '../../domain/cadence';
import { BUCKETS } from '../../domain/lead-status';
import type { Locale } from '../../domain/message';
import { CHANNELS, id, instantOut } from '../wire';
import { MESSAGE_STATUSES } from './message';

const StepView = z.object({
  position: z.int(),
  wait_min: z.int().meta({ description: 'minutes after the step before; the first: after the start' }),
  template_id: z.string(),
  channels: z.array(z.enum(CHANNELS)).meta({ description: 'in the order in which they are tried' }),
});

export const CadenceView = z
  .object({
    id,
    key: z.string(),
    name: z.string(),
    trigger: z.enum(CADENCE_TRIGGERS).meta({ description: 'what starts it by itself; manual: only a person does' }),
    priority: z.int().meta({ description: 'a person is in one cadence at a time: the higher wins' }),
    enabled: z.boolean(),
    winback_weeks: z.int().nullable().meta({ description: 'so many weeks without a visit start it' }),
    message_class: z.enum(['notice', 'marketing']).meta({ description: 'marketing needs a written consent' }),
    steps: z.array(StepView),
    version: z.int(),
    updated_at: instantOut,
  })
  .meta({ id: 'Cadence' });

export const presentCadence = ({ steps, nameEn, nameEs, ...row }: CadenceWithSteps, locale: Locale) => ({
  id: row.id,
  key: row.key,
  name: locale === 'es' ? nameEs : nameEn,
  trigger: row.trigger,
  priority: row.priority,
  enabled: row.enabled,
  winbackWeeks: row.winbackWeeks,
  messageClass: row.messageClass,
  steps: steps.map(({ position, waitMin, templateKey, channels }) => ({ position, waitMin, templateId: templateKey, channels })),
  version: row.version,
  updatedAt: row.updatedAt,
});

const lastStatus = z.enum(MESSAGE_STATUSES).nullable().meta({ description: 'how the last message that had its turn fared' });

export const CadenceStateView = z
  .object({
    id,
    contact_id: id,
    cadence_id: id,
    status: z.enum(['active', 'ended']),
    ended_reason: z.enum(CADENCE_ENDINGS).nullable(),
    step: z.int(),
    next_action_at: instantOut.nullable(),
    queued_at: instantOut.nullable().meta({ description: 'when the message of this step was planned' }),
    sent_at: instantOut.nullable(),
    last_status: lastStatus,
    started_at: instantOut,
    ended_at: instantOut.nullable(),
    version: z.int(),
  })
  .meta({ id: 'CadenceState' });

export const presentCadenceState = (row: CadenceStateRow) => ({
  id: row.id,
  contactId: row.contactId,
  cadenceId: row.cadenceId,
  status: row.status,
  endedReason: row.endedReason,
  step: row.step,
  nextActionAt: row.nextActionAt,
  queuedAt: row.queuedAt,
  sentAt: row.sentAt,
  lastStatus: row.lastStatus,
  startedAt: row.createdAt,
  endedAt: row.endedAt,
  version: row.version,
});

export const QueueLineView = z
  .object({
    contact_id: id,
    cadence_id: id,
    step: z.int(),
    bucket: z.enum(BUCKETS).nullable(),
    next_action_at: instantOut,
    last_status: lastStatus,
  })
  .meta({ id: 'CadenceQueueLine' });

export const presentQueueLine = ({ contactId, cadenceId, step, bucket, nextActionAt, lastStatus: last }: QueueLine) => ({
  contactId,
  cadenceId,
  step,
  bucket,
  nextActionAt,
  lastStatus: last,
});
