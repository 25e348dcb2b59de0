import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptOut } from '../domain/opt-out';
import { ROOT } from '../scripts/lib/environment';

export const CORPUS_LABELS = ['out', 'in', 'help', 'none'] as const;
export type Label = (typeof CORPUS_LABELS)[number];
export const LANGUAGES = ['en', 'es', 'mixed'] as const;
type Language = (typeof LANGUAGES)[number];

/** A text that somebody might write to a business, and what it asks of us. */
type Labelled = { label: Label; language: Language; text: string };
/** One that the rules read otherwise. */
type Miss = Labelled & { read: Label };

/** `tuned`: the rules were written to get these right. `held-out`: written before the rules, never tuned on. */
export type CorpusName = 'tuned' | 'held-out';

/** Throws for a line that is none of ours. */
export function readCorpus(name: CorpusName): Labelled[] {
  const lines = readFileSync(join(ROOT, 'test', 'corpus', 'opt-out', `${name}.txt`), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(readLine);
}

function readLine(line: string): Labelled {
  const [, label, language, text] = /^(out|in|help|none) (en|es|mixed) (.+)$/.exec(line) ?? [];
  if (label === undefined || language === undefined || text === undefined) throw new Error(`not a labelled text: ${line}`);
  return { label: label as Label, language: language as Language, text: text.replaceAll('\\n', '\n') };
}

const readingOf = (text: string): Label => readOptOut(text, { askedToResubscribe: false })?.kind ?? 'none';

export const missesOf = (texts: Labelled[]): Miss[] =>
  texts.map((labelled) => ({ ...labelled, read: readingOf(labelled.text) })).filter(({ label, read }) => label !== read);

/** Of those read as the label, how many are (precision); of those that are, how many were read so (recall). Null: there are none. */
export type Quality = { texts: number; precision: number | null; recall: number | null };

export function qualityOf(texts: Labelled[], label: Label): Quality {
  const are = texts.filter((labelled) => labelled.label === label);
  const read = texts.filter(({ text }) => readingOf(text) === label);
  const right = read.filter((labelled) => labelled.label === label).length;
  const share = (of: number): number | null => (of === 0 ? null : right / of);
  return { texts: are.length, precision: share(read.length), recall: share(are.length) };
}
