import type { Channel, MessageStatus } from './message';
import { DAY_MS, plusMs, type Instant } from './time';

// A cadence follows a person up, step by step, until they reply, book or opt out (R52).

/** What starts it by itself; `manual`: only a person does. */
export const CADENCE_TRIGGERS = ['never_answered', 'no_show_recovery', 'winback', 'manual'] as const;
export type CadenceTrigger = (typeof CADENCE_TRIGGERS)[number];

/** Keys of the business's own begin so, as cadences that every business has are added with releases and must not meet them. */
export const OWN_CADENCE = /^own(?:_[a-z]+)+$/;

/** What a cadence's messages count as: both need their consent, and only what the gate lets pass goes. */
export type CadenceClass = 'notice' | 'marketing';

/** Why an enrolment ended. `finished`: the last step is over and nobody answered. */
export const CADENCE_ENDINGS = ['replied', 'booked', 'opted_out', 'finished', 'stopped', 'superseded', 'erased'] as const;
export type CadenceEnding = (typeof CADENCE_ENDINGS)[number];

/** One message of a cadence: so long after the step before (after the start: the first), in these words, over the first of these channels that is open. */
export type CadenceStep = { position: number; waitMin: number; templateKey: string; channels: Channel[] };

/** What a person is in already, and what they shall be in. */
export type Running = { cadenceId: string; priority: number };
export type Wanted = Running & { enabled: boolean };

/** `already`: the same again changes nothing. `outranked`: what runs is as important, or more. */
export type StartDecision = 'start' | 'supersede' | 'already' | 'outranked' | 'off';

/** Whether a cadence may begin for a person: they are in one at a time, the higher priority wins, and what runs wins a tie. */
export function decideStart(running: Running | null, { cadenceId, priority, enabled }: Wanted): StartDecision {
  if (running?.cadenceId === cadenceId) return 'already';
  if (!enabled) return 'off';
  if (running === null) return 'start';
  return priority > running.priority ? 'supersede' : 'outranked';
}

/** A message of an enrolment that had its turn, for the ledger of events: each outcome is told once. */
export type StepOutcome = { messageId: string; step: number; channel: Channel; status: MessageStatus; reason: string | null };
export type ToldOutcome = StepOutcome & { type: 'cadence.message_sent' | 'cadence.message_failed'; mark: string };

/** What of these outcomes the ledger of events has not heard yet. `noted` holds the marks of those that it has. */
export function outcomesToTell(outcomes: readonly StepOutcome[], noted: readonly string[]): ToldOutcome[] {
  return outcomes.flatMap((outcome) => {
    const word = WORD[outcome.status];
    if (word === undefined) return [];
    const mark = `${word}/${String(outcome.step)}/${outcome.channel}`;
    return noted.includes(mark) ? [] : [{ ...outcome, type: `cadence.message_${word}` as const, mark }];
  });
}

const WORD: Partial<Record<MessageStatus, 'sent' | 'failed'>> = { sent: 'sent', delivered: 'sent', failed: 'failed' };

/** The ledger's key of a step's message on one channel: it can go out once at most. */
export const cadenceSendKey = ({ stateId, step, channel }: { stateId: string; step: number; channel: Channel }): string =>
  `cadence/${stateId}/${String(step)}/${channel}`;

/** When winbacks are looked for: once a day, from that local hour on, as the day's schedules. Their messages wait for contact hours as any. */
export const WINBACK_FROM = '07:00';

/** Whoever was here last before this instant has not been seen for so many weeks. */
export const lapsedBefore = (now: Instant, weeks: number): Instant => plusMs(now, -weeks * 7 * DAY_MS);
