import type { MessageRule } from './message';
import { HOUR_MS, MINUTE_MS } from './time';
import { bareWords } from './words';

/** Why a person must look: they wrote something only a person can answer, CANCEL may mean a visit (R32), or two robots talk (R42). */
export const NEEDS = ['message', 'cancel_visit', 'loop'] as const;
export type NeedsPerson = (typeof NEEDS)[number];

/** So far back texts are compared: the same "C" on Monday and on Thursday is no loop. */
export const EQUAL_TEXTS_WITHIN_MS = 24 * HOUR_MS;
const EQUAL_TEXTS = 3;

/** So far back our own automatic answers are counted. */
export const REPLIES_WITHIN_MS = 10 * MINUTE_MS;
const REPLIES = 8;

/** The answers that nobody of ours wrote. */
export const AUTOMATIC_REPLIES: readonly MessageRule[] = [
  'confirm_ack',
  'which_visit',
  'reschedule_link',
  'opt_out_ack',
  'opt_in_ack',
  'help',
  'handoff',
  'waitlist_decline_ack',
];

export type Exchange = {
  /** What the person wrote last, the newest first, since the conversation last got anywhere and within the span above. */
  texts: readonly string[];
  /** What we answered by ourselves since then, within the span above. */
  automaticReplies: number;
};

/** Whether two robots seem to talk: the same text three times in a row, or eight automatic answers in ten minutes that led nowhere (R42). */
export function isLoop({ texts, automaticReplies }: Exchange): boolean {
  const last = texts.slice(0, EQUAL_TEXTS).map(bareWords);
  const same = last.length === EQUAL_TEXTS && new Set(last).size === 1;
  return same || automaticReplies >= REPLIES;
}
