import type { Locale } from '../domain/message';
import type { Instant } from '../domain/time';
import type { TemplateVariable } from '../domain/whatsapp';
import { editRow, type Edit } from './editing';
import { one } from './errors';
import type { Tx } from './tenancy';

export type WhatsAppTemplateRow = {
  id: string;
  vendor: 'twilio' | 'meta';
  rule: string;
  locale: Locale;
  /** Twilio's content sid (HX…) or Meta's name. */
  externalId: string;
  /** As WhatsApp approved it, such as en_US. */
  language: string;
  category: 'utility' | 'marketing';
  status: 'pending' | 'approved' | 'rejected' | 'paused';
  rejectedReason: string | null;
  /** With {{1}}, {{2}}, … */
  wording: string;
  variables: TemplateVariable[];
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
};

/** The template that WhatsApp has approved for a rule and language, or undefined. */
export async function findApprovedTemplate(
  tx: Tx,
  by: { vendor: 'twilio' | 'meta'; rule: string; locale: Locale },
): Promise<WhatsAppTemplateRow | undefined> {
  const [row] = await tx('whatsappTemplates')
    .where({ ...by, status: 'approved' })
    .select<WhatsAppTemplateRow[]>('*');
  return row;
}

/** When a person last wrote on WhatsApp, or null: the window for free text opens with it (R41). */
export async function findLastWhatsApp(tx: Tx, contactId: string): Promise<Instant | null> {
  const [row] = await tx('messages')
    .where({ contactId, direction: 'in', channel: 'whatsapp' })
    .orderBy('createdAt', 'desc')
    .limit(1)
    .select<{ createdAt: Instant }[]>('createdAt');
  return row?.createdAt ?? null;
}

/** In the order of rules. */
export async function listWhatsAppTemplates(tx: Tx): Promise<WhatsAppTemplateRow[]> {
  return tx('whatsappTemplates').orderBy(['rule', 'locale', 'vendor']).select<WhatsAppTemplateRow[]>('*');
}

type NewTemplate = Omit<WhatsAppTemplateRow, 'version' | 'createdAt' | 'updatedAt'> & { now: Instant };

/** Throws a duplicate (23505): one template for each vendor, rule and language. */
export async function insertWhatsAppTemplate(tx: Tx, { now, ...row }: NewTemplate): Promise<WhatsAppTemplateRow> {
  const rows = await tx('whatsappTemplates')
    .insert({ businessId: tx.raw('current_business()'), ...row, createdAt: now, updatedAt: now })
    .returning<WhatsAppTemplateRow[]>('*');
  return one('WhatsApp template', rows);
}

/** Throws RowChanged, RowMissing. */
export function updateWhatsAppTemplate(tx: Tx, edit: Edit): Promise<WhatsAppTemplateRow> {
  return editRow<WhatsAppTemplateRow>(tx, { table: 'whatsappTemplates', what: 'WhatsApp template' }, edit);
}

/** Throws RowMissing. Messages that were sent by it keep what they said. */
export async function deleteWhatsAppTemplate(tx: Tx, id: string): Promise<void> {
  const gone = await tx('whatsappTemplates').where({ id }).delete().returning<{ id: string }[]>('id');
  one('WhatsApp template', gone);
}
