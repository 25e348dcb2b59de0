import type { Locale } from '../../../domain/message';
import type { Problem } from '../../problem';
import { PROBLEMS } from '../../problem-codes';
import { refusalWords } from './refusals';
import { Door, Shell, type Frame } from './shell';
import { shellWords } from './words';

/** What could not be shown or done, in words for the desk, and the way on. */
export function TroublePage({ frame, locale, problem }: { frame: Frame | null; locale: Locale; problem: Problem }) {
  const { title } = PROBLEMS[problem.code];
  const content = (
    <>
      <h1>{title[locale]}</h1>
      <p class="lead">{refusalWords(problem.code, locale)}</p>
      <p>
        <a class="button" href="/">
          {shellWords(locale).home}
        </a>
      </p>
    </>
  );
  if (frame === null)
    return (
      <Door locale={locale} path="/" title={title[locale]}>
        {content}
      </Door>
    );
  return (
    <Shell frame={frame} title={title[locale]}>
      {content}
    </Shell>
  );
}
