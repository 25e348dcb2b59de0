import type { Report } from './measure';
import { fixed } from './measure';
import type { CorpusName } from './opt-out-corpus';
import { CORPUS_LABELS, LANGUAGES, missesOf, qualityOf, readCorpus } from './opt-out-corpus';

/** How well STOP, START and HELP are read in people's own words, per language and label (R31). */
export function optOut(): Promise<Report> {
  const missed = missesOf(readCorpus('held-out')).length;
  return Promise.resolve({
    title: 'Opt-out words',
    method:
      'Labelled texts in test/corpus/opt-out, read by the exact words (R30) and then by the rules for free text (domain/opt-out). The rules were tuned on the ' +
      'first set; the held-out one was written before them and never tuned on, by the same hands. `out`: plainly revokes; `none`: for a person to read.',
    rows: [['set', 'language', 'label', 'texts', 'precision', 'recall'], ...rowsOf('tuned'), ...rowsOf('held-out')],
    notes: [`Held-out texts read otherwise than labelled: ${String(missed)} of ${String(readCorpus('held-out').length)}.`],
  });
}

function rowsOf(name: CorpusName): string[][] {
  const all = readCorpus(name);
  return LANGUAGES.flatMap((language) => {
    const texts = all.filter((labelled) => labelled.language === language);
    return CORPUS_LABELS.map((label) => ({ label, ...qualityOf(texts, label) }))
      .filter(({ texts: count }) => count > 0)
      .map(({ label, texts: count, precision, recall }) => [name, language, label, String(count), percent(precision), percent(recall)]);
  });
}

const percent = (share: number | null): string => (share === null ? '–' : `${fixed(share * 100)} %`);
