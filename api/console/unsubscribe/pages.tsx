import type { Locale } from '../../../domain/message';
import type { Scope } from '../../unsubscribing';
import { Frame } from '../visit/frame';
import { STYLESHEET } from '../visit/link-page';
import { unsubscribeWords } from './words';

export type Page = {
  locale: Locale;
  business: string;
  /** As much of the address as its owner needs to know it by. */
  address: string;
  /** Chosen before the reader chooses. */
  scope: Scope;
  pathTo: (part?: string) => string;
  inOtherLanguage: string;
};

const SCOPES: Scope[] = ['marketing', 'all'];

/** Asks which e-mails to end. Looking at it ends nothing: programs that scan mails open every link. */
export function AskPage({ locale, business, address, scope, pathTo, inOtherLanguage }: Page) {
  const words = unsubscribeWords(locale);
  return (
    <Frame title={words.title(business)} stylesheet={STYLESHEET} {...{ locale, business, inOtherLanguage }}>
      <h1>{words.title(business)}</h1>
      <p class="lead">{words.lead(address)}</p>
      <form method="post" action={pathTo()}>
        <fieldset class="choices">
          <legend>{words.question}</legend>
          {SCOPES.map((each) => (
            <label class="choice">
              <input type="radio" name="scope" value={each} checked={each === scope} />
              <span>
                <strong>{words.scopes[each].label}</strong> {words.scopes[each].note}
              </span>
            </label>
          ))}
        </fieldset>
        <button class="button primary" type="submit">
          {words.button}
        </button>
      </form>
    </Frame>
  );
}

/** It is done; a slip can be taken back. */
export function DonePage({ locale, business, scope, pathTo, inOtherLanguage }: Page) {
  const { done, undo } = unsubscribeWords(locale);
  return (
    <Frame title={done.title} stylesheet={STYLESHEET} {...{ locale, business, inOtherLanguage }}>
      <h1>{done.title}</h1>
      <p class="lead" role="status">
        {done.texts[scope](business)}
      </p>
      <form method="post" action={pathTo('/undo')}>
        <p>{undo.question}</p>
        <button class="button" type="submit">
          {undo.button}
        </button>
      </form>
    </Frame>
  );
}

export function UndonePage({ locale, business, inOtherLanguage }: Page) {
  const { undo } = unsubscribeWords(locale);
  return (
    <Frame title={undo.title} stylesheet={STYLESHEET} {...{ locale, business, inOtherLanguage }}>
      <h1>{undo.title}</h1>
      <p class="lead" role="status">
        {undo.text(business)}
      </p>
    </Frame>
  );
}
