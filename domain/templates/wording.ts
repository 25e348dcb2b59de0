import type { Channel, Locale } from '../message';
import { CATALOG, WORDING_VERSION } from './catalog';
import type { Medium, OwnWords } from './check';
import { liquidMistakes } from './liquid';
import type { Frame, OwnClass, Template, TextSource } from './template';
import { OWN } from './variables';

/** Keys of the business's own begin so, as rules are added with every release and must not meet them. */
export const OWN_KEY = /^own-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What the business saved; `words` null: it went back to the default, or took its own template away. */
export type Saved = { messageClass: OwnClass | null; words: OwnWords | null; version: number };

/** A rule's template. Null: no rule has this key. */
export const ruleTemplate = (key: string): Template | null => (Object.hasOwn(CATALOG, key) ? CATALOG[key as keyof typeof CATALOG] : null);

/** What a template is for: of a rule by its key, else of the business's own by its class. Null: there is no such template. */
export function frameOf(key: string, messageClass: OwnClass | null): Frame | null {
  const rule = ruleTemplate(key);
  if (rule) return rule;
  return messageClass === null ? null : { messageClass, variables: OWN, needsWhen: false, speaksOfOptOut: false };
}

export type Wording = {
  template: Frame;
  source: TextSource;
  /** The business's own words, not the default. */
  own: boolean;
  /** How the ledger names it: key, channel, language and version. */
  templateId: string;
};

/**
 * The words in force for one channel and language. Null: the template has none for it, or is none. Wording that a later release can no longer fill in, as it
 * took a variable away, gives way to the default: a reminder in our words is better than none.
 */
export function wordingOf(
  key: string,
  saved: Saved | undefined,
  { channel, locale }: { channel: Channel; locale: Locale },
): Wording | null {
  const medium: Medium = channel === 'email' ? 'email' : 'sms';
  const template = frameOf(key, saved?.messageClass ?? null);
  if (!template) return null;
  const named = (version: string | number) => ({ template, templateId: `${key}.${channel}.${locale}.${String(version)}` });
  const source = saved?.words?.[medium]?.[locale];
  if (saved && source && stillFits(source, template)) return { ...named(saved.version), source, own: true };
  const standard = defaultOf(key, { medium, locale });
  return standard && { ...named(`default-${String(WORDING_VERSION)}`), source: standard, own: false };
}

const defaultOf = (key: string, { medium, locale }: { medium: Medium; locale: Locale }): TextSource | null =>
  ruleTemplate(key)?.words[locale][medium] ?? null;

const stillFits = ({ subject, body }: TextSource, { variables }: Frame): boolean =>
  liquidMistakes(body, variables).length === 0 && liquidMistakes(subject ?? '', variables).length === 0;
