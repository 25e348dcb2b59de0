import { z } from 'zod';
import type { VendorFailure } from '../outcome';
import { outcomeOf } from '../outcome';
import type { HttpAnswer } from '../post-json';
import { postJson } from '../post-json';
import type { CallTimeouts } from '../vendor-call';
import { CALL_TIMEOUTS, VendorCall } from '../vendor-call';
import type { SendWhatsApp, SentWhatsApp, WhatsAppContent, WhatsAppPort } from '../whatsapp/port';
import { metaRefusalOf } from './codes';

export type MetaOptions = {
  /** Of a system user of the business portfolio, with whatsapp_business_messaging. */
  accessToken: string;
  /** In the path, such as v24.0. */
  apiVersion: string;
  /** Instead of https://graph.facebook.com: a stand-in. */
  baseUrl?: string | undefined;
  timeouts?: CallTimeouts | undefined;
};

/** WhatsApp by Meta's Cloud API. Nothing is repeated here: Temporal retries, and only what surely was not sent. */
export function createMetaWhatsApp(options: MetaOptions): WhatsAppPort {
  return {
    send: (input, cancel) => send(options, input, cancel),
    // Meta has no key and no list of what it took: an unclear message waits for its status, which carries our id.
    find: () => Promise.resolve({ found: null, why: 'cannot_ask' }),
  };
}

const VENDOR = 'meta';

async function send(options: MetaOptions, { to, from, content, messageId }: SendWhatsApp, cancel?: AbortSignal): Promise<SentWhatsApp> {
  const { accessToken, apiVersion, baseUrl = 'https://graph.facebook.com', timeouts = CALL_TIMEOUTS } = options;
  const call = new VendorCall(timeouts, cancel);
  const body = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...receiver(to),
    ...contentOf(content),
    // Comes back with every status of this message.
    biz_opaque_callback_data: messageId,
  };
  const url = `${baseUrl}/${apiVersion}/${encodeURIComponent(from)}/messages`;
  let answer: HttpAnswer | null = null;
  try {
    answer = await postJson(call, { url, headers: { authorization: `Bearer ${accessToken}` }, body });
    if (answer.status >= 400) throw new Error('refused');
    const { messages } = Accepted.parse(JSON.parse(answer.text));
    return { vendorId: messages[0].id, status: 'sent', rank: 0 };
  } catch (error) {
    throw outcomeOf(call, readFailure(answer, error));
  }
}

/** A number goes without its plus; who shows none is reached by WhatsApp's own id. */
const receiver = (to: string): Record<string, string> => (to.startsWith('+') ? { to: to.slice(1) } : { recipient: to });

function contentOf(content: WhatsAppContent): Record<string, unknown> {
  if (content.kind === 'text') return { type: 'text', text: { preview_url: false, body: content.body } };
  const values = Object.entries(content.variables).sort(([a], [b]) => Number(a) - Number(b));
  const parameters = values.map(([, text]) => ({ type: 'text', text }));
  const components = parameters.length === 0 ? [] : [{ type: 'body', parameters }];
  return { type: 'template', template: { name: content.id, language: { code: content.language }, components } };
}

const Accepted = z.object({ messages: z.tuple([z.object({ id: z.string().min(1) })]) });

const Refused = z.object({
  error: z.object({
    code: z.number(),
    message: z.string().catch(''),
    error_data: z.object({ details: z.string() }).optional().catch(undefined),
  }),
});

function readFailure(answer: HttpAnswer | null, error: unknown): VendorFailure {
  const said = answer === null ? null : Refused.safeParse(jsonOf(answer.text)).data?.error;
  const words = error instanceof Error ? error.message : '';
  return {
    vendor: VENDOR,
    // A yes that cannot be read is no refusal.
    status: answer !== null && answer.status >= 400 ? answer.status : null,
    refusal: said ? metaRefusalOf(said.code) : null,
    vendorCode: said ? String(said.code) : null,
    retryAfter: answer?.headers['retry-after'],
    broken: answer === null,
    text: said ? [said.message, said.error_data?.details].filter(Boolean).join('; ') : words,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a gateway's page: the schema says that it is none of Meta's
  }
}
