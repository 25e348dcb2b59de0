import { z } from 'zod';
import type { SandboxTemplates } from '../templates';

const Parameter = z.strictObject({ type: z.literal('text'), text: z.string() });

const Base = {
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual').optional(),
  to: z
    .string()
    .regex(/^\d{7,15}$/)
    .optional(),
  recipient: z
    .string()
    .regex(/^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/)
    .optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
};

const Body = z.discriminatedUnion('type', [
  z.strictObject({
    ...Base,
    type: z.literal('text'),
    text: z.strictObject({ body: z.string().min(1).max(4_096), preview_url: z.boolean().optional() }),
  }),
  z.strictObject({
    ...Base,
    type: z.literal('template'),
    template: z.strictObject({
      name: z.string().regex(/^[a-z0-9_]+$/),
      language: z.strictObject({ code: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/) }),
      components: z.array(z.strictObject({ type: z.literal('body'), parameters: z.array(Parameter) })).optional(),
    }),
  }),
]);

/** A message that is in order: to whom (E.164 or Meta's id of them), what it says, and whether it is free text. */
export type Checked = { to: string; body: string; free: boolean; callbackData: string | null };

/** What Meta finds wrong with a request, as its code; https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, 2026-11. */
export function checkMessage(asked: unknown, templates: SandboxTemplates): Checked | { code: number } {
  const read = Body.safeParse(asked);
  if (!read.success) return { code: INVALID };
  const { data } = read;
  const to = data.to === undefined ? data.recipient : `+${data.to}`;
  if (to === undefined) return { code: MISSING };
  const about = { to, callbackData: data.biz_opaque_callback_data ?? null };
  if (data.type === 'text') return { ...about, body: data.text.body, free: true };
  const values = (data.template.components ?? []).flatMap(({ parameters }) => parameters.map(({ text }) => text));
  if (values.some((value) => value.trim() === '' || /[\n\t]| {5}/.test(value))) return { code: INVALID };
  const filled = templates.fill('meta', data.template.name, values);
  return 'refused' in filled ? { code: REFUSED_BY_STATUS[filled.refused] } : { ...about, body: filled.body, free: false };
}

const INVALID = 100;
const MISSING = 131008;
const REFUSED_BY_STATUS = { pending: 132001, rejected: 132001, paused: 132015, count: 132000 } as const;
