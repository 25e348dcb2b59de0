import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient';
import type Response from 'twilio/lib/http/response';
import type { MessageInstance, MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message';
import { z } from 'zod';
import type { Found } from '../errors';
import type { VendorFailure } from '../outcome';
import { outcomeOf } from '../outcome';
import type { CallTimeouts } from '../vendor-call';
import { CALL_TIMEOUTS, VendorCall } from '../vendor-call';
import { twilioProgress, WHATSAPP } from './callback';
import { KNOWN_CODES, refusalOf } from './codes';
import type { FindText, SentWhatsApp, SendWhatsApp, TextProgress, WhatsAppContent, WhatsAppPort } from '../whatsapp/port';
import type { SendSms, SentSms, SmsPort, SmsPrice } from './port';

export type TwilioOptions = {
  accountSid: string;
  authToken: string;
  /** Where the vendor calls back: `<publicUrl>/webhooks/twilio/status?m=<our id>`. */
  publicUrl: string;
  /** Instead of the vendor's own hosts: a stand-in. */
  baseUrl?: string | undefined;
  timeouts?: CallTimeouts | undefined;
};

/** Texts by Twilio's REST API. Nothing is repeated here: Temporal retries, and only what surely was not sent. */
export function createTwilioSms(options: TwilioOptions): SmsPort {
  return {
    send: (input, cancel) => ask(options, cancel, (client) => sendSms(client, options, input)),
    find: (input, cancel) => ask(options, cancel, (client) => find(client, input)),
    price: (vendorId, cancel) => ask(options, cancel, (client) => price(client, vendorId)),
  };
}

/** WhatsApp by the same API: addresses with `whatsapp:` in front, and templates by their content sid. */
export function createTwilioWhatsApp(options: TwilioOptions): WhatsAppPort {
  return {
    send: (input, cancel) => ask(options, cancel, (client) => sendWhatsApp(client, options, input)),
    find: ({ to, ...input }, cancel) => ask(options, cancel, (client) => find(client, { to: WHATSAPP + to, ...input })),
  };
}

type Client = ReturnType<typeof twilio>;

const VENDOR = 'twilio';
const MAX_VALIDITY_S = 36_000;
const MESSAGING_SERVICE = 'MG';
/** Twilio stamps whole seconds by its own clock; ours may be off by a little. */
const CLOCKS_APART_MS = 60_000;
/** Twilio's largest page: one request, newest first. */
const LOOK_BACK = 1_000;

async function sendSms(client: Client, options: TwilioOptions, { from, body, ...sending }: SendSms): Promise<SentSms> {
  const sender = from.startsWith(MESSAGING_SERVICE) ? { messagingServiceSid: from } : { from };
  const message = await create(client, options, { ...sending, ...sender, body });
  const segments = Number(message.numSegments);
  return { ...accepted(message), ...(segments > 0 && { segments }) };
}

async function sendWhatsApp(
  client: Client,
  options: TwilioOptions,
  { to, from, content, ...sending }: SendWhatsApp,
): Promise<SentWhatsApp> {
  return accepted(await create(client, options, { ...sending, to: WHATSAPP + to, from: WHATSAPP + from, ...contentOf(content) }));
}

/** Twilio takes the variables as JSON in a string. */
const contentOf = (content: WhatsAppContent) =>
  content.kind === 'text' ? { body: content.body } : { contentSid: content.id, contentVariables: JSON.stringify(content.variables) };

type Creating = { messageId: string; validityMs: number } & Omit<MessageListInstanceCreateOptions, 'statusCallback' | 'validityPeriod'>;

function create(client: Client, { publicUrl }: TwilioOptions, { messageId, validityMs, ...message }: Creating): Promise<MessageInstance> {
  return client.messages.create({
    ...message,
    // The first callback names the vendor's id even if this answer is lost.
    statusCallback: `${publicUrl}/webhooks/twilio/status?m=${encodeURIComponent(messageId)}`,
    validityPeriod: Math.min(MAX_VALIDITY_S, Math.max(1, Math.floor(validityMs / 1000))),
  });
}

function accepted({ sid, status }: MessageInstance): TextProgress & { vendorId: string } {
  const progress = twilioProgress(status);
  if (!sid || !progress) throw new Error('a message without sid or status');
  return { vendorId: sid, ...progress };
}

/** No date filter: Twilio's means `date_sent`, which is empty while a message is queued. */
async function find(client: Client, { to, body, isTemplate, markedAt, knownVendorIds }: FindText): Promise<Found<TextProgress>> {
  const listed = await client.messages.list({ to, pageSize: LOOK_BACK, limit: LOOK_BACK });
  const sinceMs = Date.parse(markedAt) - CLOCKS_APART_MS;
  const unknown = listed.filter(
    ({ sid, direction, dateCreated }) => direction === 'outbound-api' && dateCreated.getTime() >= sinceMs && !knownVendorIds.includes(sid),
  );
  // With content retention off Twilio keeps no bodies: any of these might be ours.
  if (unknown.some((message) => message.body === '')) return { found: null, why: 'not_comparable' };
  const [first, ...others] = unknown.filter((message) => message.body.trim() === body.trim());
  if (!first) return { found: null, why: isTemplate && unknown.length > 0 ? 'not_comparable' : 'none' };
  if (others.length > 0) return { found: null, why: 'several' };
  return { found: first.sid, ...(twilioProgress(first.status) ?? { status: 'sent', rank: 0 }) };
}

/** Twilio names it as a negative amount of dollars, and not at first. */
async function price(client: Client, sid: string): Promise<SmsPrice | null> {
  const message = await client.messages(sid).fetch();
  const dollars = Number.parseFloat(message.price);
  if (Number.isNaN(dollars) || message.priceUnit !== 'USD') return null;
  return { priceMicros: Math.round(Math.abs(dollars) * 1_000_000), segments: Number(message.numSegments) || 1 };
}

/** One question on a connection of its own; a failure in our words. */
export async function ask<Answer>(
  options: TwilioOptions,
  cancel: AbortSignal | undefined,
  question: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  const call = new VendorCall(options.timeouts ?? CALL_TIMEOUTS, cancel);
  const httpClient = new OneCallClient(call, options.baseUrl);
  try {
    return await question(twilio(options.accountSid, options.authToken, { httpClient }));
  } catch (error) {
    throw outcomeOf(call, readFailure(error, httpClient.lastResponse));
  }
}

/** The SDK's own HTTP client on our connection, with every host replaced when a base URL is given. */
class OneCallClient extends twilio.RequestClient {
  readonly #baseUrl: string | undefined;

  constructor(call: VendorCall, baseUrl: string | undefined) {
    super({ autoRetry: false, keepAlive: false });
    this.#baseUrl = baseUrl;
    Object.assign(this.axios.defaults, { httpAgent: call.httpAgent, httpsAgent: call.httpsAgent, signal: call.signal });
  }

  override request<Data>(request: RequestClient.RequestOptions<Data>): Promise<Response<Data>> {
    if (this.#baseUrl === undefined) return super.request(request);
    const { pathname, search } = new URL(request.uri);
    return super.request({ ...request, uri: `${this.#baseUrl}${pathname}${search}` });
  }
}

/** `code` is Twilio's number, or the word of a broken connection. */
function readFailure(error: unknown, answer: unknown): VendorFailure {
  const { status, code, message } = Failure.parse(error);
  const vendorCode = typeof code === 'number' ? String(code) : null;
  return {
    vendor: VENDOR,
    status,
    // A 429 without a code of ours is what it says.
    refusal: typeof code === 'number' && !(status === 429 && !KNOWN_CODES.includes(code)) ? refusalOf(code) : null,
    vendorCode,
    retryAfter: Answer.parse(answer).headers['retry-after'],
    broken: typeof code === 'string',
    text: message,
  };
}

const Failure = z
  .object({
    status: z.number().nullable().catch(null),
    code: z.union([z.number(), z.string(), z.null()]).catch(null),
    message: z.string().catch(''),
  })
  .catch({ status: null, code: null, message: '' });

const Answer = z.object({ headers: z.object({ 'retry-after': z.unknown().optional() }) }).catch({ headers: {} });
