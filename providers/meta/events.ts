import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TextEvent, TextProgress } from '../whatsapp/port';
import { metaRefusalOf } from './codes';
import type { ParseMetaWebhook } from './port';

/** A delivery holds entries, changes and, in each, statuses or messages: one event or a thousand. */
export const parseMetaWebhook: ParseMetaWebhook = (body) => {
  const read = Delivery.safeParse(jsonOf(body));
  if (!read.success) return null;
  return read.data.entry.flatMap(({ id, changes }) =>
    changes.flatMap(({ field, value }) => {
      const alone = (one: Record<string, unknown>): unknown => ({
        object: 'whatsapp_business_account',
        entry: [{ id, changes: [{ field, value: { messaging_product: 'whatsapp', metadata: value.metadata, ...one } }] }],
      });
      return [
        ...value.statuses.map((status) => ({ event: statusEvent(status), raw: alone({ statuses: [status] }) })),
        ...value.messages.map((message) => ({
          event: messageEvent({ message, contacts: value.contacts, sender: value.metadata.phone_number_id }),
          raw: alone({ contacts: value.contacts, messages: [message] }),
        })),
      ];
    }),
  );
};

const Contact = z.looseObject({ wa_id: z.string().optional(), user_id: z.string().optional(), previous_user_id: z.string().optional() });

const Delivery = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(
    z.object({
      id: z.string().catch(''),
      changes: z.array(
        z.object({
          field: z.string(),
          value: z.object({
            metadata: z.looseObject({ phone_number_id: z.string().catch('') }).catch({ phone_number_id: '' }),
            contacts: z.array(Contact).catch([]),
            statuses: z.array(z.unknown()).catch([]),
            messages: z.array(z.unknown()).catch([]),
          }),
        }),
      ),
    }),
  ),
});

const PROGRESS: Record<string, TextProgress> = {
  sent: { status: 'sent', rank: 3 },
  delivered: { status: 'delivered', rank: 4 },
  failed: { status: 'failed', rank: 4 },
  read: { status: 'delivered', rank: 5 },
};

const Status = z.object({
  id: z.string().min(1),
  status: z.string(),
  biz_opaque_callback_data: z.string().nullable().catch(null),
  errors: z.array(z.object({ code: z.number() })).catch([]),
});

function statusEvent(raw: unknown): TextEvent {
  const read = Status.safeParse(raw);
  if (!read.success) return unread(raw);
  const { id: vendorId, status, biz_opaque_callback_data: messageId, errors } = read.data;
  const eventId = `${vendorId}:${status}`;
  const progress = Object.hasOwn(PROGRESS, status) ? PROGRESS[status] : undefined;
  if (!progress) return { kind: 'ignored', eventId };
  const code = errors[0]?.code;
  const failed = progress.status === 'failed';
  const refusal = failed ? metaRefusalOf(code ?? 0) : null;
  const vendorCode = failed && code !== undefined ? String(code) : null;
  return { kind: 'status', vendor: 'meta', eventId, vendorId, messageId, refusal, vendorCode, ...progress };
}

const Captioned = z.object({ caption: z.string().optional() }).optional().catch(undefined);
const Titled = z.object({ title: z.string() }).optional().catch(undefined);

const Message = z.object({
  id: z.string().min(1),
  type: z.string(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  text: z.object({ body: z.string() }).optional().catch(undefined),
  button: z.object({ text: z.string() }).optional().catch(undefined),
  interactive: z.object({ button_reply: Titled, list_reply: Titled }).optional().catch(undefined),
  image: Captioned,
  video: Captioned,
  document: Captioned,
});
type Message = z.infer<typeof Message>;

type Said = { message: unknown; contacts: z.infer<typeof Contact>[]; sender: string };

/** What WhatsApp says of itself (a changed number, a reaction) is no message of a person. */
const NO_MESSAGES = ['system', 'reaction', 'unsupported', 'request_welcome', 'ephemeral'];

function messageEvent({ message: raw, contacts, sender }: Said): TextEvent {
  const read = Message.safeParse(raw);
  if (!read.success) return unread(raw);
  const message = read.data;
  if (NO_MESSAGES.includes(message.type)) return { kind: 'ignored', eventId: message.id };
  const { phone, identity } = personOf(message, contacts);
  const from = phone ?? identity?.id;
  if (from === undefined) return { kind: 'ignored', eventId: message.id };
  return {
    kind: 'inbound',
    vendor: 'meta',
    channel: 'whatsapp',
    eventId: message.id,
    vendorId: message.id,
    from,
    phone,
    identity,
    to: sender,
    body: textOf(message),
    // Meta names ids of files, not addresses: what came is said in the text.
    media: [],
    // Meta answers no keyword: STOP is ours to obey and to confirm.
    answeredByVendor: null,
  };
}

type Person = { phone: string | null; identity: { id: string; previousId: string | null } | null };

/** The message names number and id where it can, and its contact both. */
function personOf({ from, from_user_id: userId }: Message, contacts: Said['contacts']): Person {
  const contact = contacts.find(({ wa_id, user_id }) => wa_id === from || user_id === userId) ?? contacts[0] ?? {};
  const id = userId ?? contact.user_id;
  const identity = id === undefined ? null : { id, previousId: contact.previous_user_id ?? null };
  return { phone: phoneOf(from ?? contact.wa_id), identity };
}

/** A picture says what is written under it, else that it is one. */
function textOf({ type, text, button, interactive, image, video, document }: Message): string {
  const answers = [interactive?.button_reply, interactive?.list_reply].map((answer) => answer?.title);
  const captions = [image, video, document].map((file) => file?.caption);
  return [text?.body, button?.text, ...answers, ...captions].find((said) => said !== undefined) ?? `[${type}]`;
}

const phoneOf = (waId: string | undefined): string | null => (waId !== undefined && /^\d{7,15}$/.test(waId) ? `+${waId}` : null);

/** Stable, so that a repeat of an event we cannot read is still a repeat. */
const unread = (raw: unknown): TextEvent => ({
  kind: 'ignored',
  eventId: `unread:${createHash('sha256').update(JSON.stringify(raw)).digest('hex').slice(0, 32)}`,
});

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // not JSON: the caller answers as for any delivery it cannot use
  }
}
