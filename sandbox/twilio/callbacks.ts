import { signTwilio } from '../../providers/twilio/signature';
import type { Fault, WebhookMode } from '../faults';
import { LATE_MS } from '../faults';
import type { Range } from '../background';
import { somewhereIn } from '../background';
import type { Webhooks } from '../webhooks';
import type { TwilioMessage, TwilioMessages, TwilioStatus } from './messages';

export type TwilioDelays = {
  /** From acceptance to `sent`, and from there to `delivered`. */
  sentMs: Range;
  deliveredMs: Range;
  /** Before the one repetition after a failed connection. */
  retryMs: number;
};

export type CallbackDeps = { accountSid: string; authToken: string; messages: TwilioMessages; webhooks: Webhooks; delays: TwilioDelays };

type Step = { status: TwilioStatus; errorCode: number | null; afterMs: number };
type WebhookFault = (Fault & { mode: WebhookMode }) | null;

/** Moves a message that is under way to its end and calls back at each step. */
export async function runMessage(deps: CallbackDeps, start: TwilioMessage, fault: WebhookFault): Promise<void> {
  const { messages, webhooks } = deps;
  const late = fault?.mode === 'late' ? (fault.delay_ms ?? LATE_MS) : 0;
  const held: TwilioMessage[] = [];
  for (const { status, errorCode, afterMs } of steps(start, deps.delays)) {
    if (!(await webhooks.background.wait(afterMs))) return;
    const message = await messages.move(start.sid, status, errorCode);
    if (fault?.mode === 'reorder') held.unshift(message);
    else webhooks.background.run(webhooks.background.wait(late).then((due) => (due ? callBack(deps, message, fault) : undefined)));
  }
  for (const message of held) await callBack(deps, message, fault);
}

/** Codes that Twilio gives before the carrier has seen the message. */
const NEVER_LEFT = new Set([30001, 30002, 30022, 30023, 30032, 30033, 30034, 30035, 30036]);

/** WhatsApp's own refusals come before anything is sent. */
const WHATSAPPS = 63_000;

function steps({ status, validityS, carrierCode }: TwilioMessage, { sentMs, deliveredMs }: TwilioDelays): Step[] {
  if (isFinal(status)) return [];
  const toSent = status === 'sent' ? 0 : somewhereIn(sentMs);
  // It waited in Twilio's queue for longer than it was good for.
  if (toSent > validityS * 1_000) return [{ status: 'failed', errorCode: 30036, afterMs: validityS * 1_000 }];
  if (carrierCode !== null && (NEVER_LEFT.has(carrierCode) || carrierCode >= WHATSAPPS))
    return [{ status: 'failed', errorCode: carrierCode, afterMs: toSent }];
  const sent: Step[] = status === 'sent' ? [] : [{ status: 'sent', errorCode: null, afterMs: toSent }];
  return [
    ...sent,
    { status: carrierCode === null ? 'delivered' : 'undelivered', errorCode: carrierCode, afterMs: somewhereIn(deliveredMs) },
  ];
}

const isFinal = (status: TwilioStatus): boolean => !['accepted', 'queued', 'sent'].includes(status);

async function callBack(deps: CallbackDeps, message: TwilioMessage, fault: WebhookFault): Promise<void> {
  if (message.callback === null) return;
  const form = statusForm(deps.accountSid, message);
  await postSigned(deps, { url: message.callback, form, forged: fault?.mode === 'bad_signature' });
  if (fault?.mode === 'duplicate') await postSigned(deps, { url: message.callback, form, forged: false });
}

function statusForm(accountSid: string, { sid, to, from, status, errorCode, service }: TwilioMessage): URLSearchParams {
  return new URLSearchParams({
    ...(service === null ? {} : { MessagingServiceSid: service }),
    ...(errorCode === null ? {} : { ErrorCode: String(errorCode) }),
    SmsSid: sid,
    SmsStatus: status,
    MessageStatus: status,
    To: to,
    MessageSid: sid,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
  });
}

export type SignedPost = { url: string; form: URLSearchParams; forged: boolean };

/** Posts a form as Twilio signs it. Repeated once, and only when no connection came about. The status answered, null for none. */
export async function postSigned(
  { authToken, webhooks, delays }: Pick<CallbackDeps, 'authToken' | 'webhooks' | 'delays'>,
  { url, form, forged }: SignedPost,
): Promise<number | null> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'user-agent': 'TwilioProxy/1.1',
    'x-twilio-signature': signTwilio(forged ? `not ${authToken}` : authToken, url, form),
  };
  const hook = { vendor: 'twilio', url, headers, body: form.toString() } as const;
  const first = await webhooks.post(hook);
  if (first.status !== null || !(await webhooks.background.wait(delays.retryMs))) return first.status;
  return (await webhooks.post(hook)).status;
}
