import { z } from 'zod';
import type { GateAnswer } from '../../domain/gate';
import { instantOut } from '../wire';
import { explainAnswer, type Reader } from './message-explanation';

export const MESSAGE_CLASSES = ['notice', 'reminder', 'review', 'marketing', 'call'] as const;

export const GateAnswerView = z
  .object({
    answer: z.enum(['send', 'hold', 'defer', 'skip']),
    reason: z.string().nullable().meta({ example: 'quiet_hours' }),
    goes_at: instantOut.nullable().meta({ description: 'when it would go; null: not by itself' }),
    explanation: z.string().meta({ description: "in the caller's language" }),
  })
  .meta({ id: 'GateAnswer' });

/** The gate's answer as clients see it, without its facts. */
export const presentAnswer = (answer: GateAnswer, reader: Reader) => ({
  answer: answer.kind,
  reason: answer.kind === 'send' ? null : answer.reason,
  goesAt: answer.kind === 'send' ? reader.now : answer.kind === 'defer' ? answer.until : null,
  explanation: explainAnswer(answer, reader),
});
