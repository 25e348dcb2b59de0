import type { Locale } from '../../../domain/message';
import type { VisitWords } from './wording';
import { english } from './words-en';
import { spanish } from './words-es';

const WORDS: Record<Locale, VisitWords> = { en: english, es: spanish };

/** What the pages of a visit say in a language. */
export const visitWords = (locale: Locale): VisitWords => WORDS[locale];
