import type { Instant } from './time';
import { bareWords } from './words';

export type ReplyIntent = 'confirm' | 'reschedule';

/** Our 'which_visit' message when it is the last thing we sent: visit 1 of its list is appointmentIds[0]. */
export type WhichQuestion = { intent: ReplyIntent; appointmentIds: string[] };

/**
 * A visit ahead that is not confirmed though a message asked. `moved`: it was moved since, and no message has asked about the time it has now: a yes was to
 * another time.
 */
export type OpenQuestion = { appointmentId: string; startsAt: Instant; moved?: boolean };

export type ReplyDecision =
  | { kind: ReplyIntent; appointmentId: string }
  | ({ kind: 'which' } & WhichQuestion)
  /** for a person or the AI to read */
  | { kind: 'conversation' };

/** 1, C, Y, YES, SI, CONFIRM → confirm; 2, R → reschedule (R40). Null for everything else. Opt-out words are looked for first (opt-out.ts). */
export function parseReply(text: string): ReplyIntent | null {
  const words = bareWords(text);
  if (CONFIRM.has(words)) return 'confirm';
  return RESCHEDULE.has(words) ? 'reschedule' : null;
}

/**
 * What a text to us means, given the questions we have open (R40).
 * - One open question: a yes confirms that visit, an R starts moving it.
 * - Several: we ask which, in order of time: "1: Tue, Mar 16 … 2: Thu, Mar 18 … Reply C1, R2 …".
 * - After that question C2 and R2 name the visit themselves; a bare 2 takes the word that led to the question. A plain C or R, or a number that is
 *   not on the list, is asked again. A visit that has been answered or cancelled meanwhile is no longer there to choose.
 * - A yes to the time before a move confirms nothing: we name the visit's present time and ask.
 * - Without an open question, and for any other words: the conversation.
 */
export function answerReply({ text, open, which }: { text: string; open: OpenQuestion[]; which: WhichQuestion | null }): ReplyDecision {
  if (open.length === 0) return { kind: 'conversation' };
  const choice = which && parseChoice(text, which.intent);
  if (which && choice) {
    const appointmentId = which.appointmentIds[choice.number - 1];
    const chosen = open.find((question) => question.appointmentId === appointmentId);
    // Also when a single visit is left: the person meant another one.
    return chosen ? { kind: choice.intent, appointmentId: chosen.appointmentId } : askWhich(choice.intent, open);
  }
  const intent = parseReply(text);
  if (!intent) return { kind: 'conversation' };
  const asked = open.filter(({ moved }) => moved !== true);
  const [only, ...others] = asked;
  if (!only) return askWhich(intent, open);
  return others.length === 0 ? { kind: intent, appointmentId: only.appointmentId } : askWhich(intent, asked);
}

function askWhich(intent: ReplyIntent, open: OpenQuestion[]): ReplyDecision {
  const inOrder = [...open].sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
  return { kind: 'which', intent, appointmentIds: inOrder.map(({ appointmentId }) => appointmentId) };
}

/** 'C2', 'r 2', '2.' */
function parseChoice(text: string, asked: ReplyIntent): { intent: ReplyIntent; number: number } | null {
  const [, letter, digits] = /^([CR]?) ?(\d{1,2})$/.exec(bareWords(text)) ?? [];
  if (digits === undefined) return null;
  const intent = letter === 'C' ? 'confirm' : letter === 'R' ? 'reschedule' : asked;
  return { intent, number: Number(digits) };
}

const CONFIRM = new Set(['1', 'C', 'Y', 'YES', 'SI', 'CONFIRM', 'CONFIRMAR']);
// The words our question itself uses count when written out.
const RESCHEDULE = new Set(['2', 'R', 'RESCHEDULE', 'REPROGRAMAR']);
