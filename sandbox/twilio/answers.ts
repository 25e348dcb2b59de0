import type { Context } from 'koa';
import type { TwilioMessage } from './messages';

/** Twilio's words for its codes: they quote numbers, as the real ones do. */
const TEXTS: Record<number, (number: string) => string> = {
  20003: () => 'Authenticate',
  20404: (what) => `The requested resource ${what} was not found`,
  20429: () => 'Too Many Requests',
  20500: () => 'Internal Server Error',
  21211: (to) => `Invalid 'To' Phone Number: ${to}`,
  21212: (from) => `Invalid From Number (caller ID): ${from}`,
  21408: (to) => `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`,
  21602: () => 'Message body is required.',
  21603: () => "A 'From' phone number is required.",
  21604: () => "A 'To' phone number is required.",
  21606: (from) => `The 'From' phone number ${from} is not a valid, SMS-capable inbound phone number or short code for your account.`,
  21609: (url) => `The StatusCallback URL ${url} is not a valid URL.`,
  21610: () => 'Attempt to send to unsubscribed recipient',
  21611: (from) => `This From number ${from} has exceeded the maximum number of queued messages`,
  21612: (to) => `Message cannot be sent with the current combination of 'To' (${to}) and/or 'From' parameters`,
  21614: (to) => `'To' number: ${to}, is not a valid mobile number`,
  21617: () => 'The concatenated message body exceeds the 1600 character limit',
  21624: () => 'Invalid validity period value',
  21655: (sid) => `The ContentSid is Invalid: ${sid}`,
  21656: () => 'The ContentVariables Parameter is invalid',
  21910: (to) => `Invalid From and To pair. From and To should be of the same channel: ${to}`,
};

const STATUSES: Record<number, number> = { 20003: 401, 20404: 404, 20429: 429, 20500: 500 };

/** An error exactly as Twilio's: 400 unless the code has a status of its own. */
export function refuse(ctx: Context, code: number, about = ''): void {
  const status = STATUSES[code] ?? 400;
  ctx.status = status;
  ctx.body = {
    code,
    message: TEXTS[code]?.(about) ?? `Error ${code} (${about})`,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  };
}

/** A message as Twilio's REST API shows it: no trace of the callback's address, dates in RFC 2822, the price unknown at first. */
export function presentMessage(accountSid: string, message: TwilioMessage): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  // A Messaging Service has not chosen its sender yet, and without one nothing is counted.
  const isUnassigned = message.status === 'accepted';
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : `Error ${message.errorCode}`,
    from: isUnassigned ? null : message.from,
    messaging_service_sid: message.service,
    num_media: '0',
    num_segments: isUnassigned ? '0' : String(message.segments),
    price: priceOf(message),
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** Unknown at first, as in life; then a negative amount, without the carriers' fees. */
const priceOf = ({ status, segments }: TwilioMessage): string | null => (status === 'delivered' ? (-0.0083 * segments).toFixed(5) : null);

/** Thu, 24 Aug 2023 05:01:45 +0000: whole seconds. */
const rfc2822 = (at: string): string => new Date(at).toUTCString().replace('GMT', '+0000');
