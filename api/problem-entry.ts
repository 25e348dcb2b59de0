import type { Locale } from '../domain/message';

type Text = Record<Locale, string>;
/** One code: its status, and what a person reads in both languages. Details stay under 200 characters. */
export type ProblemEntry = { status: number; title: Text; detail: Text };

export const entry = (status: number, title: [en: string, es: string], detail: [en: string, es: string]): ProblemEntry => ({
  status,
  title: { en: title[0], es: title[1] },
  detail: { en: detail[0], es: detail[1] },
});
