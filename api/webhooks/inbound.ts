import { v7 as newId } from 'uuid';
import type { ContactRow } from '../../db/contacts';
import { liftSuppression, recordConsents, suppressChannel } from '../../db/contacts';
import { ring } from '../../db/doorbell';
import { countSaid, findLastWord, findOpenQuestions, insertInbound, isEcho, lockSender } from '../../db/inbound';
import { savePlanned } from '../../db/messages';
import { lockChannel } from '../../db/plan-facts';
import type { Tx } from '../../db/tenancy';
import type { MessageRule } from '../../domain/message';
import type { OptOutWord } from '../../domain/opt-out';
import { optOutWord } from '../../domain/opt-out';
import type { ReplyDecision, ReplyIntent, WhichQuestion } from '../../domain/reply';
import { answerReply } from '../../domain/reply';
import type { Instant } from '../../domain/time';
import { HOUR_MS, plusMs } from '../../domain/time';
import type { TextEvent } from '../../providers/whatsapp/port';
import { messageDeliveryProcess } from '../../workflows/contracts/message-delivery';
import { changeStatus } from '../booking';
import { Problem } from '../problem';
import type { WebhookDeps } from './deps';
import { wakeContacts } from './reports';
import { findSenders } from './senders';

type Text = Extract<TextEvent, { kind: 'inbound' }>;
type Received = { businessId: string; event: Text; now: Instant };

/**
 * A text from a person: stored once, then an exact opt-out word, then the answer to an open question, else the conversation (R30, R40).
 * Unknown numbers are kept and answered only where the law asks for it.
 */
export async function receiveText(tx: Tx, deps: WebhookDeps, { businessId, event, now }: Received): Promise<void> {
  const { channel, vendor } = event;
  const hashOf = (address: string): string => deps.hash.address(businessId, address);
  await lockSender(tx, hashOf(event.from));
  const { contacts, addressHash } = await findSenders(tx, { event, hashOf, now });
  const [contact] = contacts;
  const inbound = { id: newId(), contactId: contact?.id ?? null, channel, vendor, now };
  const text = {
    ...inbound,
    vendorId: event.vendorId,
    from: event.from,
    to: event.to,
    body: event.body.replaceAll('\0', '').slice(0, 1_600),
  };
  if (!(await insertInbound(tx, text))) return;
  if (await isEcho(tx, text)) return;

  const word = optOutWord(event.body, { askedToResubscribe: false }) ?? (await vendorsWord(tx, { addressHash, event }));
  const context = { tx, deps, contacts, addressHash, event, now, inboundId: text.id };
  if (word) return obeyWord(context, word);
  if (contact) await answer(context, contact);
}

/**
 * Twilio may know more words than we do (Advanced Opt-Out). What it has acted on holds here too (R33), but its START counts only for somebody who is opted
 * out: YES is among its words, and confirms a visit.
 */
async function vendorsWord(tx: Tx, { addressHash, event }: { addressHash: string; event: Text }): Promise<OptOutWord | null> {
  switch (event.answeredByVendor) {
    case null:
      return null;
    case 'stop':
      return { kind: 'out', mayMeanVisit: false, answeredByTwilio: true };
    case 'help':
      return { kind: 'help', answeredByTwilio: true };
    case 'start': {
      const { suppressed } = await lockChannel(tx, { channel: event.channel, addressHash });
      return suppressed ? { kind: 'in', answeredByTwilio: true } : null;
    }
  }
}

type Context = { tx: Tx; deps: WebhookDeps; contacts: ContactRow[]; addressHash: string; event: Text; now: Instant; inboundId: string };

/** STOP, START, HELP. What the vendor has answered already is not answered again (providers.md 4, Opt-out). */
async function obeyWord(context: Context, word: OptOutWord): Promise<void> {
  const { tx, contacts, addressHash, event, now } = context;
  // On WhatsApp nobody answers for us (compliance.md 6).
  const answered = event.channel === 'sms' && (word.answeredByTwilio || event.answeredByVendor !== null);
  const address = { channel: event.channel, addressHash, now };
  const isNews = word.kind !== 'out' || (await suppressChannel(tx, { ...address, source: 'keyword' }));
  if (word.kind === 'in') await liftSuppression(tx, address);
  if (word.kind !== 'help') {
    await recordConsents(
      tx,
      contacts.map((contact) => consentByWord(context, contact, word.kind === 'in')),
    );
    await wakeContacts(tx, address);
  }
  const [contact] = contacts;
  const rule = { out: 'opt_out_ack', in: 'opt_in_ack', help: 'help' } as const;
  // An opt-out is confirmed once, however often it is said (R33).
  if (!answered && isNews && contact) await reply(context, contact, { rule: rule[word.kind] });
}

const consentByWord = ({ addressHash, event, now, inboundId }: Context, { id }: ContactRow, granted: boolean) => ({
  id: newId(),
  contactId: id,
  channel: event.channel,
  purpose: 'service' as const,
  granted,
  statement: event.body.slice(0, 160),
  source: `message ${inboundId}`,
  method: 'keyword',
  addressHash,
  attestationId: null,
  recordedBy: 'contact',
  ip: null,
  userAgent: null,
  recordedAt: now,
});

async function answer(context: Context, contact: ContactRow): Promise<void> {
  const { tx, contacts, event, now } = context;
  const contactIds = contacts.map(({ id }) => id);
  const open = await findOpenQuestions(tx, { contactIds, now });
  const which = whichQuestion(await findLastWord(tx, contactIds));
  await act(context, contact, answerReply({ text: event.body, open, which }));
}

async function act(context: Context, contact: ContactRow, decision: ReplyDecision): Promise<void> {
  const { tx, now } = context;
  switch (decision.kind) {
    case 'confirm':
      try {
        await changeStatus(tx, { id: decision.appointmentId, action: 'confirm', by: 'contact', now });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return handOff(context, contact); // begun or over meanwhile: a person answers
      }
      return reply(context, contact, { rule: 'confirm_ack', appointmentId: decision.appointmentId });
    case 'reschedule':
      return reply(context, contact, { rule: 'reschedule_link', appointmentId: decision.appointmentId });
    case 'which':
      return reply(context, contact, {
        rule: 'which_visit',
        facts: { intent: decision.intent, appointmentIds: decision.appointmentIds.join(',') },
      });
    case 'conversation':
      return handOff(context, contact);
  }
}

/** Tells the person once a day that somebody will answer; the text waits in the inbox. */
async function handOff(context: Context, contact: ContactRow): Promise<void> {
  const said = await countSaid(context.tx, { contactId: contact.id, rule: 'handoff', now: context.now });
  if (said === 0) await reply(context, contact, { rule: 'handoff' });
}

function whichQuestion(last: { rule: string; facts: Record<string, string> } | undefined): WhichQuestion | null {
  if (last?.rule !== 'which_visit') return null;
  const { intent, appointmentIds = '' } = last.facts;
  return { intent: intent === 'reschedule' ? 'reschedule' : ('confirm' satisfies ReplyIntent), appointmentIds: appointmentIds.split(',') };
}

/** An answer that comes a day late answers nothing. */
const REPLY_USEFUL_MS = 24 * HOUR_MS;

type Reply = { rule: MessageRule; appointmentId?: string; facts?: Record<string, string> };

/** Plans our answer, once for each text received: the text's id is in its send key. */
async function reply(
  { tx, event, now, inboundId }: Context,
  contact: ContactRow,
  { rule, appointmentId, facts = {} }: Reply,
): Promise<void> {
  const id = newId();
  const message = {
    id,
    sendKey: `reply/${inboundId}/${rule}/${event.channel}`,
    appointmentId: appointmentId ?? null,
    contactId: contact.id,
    staffId: null,
    rule,
    messageClass: 'reply' as const,
    channel: event.channel,
    scheduleVersion: null,
    facts,
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    notAfter: plusMs(now, REPLY_USEFUL_MS),
  };
  await savePlanned(tx, [message], now);
  await ring(tx, { ...messageDeliveryProcess(id), version: 1, now });
}
