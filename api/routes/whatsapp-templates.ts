import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { deleteWhatsAppTemplate, insertWhatsAppTemplate, listWhatsAppTemplates, updateWhatsAppTemplate } from '../../db/whatsapp-templates';
import { asksFor, TEMPLATE_VARIABLES } from '../../domain/whatsapp';
import {
  presentWhatsAppTemplate,
  TEMPLATE_CATEGORIES,
  TEMPLATE_STATUSES,
  TEMPLATE_VENDORS,
  WhatsAppTemplateView,
} from '../presenters/channel';
import { invalidField } from '../problem';
import { route } from '../route';
import { ById, localeIn, text } from '../wire';

const tag = 'Channels';

const wording = text(1_024).meta({ example: 'Hi {{1}}, your visit is on {{2}}.' });
const variables = z.array(z.enum(TEMPLATE_VARIABLES)).max(10);
const rejectedReason = text(500).nullable();
/** Twilio's content sid (HX…), or a name at Meta. */
const externalId = z
  .string()
  .trim()
  .regex(/^(HX[0-9a-f]{32}|[a-z0-9_]{1,512})$/, 'HX… at Twilio, the name at Meta');

const list = route(
  {
    method: 'get',
    path: '/whatsapp-templates',
    tag,
    summary: 'Templates for WhatsApp, by rule and language',
    role: 'viewer',
    response: z.object({ data: z.array(WhatsAppTemplateView), next_cursor: z.null() }),
  },
  async ({ tx }) => ({ data: (await listWhatsAppTemplates(tx)).map(presentWhatsAppTemplate), nextCursor: null }),
);

const create = route(
  {
    method: 'post',
    path: '/whatsapp-templates',
    tag,
    summary: 'Name the template that WhatsApp has for a rule and language',
    description:
      'Outside the 24 hours after a person’s last WhatsApp message only an approved template may go. Marketing templates are never sent to +1 numbers, to which WhatsApp delivers none.',
    action: 'whatsapp_template.created',
    role: 'admin',
    body: z.object({
      vendor: z.enum(TEMPLATE_VENDORS),
      rule: text(64).meta({ example: '1d' }),
      locale: localeIn,
      external_id: externalId,
      language: z
        .string()
        .regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'a language like en or es_MX')
        .optional(),
      category: z.enum(TEMPLATE_CATEGORIES),
      status: z.enum(TEMPLATE_STATUSES).default('pending'),
      rejected_reason: rejectedReason.default(null),
      wording,
      variables,
    }),
    status: 201,
    response: WhatsAppTemplateView,
    problems: ['already_exists'],
  },
  async ({ tx, body, now }) => {
    check(body);
    return presentWhatsAppTemplate(await insertWhatsAppTemplate(tx, { id: newId(), ...body, language: body.language ?? body.locale, now }));
  },
);

const edit = route(
  {
    method: 'patch',
    path: '/whatsapp-templates/:id',
    tag,
    summary: 'Change a template: its review at WhatsApp, its wording',
    action: 'whatsapp_template.updated',
    role: 'admin',
    params: ById,
    body: z.object({
      external_id: externalId.optional(),
      category: z.enum(TEMPLATE_CATEGORIES).optional(),
      status: z.enum(TEMPLATE_STATUSES).optional(),
      rejected_reason: rejectedReason.optional(),
      wording: wording.optional(),
      variables: variables.optional(),
    }),
    response: WhatsAppTemplateView,
  },
  async ({ tx, params, body, ifVersion, now }) => {
    const changed = await updateWhatsAppTemplate(tx, { id: params.id, fields: body, ifVersion, now });
    check(changed);
    return presentWhatsAppTemplate(changed);
  },
);

const remove = route(
  {
    method: 'delete',
    path: '/whatsapp-templates/:id',
    tag,
    summary: 'Forget a template',
    action: 'whatsapp_template.deleted',
    role: 'admin',
    params: ById,
    status: 204,
  },
  async ({ tx, params }) => deleteWhatsAppTemplate(tx, params.id),
);

function check({ wording: said, variables: names }: { wording: string; variables: readonly string[] }): void {
  if (!asksFor(said, names.length)) throw invalidField('wording', 'must use {{1}} to {{n}}, one for each variable');
}

export const whatsAppTemplateRoutes = [list, create, edit, remove];
