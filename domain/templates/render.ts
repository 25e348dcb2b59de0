import type { Channel, Locale, TemplateRule } from '../message';
import { isGsm7, plainSpelling } from '../sms-segments';
import { CATALOG } from './catalog';
import { letterHtml, letterText } from './letter';
import type { FooterLine } from './letter-html';
import { fillIn, variablesIn } from './liquid';
import { oneLine, readBody } from './markup';
import { PHRASES } from './phrases';
import { unprotected, withoutPrivateUse } from './protect';
import { blocksOf, valuesOf } from './scope';
import type { Frame, TextSource } from './template';
import { tidyVars, type MessageVars } from './vars';

export type RenderedMessage = { channel: 'sms'; text: string } | { channel: 'email'; subject: string; text: string; html: string };

type Asked = { channel: Channel; locale: Locale; vars: MessageVars };
export type MessageToRender = Asked & { rule: TemplateRule };
export type TemplateToRender = Asked & {
  template: Frame;
  source: TextSource;
  /** The business's own wording: an accent that it chose stays in a text, whatever it costs. */
  own: boolean;
};

const SMS_VALUE_LENGTH = 40;
const EMAIL_VALUE_LENGTH = 200;
/** The vendor refuses longer ones (21617). */
export const SMS_LENGTH = 1600;

/** A rule's default wording, filled in: see renderTemplate. */
export function renderMessage({ rule, ...asked }: MessageToRender): RenderedMessage {
  const template = CATALOG[rule];
  const words = template.words[asked.locale];
  return renderTemplate({ ...asked, template, source: asked.channel === 'email' ? words.email : words.sms, own: false });
}

/**
 * A template filled in. Texts are GSM-7 unless a name or the business's own wording needs more; nothing that a variable holds is read as Liquid, markup or HTML.
 * Throws RangeError for a template about a visit without `when`, LiquidError for wording that was never checked (check.ts).
 */
export function renderTemplate({ channel, ...asked }: TemplateToRender): RenderedMessage {
  const { template, vars } = asked;
  // A message about a visit that does not say when is worse than none.
  if (template.needsWhen && !vars.when) throw new RangeError('a message about a visit needs `when`');
  const firstMessage = vars.firstMessage === true || (template.messageClass === 'marketing' && channel !== 'email');
  const filled = { ...asked, vars: { ...vars, firstMessage } };
  return channel === 'email' ? letter(filled) : { channel: 'sms', text: shortened(fullText(filled)) };
}

type Filled = Omit<TemplateToRender, 'channel'>;

/** One text, however long, with the way out at its end where its words leave it out. */
export function fullText({ template, source: { body: written }, own, locale, vars }: Filled): string {
  const source = withoutPrivateUse(written);
  const values = valuesOf(tidyVars(vars, SMS_VALUE_LENGTH), { locale, medium: 'sms' });
  const body = fillIn(values.opt_out === null || saysOptOut(template, source) ? source : `${source} {{ opt_out }}`, values);
  const tidied = tidyLines(unprotected(body));
  return own && !isGsm7(source) ? tidied : plainSpelling(tidied);
}

const saysOptOut = ({ speaksOfOptOut }: Pick<Frame, 'speaksOfOptOut'>, source: string): boolean =>
  speaksOfOptOut || /\bSTOP\b/.test(source) || variablesIn(source).includes('opt_out');

function letter({ source, locale, vars }: Filled): RenderedMessage {
  const tidied = tidyVars(vars, EMAIL_VALUE_LENGTH);
  const values = valuesOf(tidied, { locale, medium: 'email' });
  const { marks, blocks } = blocksOf(tidied, locale);
  const subject = oneLine(fillIn(withoutPrivateUse(source.subject ?? ''), values));
  const body = readBody(fillIn(withoutPrivateUse(source.body), { ...values, ...marks }), blocks);
  const written = { locale, subject, body, footer: footerOf(tidied, locale) };
  return { channel: 'email', subject, text: letterText(written), html: letterHtml(written) };
}

function footerOf({ businessName, phone, postalAddress, unsubscribeUrl }: MessageVars, locale: Locale): FooterLine[] {
  const { labels, unsubscribe } = PHRASES[locale];
  return [
    businessName,
    ...(phone ? [`${labels.phone}: ${phone}`] : []),
    ...(postalAddress ? [postalAddress] : []),
    ...(unsubscribeUrl ? [{ label: unsubscribe, url: unsubscribeUrl }] : []),
  ];
}

/** Single spaces, and at most one empty line. */
const tidyLines = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** A safety net: the check refuses wording that comes near it. Half an emoji is none. */
const shortened = (text: string): string =>
  text.length <= SMS_LENGTH ? text : `${text.slice(0, SMS_LENGTH - 3).replace(/[\ud800-\udbff]$/, '')}...`;
