import { findPhrase, PAUSE, phrases, type Phrase, type Span, type Words } from '../phrases';
import { ASKING_HOW, HELP_ALONE, RETURNING } from './asking';
import { ABOUT_OTHERS, ASKED, BY_MISTAKE, DENIED, NARROWED_AFTER, REDIRECTED, THREATENED, TOLD_OF } from './limits';
import { DEMANDS, REFUSALS, REVOKING_ALONE, STATEMENTS, SUPPORTING } from './revoking';
import { sentencesOf } from './spelling';
import { VOCABULARY } from './vocabulary';

/** What free text asks of us; null: nothing of the kind, for a person to read. */
export type Wish = 'out' | 'in' | 'help' | null;

/**
 * Whether a text plainly revokes, asks to come back or asks how to leave (R31), in English, Spanish or both at once. What merely contains a word, denies
 * it, asks about it, or wants to be written to at another place or time is null. To be asked after the exact words (R30).
 */
export function wishOf(text: string): Wish {
  const sentences = sentencesOf(text);
  const alone = lonely(sentences);
  if (alone !== null && REVOKING_WORDS.has(alone)) return 'out';
  if (alone !== null && HELP_WORDS.has(alone)) return 'help';
  if (hasAny(sentences, MISTAKE)) return null;
  const asking = sentences.filter((words) => stands(ASKING, words));
  const others = sentences.filter((words) => !asking.includes(words));
  if (!others.some(pointsElsewhere) && (others.some(revokes) || revokesBeside(others))) return 'out';
  if (others.some((words) => isSaid(RETURN, words))) return 'in';
  return asking.length > 0 ? 'help' : null;
}

const { fillers } = VOCABULARY;
const compiled = (lines: readonly string[]): Phrase[] => phrases(lines, VOCABULARY);

/** A kind of phrase, and what may stand right before one and take it back. */
type Kind = { says: Phrase[]; unlessAfter: Phrase[] };
const REVOKE: Kind[] = [
  { says: compiled(DEMANDS), unlessAfter: compiled([...DENIED, ...ASKED, ...ABOUT_OTHERS]) },
  { says: compiled(STATEMENTS), unlessAfter: compiled([...DENIED, ...ASKED]) },
  { says: compiled(REFUSALS), unlessAfter: compiled(TOLD_OF) },
];
const RETURN: Kind = { says: compiled(RETURNING), unlessAfter: compiled(DENIED) };
const SUPPORT = compiled(SUPPORTING);
const AFTER = compiled(NARROWED_AFTER);
const ELSEWHERE = compiled(REDIRECTED);
const THREAT = compiled(THREATENED);
const MISTAKE = compiled(BY_MISTAKE);
const ASKING = compiled(ASKING_HOW);
const REVOKING_WORDS = new Set(REVOKING_ALONE);
const HELP_WORDS = new Set(HELP_ALONE);

const stands = (list: Phrase[], words: Words): boolean => list.some((phrase) => findPhrase(phrase, words, { fillers }) !== null);
const hasAny = (sentences: Words[], list: Phrase[]): boolean => sentences.some((words) => stands(list, words));
const revokes = (words: Words): boolean => REVOKE.some((kind) => isSaid(kind, words));

const pointsElsewhere = (words: Words): boolean =>
  ELSEWHERE.some((phrase) => findPhrase(phrase, words, { fillers, accepts: ({ to }) => !isFollowedBy(THREAT, words, to) }) !== null);

/** Whether a phrase of a kind stands in a sentence where nothing before takes it back and nothing after narrows it. */
const isSaid = ({ says, unlessAfter }: Kind, words: Words): boolean =>
  says.some((phrase) => {
    const accepts = (span: Span): boolean => !isTakenBack(unlessAfter, words, span) && !isFollowedBy(AFTER, words, span.to);
    return findPhrase(phrase, words, { fillers, accepts }) !== null;
  });

const isTakenBack = (before: Phrase[], words: Words, { from }: Span): boolean =>
  before.some((phrase) => findPhrase(phrase, words, { fillers, accepts: ({ from: start, to }) => to === from && start < from }) !== null);

const isFollowedBy = (list: Phrase[], words: Words, at: number): boolean =>
  list.some((phrase) => findPhrase(phrase, words, { fillers, accepts: ({ from }) => from === at }) !== null);

/** The only thing that a message says, without what changes nothing; null when it says more. */
function lonely(sentences: Words[]): string | null {
  const said = partsOf(sentences);
  return said.length === 1 ? (said[0] ?? null) : null;
}

/** "Stop. You have the wrong number.": the lone word needs the rest to be plain, since "Stop! I'm blushing" is not. */
function revokesBeside(sentences: Words[]): boolean {
  return partsOf(sentences).some((part) => REVOKING_WORDS.has(part)) && hasAny(sentences, SUPPORT);
}

/** What stands between the pauses, fillers aside, what is only fillers left out, said twice counted once. */
function partsOf(sentences: Words[]): string[] {
  const parts = sentences.flatMap((words) => words.join(' ').split(` ${PAUSE} `));
  const bare = parts.map((part) =>
    part
      .split(' ')
      .filter((word) => !fillers.has(word))
      .join(' '),
  );
  return [...new Set(bare.filter((part) => part !== ''))];
}
