import { Client } from '@sendgrid/client';
import type { MailDataRequired } from '@sendgrid/mail';
import { MailService } from '@sendgrid/mail';
import { z } from 'zod';
import type { RefusalCode } from '../errors';
import type { VendorFailure } from '../outcome';
import { outcomeOf } from '../outcome';
import type { CallTimeouts } from '../vendor-call';
import { CALL_TIMEOUTS, VendorCall } from '../vendor-call';
import type { EmailPort, SendEmail, SentEmail } from './port';

export type SendGridOptions = {
  apiKey: string;
  /** Instead of https://api.sendgrid.com: a stand-in. */
  baseUrl?: string | undefined;
  timeouts?: CallTimeouts | undefined;
};

/** E-mail by SendGrid's v3 API. Nothing is repeated here: Temporal retries, and only what surely was not sent. */
export function createSendGridEmail(options: SendGridOptions): EmailPort {
  return {
    send: (input, cancel) => send(options, input, cancel),
    find: () => Promise.resolve({ found: null, why: 'cannot_ask' }),
  };
}

const VENDOR = 'sendgrid';

async function send({ apiKey, baseUrl, timeouts }: SendGridOptions, input: SendEmail, cancel?: AbortSignal): Promise<SentEmail> {
  const call = new VendorCall(timeouts ?? CALL_TIMEOUTS, cancel);
  const client = new OneCallClient(call);
  client.setApiKey(apiKey);
  // After the key: setting it resets the address.
  if (baseUrl !== undefined) client.setDefaultRequest('baseUrl', `${baseUrl}/`);
  const service = new MailService();
  service.setClient(client);
  try {
    const [answer] = await service.send(mail(input));
    return { vendorId: Accepted.parse(answer.headers)['x-message-id'], status: 'sent', rank: 0 };
  } catch (error) {
    throw outcomeOf(call, readFailure(error));
  }
}

/** The SDK's own client on our connection. */
class OneCallClient extends Client {
  constructor(private readonly call: VendorCall) {
    super();
  }

  override createRequest(data: Parameters<Client['createRequest']>[0]): ReturnType<Client['createRequest']> {
    const { httpAgent, httpsAgent, signal } = this.call;
    // A followed redirect could post the message twice.
    return Object.assign(super.createRequest(data), { httpAgent, httpsAgent, signal, proxy: false, maxRedirects: 0 });
  }
}

function mail({ messageId, unsubscribe, attachments, replyTo, html, ...rest }: SendEmail): MailDataRequired {
  return {
    ...rest,
    ...(html === undefined ? {} : { html }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(unsubscribe === undefined ? {} : { headers: unsubscribeHeaders(unsubscribe) }),
    ...(attachments === undefined ? {} : { attachments: attachments.map(encode) }),
    customArgs: { m: messageId },
    // A rewritten link would hand the one-time links in our mails to the vendor.
    trackingSettings: { clickTracking: { enable: false, enableText: false } },
  };
}

/** Neither SendGrid's own unsubscribe groups nor its subscription tracking stand beside them: they would write a second header. */
const unsubscribeHeaders = ({ url, mailto }: NonNullable<SendEmail['unsubscribe']>): Record<string, string> => ({
  'List-Unsubscribe': [url, ...(mailto === null ? [] : [`mailto:${mailto}?subject=unsubscribe`])].map((uri) => `<${uri}>`).join(', '),
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

const encode = ({ filename, type, content }: { filename: string; type: string; content: string }) => ({
  filename,
  type,
  content: Buffer.from(content, 'utf8').toString('base64'),
  disposition: 'attachment',
});

const Accepted = z.object({ 'x-message-id': z.string().min(1) });

/** The SDK's ResponseError (`code` is the HTTP status), or the error of a broken connection (`code` is a word). */
function readFailure(error: unknown): VendorFailure {
  const { code, message, response } = Failure.parse(error);
  const status = typeof code === 'number' ? code : null;
  const errors = response.body.errors;
  return {
    vendor: VENDOR,
    status,
    refusal: status === null || errors === null ? null : refusalOf(status, errors),
    vendorCode: status === null ? null : [status, ...(errors ?? []).map(({ field }) => field).filter(isFieldPath)].slice(0, 2).join(' '),
    retryAfter: response.headers['retry-after'] ?? untilReset(response.headers['x-ratelimit-reset']),
    broken: typeof code === 'string',
    text: [message, ...(errors ?? []).map((one) => one.message)].join('; '),
  };
}

const VendorError = z.object({ message: z.string().catch(''), field: z.string().nullable().catch(null) });

const NO_ANSWER = { headers: {}, body: { errors: null } };

const Failure = z
  .object({
    code: z.union([z.number(), z.string(), z.null()]).catch(null),
    message: z.string().catch(''),
    response: z
      .object({
        headers: z.object({ 'retry-after': z.unknown().optional(), 'x-ratelimit-reset': z.unknown().optional() }),
        body: z.object({ errors: z.array(VendorError).nullable() }).catch({ errors: null }),
      })
      .catch(NO_ANSWER),
  })
  .catch({ code: null, message: '', response: NO_ANSWER });

/** Only a recipient that SendGrid cannot read is the recipient's fault; a wrong key, sender, size or field is ours. */
function refusalOf(status: number, errors: { field: string | null }[]): RefusalCode {
  if (status === 429) return 'rate_limited';
  if (status === 401) return 'account_refused';
  return status === 400 && errors.some(({ field }) => /^personalizations\.\d+\.to\b/.test(field ?? '')) ? 'channel_unusable' : 'operator';
}

const isFieldPath = (field: string | null): field is string => field !== null && /^[a-z_]+(\.[a-z_\d]+){0,6}$/.test(field);

/** SendGrid says at which second the limit opens again, not how long to wait. */
const untilReset = (epochS: unknown): string | undefined =>
  typeof epochS === 'string' && /^\d+$/.test(epochS) ? new Date(Number(epochS) * 1000).toUTCString() : undefined;
