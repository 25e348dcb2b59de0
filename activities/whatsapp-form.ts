import type { MessageRow, TemplateContent } from '../db/messages';
import type { BusinessFacts, ContactFacts } from '../db/plan-facts';
import type { Tx } from '../db/tenancy';
import type { WhatsAppTemplateRow } from '../db/whatsapp-templates';
import { findApprovedTemplate, findLastWhatsApp } from '../db/whatsapp-templates';
import type { MessageVars } from '../domain/templates/vars';
import type { Instant } from '../domain/time';
import type { WhatsAppForm } from '../domain/whatsapp';
import { fillTemplate, whatsAppForm } from '../domain/whatsapp';

export type Form = WhatsAppForm<WhatsAppTemplateRow>;

type Asked = { message: MessageRow; business: BusinessFacts; contact: ContactFacts; now: Instant };

/** How a message goes on WhatsApp; any other channel takes text. Read at the message's turn: the 24 hours run while it waits (R41). */
export async function readForm(tx: Tx, { message, business, contact, now }: Asked): Promise<Form> {
  const { channel, contactId, rule } = message;
  if (channel !== 'whatsapp' || contactId === null) return { kind: 'text' };
  const { whatsappVendor: vendor } = business;
  if (vendor === 'off') return { kind: 'none', reason: 'channel_unusable' };
  const template = await findApprovedTemplate(tx, { vendor, rule, locale: contact.contactLocale });
  return whatsAppForm({
    now,
    lastInboundAt: await findLastWhatsApp(tx, contactId),
    refusedAsText: message.reason === 'whatsapp_window',
    template: template ?? null,
    phone: contact.phone,
  });
}

/** What a template says once it is filled in, and how the vendor is asked for it. Nothing where free text goes. */
export function filledIn(form: Form, vars: MessageVars): { body?: string; content?: TemplateContent; templateId?: string } {
  if (form.kind !== 'template') return {};
  const { id, externalId, language, version } = form.template;
  const { body, variables } = fillTemplate(form.template, vars);
  return { body, content: { id: externalId, language, variables }, templateId: `whatsapp.${id}.${String(version)}` };
}
