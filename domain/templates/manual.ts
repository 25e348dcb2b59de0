import type { Channel, Locale } from '../message';
import type { OwnClass, TextSource } from './template';
import { OWN } from './variables';
import type { Wording } from './wording';

/** What somebody of the business wrote by hand, to one person. */
export type ManualText = { body: string; subject: string | null };
type Asked = { text: ManualText; messageClass: OwnClass; channel: Channel; locale: Locale; businessName: string };

/** A text written by hand, as a template that was never saved: it may name variables, says who writes, and how to opt out where that is due. */
export function manualWording({ text, messageClass, channel, locale, businessName }: Asked): Wording {
  return {
    template: { messageClass, variables: OWN, needsWhen: false, speaksOfOptOut: false },
    source: channel === 'email' ? letter(text, { locale, businessName }) : { subject: null, body: signed(text.body, businessName) },
    own: true,
    templateId: `manual.${channel}.${locale}`,
  };
}

/** Below a letter the business's name stands by itself. */
const signed = (body: string, businessName: string): string =>
  /\{\{-?\s*business_name\b/.test(body) || body.toLowerCase().includes(businessName.toLowerCase()) ? body : `{{ business_name }}: ${body}`;

const letter = ({ body, subject }: ManualText, { locale, businessName }: Pick<Asked, 'locale' | 'businessName'>): TextSource => ({
  subject: subject ?? SUBJECTS[locale](businessName),
  body,
});

const SUBJECTS: Record<Locale, (businessName: string) => string> = {
  en: (businessName) => `A message from ${businessName}`,
  es: (businessName) => `Un mensaje de ${businessName}`,
};
