import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { ComponentChildren } from 'preact';
import type { Locale } from '../../../domain/message';
import { visitWords } from './words';

type Props = {
  locale: Locale;
  title: string;
  /** null when we do not know whose visit it is */
  business: string | null;
  inOtherLanguage: string;
  stylesheet: string;
  children: ComponentChildren;
};

/** What all pages of a visit share. */
export function Frame({ locale, title, business, inOtherLanguage, stylesheet, children }: Props) {
  const other = locale === 'en' ? 'es' : 'en';
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={stylesheet} />
      </head>
      <body>
        <header>
          <p class="business">{business}</p>
          <a class="language" href={inOtherLanguage} lang={other} hreflang={other}>
            {visitWords(locale).otherLanguage}
          </a>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}

type CallProps = { business: string; phone: string | null; locale: Locale; again?: boolean };

/** How to reach the people: the way out of every page. */
export function CallUs({ business, phone, locale, again = false }: CallProps) {
  const { call, callAgain, contact } = visitWords(locale);
  if (phone === null) return <p class="call">{contact(business)}</p>;
  return (
    <p class="call">
      {again ? callAgain(business) : call(business)}{' '}
      <a class="phone" href={`tel:${phone.replace(/[^\d+]/g, '')}`}>
        {parsePhoneNumberFromString(phone)?.formatInternational() ?? phone}
      </a>
    </p>
  );
}

/** The outcome of what was just done, read out by screen readers. */
export const Notice = ({ text, trouble = false }: { text: string; trouble?: boolean }) => (
  <p class={trouble ? 'notice trouble' : 'notice'} role={trouble ? 'alert' : 'status'}>
    {text}
  </p>
);
