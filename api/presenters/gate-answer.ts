import { z } from 'zod';
import { decisionOf } from '../../domain/decision';
import type { GateAnswer, GateFacts } from '../../domain/gate';
import { instantOut } from '../wire';
import { explainAnswer, type Reader } from './message-explanation';

export const MESSAGE_CLASSES = ['notice', 'reminder', 'review', 'marketing', 'call'] as const;

const CapView = z.object({ used: z.int(), limit: z.int(), frees_at: instantOut.nullable() });
const HoursView = z
  .object({
    kind: z.enum(['always', 'windows']),
    zones: z.array(z.string()).optional().meta({ description: 'all must allow' }),
    quiet: z.array(z.object({ start_minute: z.int(), end_minute: z.int() })).optional(),
    rows: z.array(z.string()).optional().meta({ description: 'state rules that narrow it further' }),
    free: z.object({ from: instantOut, until: instantOut }).nullable().optional(),
  })
  .meta({ id: 'ContactHours' });

export const GateAnswerView = z
  .object({
    answer: z.enum(['send', 'hold', 'defer', 'skip']),
    reason: z.string().nullable().meta({ example: 'quiet_hours' }),
    goes_at: instantOut.nullable().meta({ description: 'when it would go; null: not by itself' }),
    explanation: z.string().meta({ description: "in the caller's language" }),
  })
  .meta({ id: 'GateAnswer' });

export const DecisionView = GateAnswerView.extend({
  rules: z.object({ gate: z.string(), state_hours: z.string() }).meta({ description: 'versions of the rules it was judged by' }),
  facts: z
    .object({
      rule: z.string().nullable(),
      message_class: z.string(),
      channel: z.string(),
      not_after: instantOut,
      business_status: z.string(),
      suppressed: z.boolean(),
      on_own_dnc_list: z.boolean(),
      dnc_check: z.enum(['off', 'clear', 'listed', 'unknown']),
      consent: z.boolean(),
      channel_usable: z.boolean(),
      hours: HoursView,
      zone_source: z.string().nullable(),
      calls_per_min: CapView,
      calls_per_day: CapView,
      contact_cap: CapView,
      abroad: z.boolean(),
      international: z.string(),
      trial_outbound_disabled: z.boolean(),
      registration_pending: z.boolean(),
    })
    .meta({ description: 'what the gate looked at: nothing that tells who somebody is' }),
}).meta({ id: 'Decision' });

/** The gate's answer as clients see it, without its facts. */
export const presentAnswer = (answer: GateAnswer, reader: Reader) => ({
  answer: answer.kind,
  reason: answer.kind === 'send' ? null : answer.reason,
  goesAt: answer.kind === 'send' ? reader.now : answer.kind === 'defer' ? answer.until : null,
  explanation: explainAnswer(answer, reader),
});

/** The same with all that the gate saw. */
export function presentDecision(answer: GateAnswer, facts: GateFacts, reader: Reader) {
  const { rules, facts: seen } = decisionOf(answer, facts);
  const { hours, ...rest } = seen;
  const shown =
    hours.kind === 'always'
      ? { kind: hours.kind }
      : { kind: hours.kind, zones: [...hours.zones], quiet: [...hours.quiet], rows: [...hours.rows], free: hours.free };
  return { ...presentAnswer(answer, reader), rules, facts: { ...rest, hours: shown } };
}
