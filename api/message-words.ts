import { findContact } from '../db/contacts';
import { findBusiness } from '../db/businesses';
import { findTemplate } from '../db/templates';
import type { Tx } from '../db/tenancy';
import type { Channel, Locale } from '../domain/message';
import { advertises } from '../domain/promotional';
import { checkTemplate, type Medium } from '../domain/templates/check';
import { manualWording, type ManualText } from '../domain/templates/manual';
import type { OwnClass } from '../domain/templates/template';
import { wordingOf, type Wording } from '../domain/templates/wording';
import { presentFinding } from './presenters/template';
import { invalid, invalidField } from './problem';

export type WordsAsked = {
  businessId: string;
  contactId: string;
  channel: Channel;
  templateId?: string | undefined;
  body?: string | undefined;
  subject?: string | undefined;
  class?: OwnClass | undefined;
};

/** The words of a message to one person, of a template or written by hand, in the person's language. Throws 422 for words that may not go so. */
export async function wordsFor(
  tx: Tx,
  asked: WordsAsked,
  reader: Locale,
): Promise<{ wording: Wording; locale: Locale; text: ManualText | null }> {
  const { locale } = await findContact(tx, asked.contactId);
  const { templateId, body } = asked;
  if ((templateId === undefined) === (body === undefined)) throw invalidField('body', 'either body or template_id');
  if (templateId !== undefined) return { wording: await ofTemplate(tx, { ...asked, templateId, locale }), locale, text: null };
  const text = { body: body ?? '', subject: asked.subject ?? null };
  const { name: businessName } = await findBusiness(tx, asked.businessId);
  const wording = manualWording({ text, messageClass: asked.class ?? 'notice', channel: asked.channel, locale, businessName });
  refuseByHand(wording, { channel: asked.channel, locale, reader });
  return { wording, locale, text };
}

async function ofTemplate(
  tx: Tx,
  { templateId, channel, locale, class: wanted }: WordsAsked & { templateId: string; locale: Locale },
): Promise<Wording> {
  const wording = wordingOf(templateId, await findTemplate(tx, templateId), { channel, locale });
  if (!wording) throw invalidField('template_id', 'no such template, or not for this channel');
  if (wanted !== undefined && wanted !== wording.template.messageClass)
    throw invalidField('class', `the template is ${wording.template.messageClass}`);
  return wording;
}

/** Added by us, or of no concern to one message in one language. */
const OURS: readonly string[] = ['business_not_named', 'opt_out_missing', 'missing_language'];

/** What is wrong with words that were written by hand: mistakes a template would be refused for, and an offer that calls itself a notice. */
function refuseByHand(
  { template, source }: Wording,
  { channel, locale, reader }: { channel: Channel; locale: Locale; reader: Locale },
): void {
  if (template.messageClass === 'notice' && advertises(`${source.subject ?? ''} ${source.body}`)) throw invalid('message.advertises');
  const medium: Medium = channel === 'email' ? 'email' : 'sms';
  const errors = checkTemplate(template, { [medium]: { [locale]: source } }).filter(
    ({ level, code }) => level === 'error' && !OURS.includes(code),
  );
  if (errors.length === 0) return;
  throw invalid(
    'template.mistakes',
    errors.map((finding) => ({ path: finding.field, message: presentFinding(finding, reader).message })),
  );
}
