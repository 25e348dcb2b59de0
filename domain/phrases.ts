/** A sentence as bare words; a comma stands for every pause inside it, and no phrase reaches across one. */
export type Words = readonly string[];
export const PAUSE = ',';

type Part = { kind: 'words'; choices: string[][]; optional: boolean } | { kind: 'gap'; upTo: number } | { kind: 'start' } | { kind: 'end' };

/** A phrase made ready to be looked for. */
export type Phrase = readonly Part[];

export type Vocabulary = {
  /** Names in angle brackets: 'me, us, this number'. */
  classes: Readonly<Record<string, string>>;
  /** Words that say nothing by themselves ("please"): a beginning or end may have them around it. */
  fillers: ReadonlySet<string>;
};

/**
 * Reads phrases as the tables write them: `stop|quit <writing> me?` is one of two words, one of a class, and perhaps "me"; `*2` is up to two words of any
 * kind; `^` and `$` are the beginning and the end between pauses, fillers aside. Throws for a class that is not there.
 */
export const phrases = (lines: readonly string[], vocabulary: Vocabulary): Phrase[] =>
  lines.map((line) => line.split(' ').map((part) => readPart(part, vocabulary)));

function readPart(text: string, { classes }: Vocabulary): Part {
  if (text === '^') return { kind: 'start' };
  if (text === '$') return { kind: 'end' };
  if (/^\*\d$/.test(text)) return { kind: 'gap', upTo: Number(text[1]) };
  const optional = text.endsWith('?');
  const choices = (optional ? text.slice(0, -1) : text).split('|').flatMap((choice) => choicesOf(choice, classes));
  return { kind: 'words', choices, optional };
}

function choicesOf(choice: string, classes: Vocabulary['classes']): string[][] {
  const name = /^<(.+)>$/.exec(choice)?.[1];
  if (name === undefined) return [[choice]];
  const words = classes[name];
  if (words === undefined) throw new Error(`no words are called <${name}>`);
  return words.split(', ').map((word) => word.split(' '));
}

export type Span = { from: number; to: number };

/** The first place where a phrase stands in a sentence and `accepts` takes it, or null. */
export function findPhrase(
  phrase: Phrase,
  words: Words,
  context: { fillers: Vocabulary['fillers']; accepts?: (span: Span) => boolean },
): Span | null {
  const { fillers, accepts = () => true } = context;
  for (let from = 0; from < words.length; from++) {
    const found: Span = { from, to: from };
    const takes = (to: number): boolean => accepts({ from, to }) && ((found.to = to), true);
    if (matches({ phrase, words, fillers, takes }, { part: 0, at: from })) return found;
  }
  return null;
}

type Search = { phrase: Phrase; words: Words; fillers: ReadonlySet<string>; takes: (to: number) => boolean };
type Place = { part: number; at: number };

/** Tries every way in which the rest of a phrase may stand from a place on. */
function matches(search: Search, { part, at }: Place): boolean {
  const next = search.phrase[part];
  if (next === undefined) return search.takes(at);
  const goOn = (to: number): boolean => matches(search, { part: part + 1, at: to });
  switch (next.kind) {
    case 'start':
      return onlyFillers(search, { at: at - 1, step: -1 }) && goOn(at);
    case 'end':
      return onlyFillers(search, { at, step: 1 }) && goOn(at);
    case 'gap':
      return skips(search.words, at, next.upTo).some(goOn);
    case 'words':
      return next.choices.some((choice) => stands(choice, search.words, at) && goOn(at + choice.length)) || (next.optional && goOn(at));
  }
}

const stands = (choice: string[], words: Words, at: number): boolean => choice.every((word, i) => words[at + i] === word);

function onlyFillers({ words, fillers }: Search, { at, step }: { at: number; step: 1 | -1 }): boolean {
  for (let i = at; i >= 0 && i < words.length; i += step) {
    const word = words[i] ?? PAUSE;
    if (word === PAUSE) return true;
    if (!fillers.has(word)) return false;
  }
  return true;
}

/** The places after none, one … `upTo` words, the nearest first. */
function skips(words: Words, at: number, upTo: number): number[] {
  const pause = words.indexOf(PAUSE, at);
  const last = Math.min(at + upTo, pause < 0 ? words.length : pause);
  return Array.from({ length: Math.max(0, last - at) + 1 }, (_, i) => at + i);
}
