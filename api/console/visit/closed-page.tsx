import type { Locale } from '../../../domain/message';
import { CallUs, Frame } from './frame';
import type { LinkOwner } from './opened';
import type { Closed } from './wording';
import { visitWords } from './words';

type Props = { kind: Closed; owner: LinkOwner | null; locale: Locale; inOtherLanguage: string; stylesheet: string };

/** There is nothing to show, and this is what to do about it. Names the business when the link is one of ours; never the visit. */
export function ClosedPage({ kind, owner, locale, inOtherLanguage, stylesheet }: Props) {
  const { title, text } = visitWords(locale).closed[kind];
  return (
    <Frame title={title} business={owner?.businessName ?? null} {...{ locale, inOtherLanguage, stylesheet }}>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {owner && <CallUs business={owner.businessName} phone={owner.phone} locale={locale} again />}
    </Frame>
  );
}
