import type { Locale, MessageClass } from '../message';
import type { VariableName } from './variables';

/** Liquid. A text has no subject. The body of an e-mail: a line is a paragraph, "- " an item, "[label](address)" a link (markup.ts). */
export type TextSource = { subject: string | null; body: string };
export type Words = { sms: TextSource; email: TextSource };

/** What a template of the business's own may be: answers and reminders belong to rules. */
export type OwnClass = 'notice' | 'marketing';

/** What a template is for, whatever its words. */
export type Frame = {
  messageClass: MessageClass;
  /** The variables it may name. */
  variables: readonly VariableName[];
  /** It speaks of one visit or day: never rendered without `when`. */
  needsWhen: boolean;
  /** It is about opting out itself, in words that R33 prescribes: no business changes them, no further sentence about opting out follows. */
  speaksOfOptOut: boolean;
};
export type Template = Frame & { words: Record<Locale, Words> };

/**
 * "Bella Salon: Hi Ana. <says> Reply STOP to opt out. Details: https://…": who writes comes first, and the link last, where nothing sticks to it.
 * Without a link the way out comes last by itself (render.ts).
 */
export function sms(
  says: string,
  { greets = false, asks = false, link }: { greets?: boolean; asks?: boolean; link?: string } = {},
): TextSource {
  const parts = [
    '{{ business_name }}:',
    greets ? '{{ greeting }}' : '',
    says,
    asks ? '{{ how_to_confirm }}' : '',
    link === undefined ? '' : `{{ opt_out }} {% if link %}${link}: {{ link }}{% endif %}`,
  ];
  return { subject: null, body: parts.filter(Boolean).join(' ') };
}

/** The name of the business stands below every letter, with its telephone number. */
export const email = (subject: string, ...lines: string[]): TextSource => ({ subject, body: lines.join('\n\n') });
