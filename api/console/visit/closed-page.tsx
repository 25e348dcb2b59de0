import type { LinkedVisit } from '../../../db/links';
import type { Locale } from '../../../domain/message';
import { CallUs, Frame } from './frame';
import type { Closed } from './wording';
import { visitWords } from './words';

type Props = { kind: Closed; visit: LinkedVisit | null; locale: Locale; inOtherLanguage: string; stylesheet: string };

/** There is nothing to show, and this is what to do about it. Names the business when the link is one of ours; never the visit. */
export function ClosedPage({ kind, visit, locale, inOtherLanguage, stylesheet }: Props) {
  const { title, text } = visitWords(locale).closed[kind];
  return (
    <Frame title={title} business={visit?.businessName ?? null} {...{ locale, inOtherLanguage, stylesheet }}>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {visit && <CallUs business={visit.businessName} phone={visit.phone} locale={locale} again />}
    </Frame>
  );
}
