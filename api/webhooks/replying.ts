import { v7 as newId } from 'uuid';
import type { ContactRow } from '../../db/contacts';
import { findConversationOf, silence } from '../../db/conversations';
import { ring } from '../../db/doorbell';
import { countReplies, findTexts } from '../../db/inbound';
import { savePlanned } from '../../db/messages';
import type { Tx } from '../../db/tenancy';
import { AUTOMATIC_REPLIES, EQUAL_TEXTS_WITHIN_MS, isLoop, REPLIES_WITHIN_MS } from '../../domain/conversation';
import type { MessageRule } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { HOUR_MS, later, plusMs } from '../../domain/time';
import { messageDeliveryProcess } from '../../workflows/contracts/message-delivery';
import type { WebhookDeps } from './deps';
import type { InboundText } from './inbound-text';

/** A message that is being handled, with the people who have its sender's address, the latest first. */
export type Context = {
  tx: Tx;
  deps: WebhookDeps;
  contacts: ContactRow[];
  addressHash: string;
  event: InboundText;
  now: Instant;
  inboundId: string;
};

/** An answer that comes a day late answers nothing. */
const REPLY_USEFUL_MS = 24 * HOUR_MS;

/** `waits`: written down, and rung by whoever makes it possible. */
type Reply = { rule: MessageRule; appointmentId?: string; facts?: Record<string, string>; waits?: boolean };

/** Plans our answer on the channel it came by, once for each text: the text's id is in its send key. Answers its id, null when we stay silent (R42). */
export async function reply(
  context: Context,
  contact: ContactRow,
  { rule, appointmentId, facts = {}, waits = false }: Reply,
): Promise<string | null> {
  const { tx, event, now, inboundId } = context;
  if (await staysSilent(context, contact.id)) return null;
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
  if (!waits) await ring(tx, { ...messageDeliveryProcess(id), version: 1, now });
  return id;
}

/** Two robots never loop: once it looks like that we say nothing more by ourselves until a person has looked, or the conversation gets somewhere (R42). */
async function staysSilent({ tx, now }: Context, contactId: string): Promise<boolean> {
  const conversation = await findConversationOf(tx, contactId);
  if (!conversation) return false;
  if (conversation.silencedAt !== null) return true;
  const since = (ms: number): Instant => later(conversation.progressedAt, plusMs(now, -ms));
  const texts = await findTexts(tx, { contactId, since: since(EQUAL_TEXTS_WITHIN_MS) });
  const automaticReplies = await countReplies(tx, { contactId, rules: AUTOMATIC_REPLIES, since: since(REPLIES_WITHIN_MS) });
  if (!isLoop({ texts, automaticReplies })) return false;
  await silence(tx, { contactId, now });
  return true;
}
