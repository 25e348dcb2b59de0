import type { Faults } from '../faults';
import { LATE_MS } from '../faults';
import type { CallbackDeps } from './callbacks';
import { postSigned } from './callbacks';
import type { TwilioMessage, TwilioMessages } from './messages';
import { WHATSAPP } from './messages';

export type InboundDeps = CallbackDeps & { apiUrl: string; faults: Faults };

/** Numbers without Twilio's `whatsapp:`. */
export type InboundText = { channel: 'sms' | 'whatsapp'; from: string; to: string; body: string };

/** `status`: what our webhook answered, null for nothing. */
export type Received = { vendor_id: string; status: number | null; late: boolean };

type Keyword = { type: 'STOP' | 'START' | 'HELP'; answer: string | null };

/**
 * A person's text arrives at Twilio: it blocks or unblocks and answers by itself on its own words, and hands the text on in any case.
 * Resolves when our webhook has answered, or at once when a fault makes it late.
 */
export async function receiveText(deps: InboundDeps, { channel, ...text }: InboundText): Promise<Received> {
  const { messages, webhooks, faults } = deps;
  const { from, to, body } = channel === 'sms' ? text : { ...text, from: WHATSAPP + text.from, to: WHATSAPP + text.to };
  // On WhatsApp no carrier stands between: STOP is the business's to obey.
  const keyword = channel === 'sms' ? await obey(messages, { from, to, body }) : null;
  const message = await messages.add('inbound', { from, to, body });
  if (keyword?.answer != null) await messages.add('auto_reply', { from: to, to: from, body: keyword.answer });

  const fault = faults.forWebhooks('twilio', [from, to, body], ['duplicate', 'late', 'bad_signature']);
  const post = {
    url: `${deps.apiUrl}/webhooks/twilio/inbound`,
    form: inboundForm(deps.accountSid, message, keyword),
    forged: fault?.mode === 'bad_signature',
  };
  if (fault?.mode === 'late') {
    const { background } = webhooks;
    background.run(background.wait(fault.delay_ms ?? LATE_MS).then((due) => (due ? postSigned(deps, post) : undefined)));
    return { vendor_id: message.sid, status: null, late: true };
  }
  const status = await postSigned(deps, post);
  if (fault?.mode === 'duplicate') await postSigned(deps, post);
  return { vendor_id: message.sid, status, late: false };
}

const STOP_WORDS = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT'];
const START_WORDS = ['START', 'UNSTOP'];
const HELP_WORDS = ['HELP', 'INFO'];

const STOPPED =
  'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.';
const STARTED =
  'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.';
const HELP = 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.';

/** The word alone, in any case: "please stop" is not one. YES lifts a block and is otherwise a text like any other. */
async function obey(messages: TwilioMessages, { from, to, body }: Omit<InboundText, 'channel'>): Promise<Keyword | null> {
  const word = body.trim().toUpperCase();
  const blocked = messages.isBlocked(to, from);
  if (STOP_WORDS.includes(word)) {
    if (!blocked) await messages.block(to, from, true);
    return { type: 'STOP', answer: blocked ? null : STOPPED };
  }
  if (START_WORDS.includes(word) || (word === 'YES' && blocked)) {
    if (blocked) await messages.block(to, from, false);
    return { type: 'START', answer: blocked ? STARTED : null };
  }
  return HELP_WORDS.includes(word) ? { type: 'HELP', answer: HELP } : null;
}

function inboundForm(accountSid: string, { sid, from, to, body, segments }: TwilioMessage, keyword: Keyword | null): URLSearchParams {
  if (from.startsWith(WHATSAPP)) return whatsAppForm(accountSid, { sid, from, to, body });
  const country = (number: string) => (number.startsWith('+1') ? 'US' : '');
  return new URLSearchParams({
    ToCountry: country(to),
    ToState: '',
    SmsMessageSid: sid,
    NumMedia: '0',
    ToCity: '',
    FromZip: '',
    SmsSid: sid,
    ...(keyword ? { OptOutType: keyword.type } : {}),
    FromState: '',
    SmsStatus: 'received',
    FromCity: '',
    Body: body,
    FromCountry: country(from),
    To: to,
    ToZip: '',
    NumSegments: String(segments),
    MessageSid: sid,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
  });
}

function whatsAppForm(accountSid: string, { sid, from, to, body }: Pick<TwilioMessage, 'sid' | 'from' | 'to' | 'body'>): URLSearchParams {
  return new URLSearchParams({
    SmsMessageSid: sid,
    NumMedia: '0',
    ProfileName: 'Somebody',
    MessageType: 'text',
    SmsSid: sid,
    WaId: from.replace(/\D/g, ''),
    SmsStatus: 'received',
    Body: body,
    To: to,
    NumSegments: '1',
    ReferralNumMedia: '0',
    MessageSid: sid,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
  });
}
