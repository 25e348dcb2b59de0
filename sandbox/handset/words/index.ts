import type { Locale } from '../../../domain/message';
import type { Words } from './en';
import { english } from './en';
import { spanish } from './es';

export type { Words } from './en';

/** The interface's language: the one asked for, else the reader's, else English. */
export function chooseLocale(asked: string | null, acceptLanguage: string): Locale {
  if (asked === 'en' || asked === 'es') return asked;
  const first = acceptLanguage
    .toLowerCase()
    .split(',')
    .map((part) => part.trim().slice(0, 2))
    .find((language) => language === 'en' || language === 'es');
  return first === 'es' ? 'es' : 'en';
}

export const wordsIn = (locale: Locale): Words => (locale === 'es' ? spanish : english);
