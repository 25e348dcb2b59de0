import { z } from 'zod';
import type { ChannelSetting } from '../../db/channel-settings';
import type { WhatsAppTemplateRow } from '../../db/whatsapp-templates';
import { TEMPLATE_VARIABLES } from '../../domain/whatsapp';
import { id, instantOut, localeIn } from '../wire';

export const SETTABLE_CHANNELS = ['sms', 'whatsapp'] as const;
export const CHANNEL_VENDORS = ['twilio', 'meta', 'off'] as const;

export const ChannelSettingView = z
  .object({
    channel: z.enum(SETTABLE_CHANNELS),
    vendor: z.enum(CHANNEL_VENDORS),
    sender: z.string().nullable().meta({ description: "SMS: null means the business's first number, else the platform's" }),
    version: z.int().meta({ description: '0: never changed' }),
    updated_at: instantOut.nullable(),
  })
  .meta({ id: 'ChannelSetting' });

export const presentChannelSetting = ({ channel, vendor, sender, version, updatedAt }: ChannelSetting) => ({
  channel,
  vendor,
  sender,
  version,
  updatedAt,
});

export const TEMPLATE_VENDORS = ['twilio', 'meta'] as const;
export const TEMPLATE_CATEGORIES = ['utility', 'marketing'] as const;
export const TEMPLATE_STATUSES = ['pending', 'approved', 'rejected', 'paused'] as const;

export const WhatsAppTemplateView = z
  .object({
    id,
    vendor: z.enum(TEMPLATE_VENDORS),
    rule: z.string(),
    locale: localeIn,
    external_id: z.string(),
    language: z.string(),
    category: z.enum(TEMPLATE_CATEGORIES),
    status: z.enum(TEMPLATE_STATUSES),
    rejected_reason: z.string().nullable(),
    wording: z.string(),
    variables: z.array(z.enum(TEMPLATE_VARIABLES)),
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'WhatsAppTemplate' });

export const presentWhatsAppTemplate = ({
  id: templateId,
  vendor,
  rule,
  locale,
  externalId,
  language,
  category,
  status,
  rejectedReason,
  wording,
  variables,
  version,
  createdAt,
  updatedAt,
}: WhatsAppTemplateRow) => ({
  id: templateId,
  vendor,
  rule,
  locale,
  externalId,
  language,
  category,
  status,
  rejectedReason,
  wording,
  variables,
  version,
  createdAt,
  updatedAt,
});
