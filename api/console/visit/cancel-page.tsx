import { Frame } from './frame';
import { Details, PostButton, type VisitPageProps } from './visit-page';
import { visitWords } from './words';

/** Asks first: a visit given up cannot be taken back. */
export function CancelPage({ opened, form, stylesheet }: VisitPageProps) {
  const { visit, locale, when, pathTo, inOtherLanguage } = opened;
  const words = visitWords(locale);
  return (
    <Frame title={words.cancelTitle} business={visit.businessName} {...{ locale, inOtherLanguage, stylesheet }}>
      <h1>{words.cancelTitle}</h1>
      <p class="lead">
        <strong>{when}.</strong> {words.cancelText}
      </p>
      <Details visit={visit} locale={locale} />
      <PostButton action={pathTo('/cancel')} form={form} label={words.cancelYes} kind="danger" />
      <a class="button" href={pathTo()}>
        {words.cancelNo}
      </a>
    </Frame>
  );
}
