import { z } from 'zod';
import type { Locale } from '../domain/message';
import { checkTemplate, type OwnWords } from '../domain/templates/check';
import type { Frame } from '../domain/templates/template';
import { presentFinding } from './presenters/template';
import { invalid } from './problem';

// What is wrong with wording is the check's to say, all at once and with its place, so the shape here is generous.
const body = z.string().max(20_000);
const subject = z.string().max(500);
const text = z.strictObject({ body });
const letter = z.strictObject({ subject, body });

/** Wording on the wire: a channel that is left out keeps the default. Liquid; in an e-mail a line is a paragraph, "- " an item, "[label](address)" a link. */
export const wordsIn = {
  sms: z.strictObject({ en: text.optional(), es: text.optional() }).optional(),
  email: z.strictObject({ en: letter.optional(), es: letter.optional() }).optional(),
};
type WordsIn = z.output<z.ZodObject<typeof wordsIn>>;

/** As it is stored and checked. Null: nothing was worded. */
export function toOwnWords({ sms, email }: WordsIn): OwnWords | null {
  const words: OwnWords = {
    ...(sms && { sms: languages(sms, ({ body: written }) => ({ subject: null, body: written })) }),
    ...(email && { email: languages(email, (written) => written) }),
  };
  return Object.keys(words).length === 0 ? null : words;
}

function languages<From, To>({ en, es }: { en?: From | undefined; es?: From | undefined }, to: (from: From) => To): { en?: To; es?: To } {
  return { ...(en !== undefined && { en: to(en) }), ...(es !== undefined && { es: to(es) }) };
}

/** Refuses wording with mistakes, naming all of them and the warnings too: 422. */
export function refuseMistakes(frame: Frame, words: OwnWords, locale: Locale): void {
  const findings = checkTemplate(frame, words).map((finding) => presentFinding(finding, locale));
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return;
  const paths = errors.map(({ channel, locale: language, field, message }) => ({ path: `${channel}.${language}.${field}`, message }));
  throw invalid('template.mistakes', paths, { findings });
}
