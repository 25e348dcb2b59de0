import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { linkIdentity, unlinkIdentity } from '../../db/contact-identities';
import { findContact } from '../../db/contacts';
import { askPerson, forgetWritten, noteWritten } from '../../db/conversations';
import type { QuarantinedRow } from '../../db/quarantine';
import { findQuarantined, listQuarantined, reopenSender, settleSender } from '../../db/quarantine';
import type { Tx } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import { noteReply } from '../cadences';
import { presentQuarantined, QuarantinedView } from '../presenters/quarantine';
import { conflict } from '../problem';
import { replanVisits } from '../replan';
import { route } from '../route';
import { ById, id, pageOf, pageQueryById, toPage } from '../wire';

const tag = 'Conversations';

const list = route(
  {
    method: 'get',
    path: '/inbound/quarantine',
    tag,
    summary: 'Messages of senders whom nobody here knows, the latest first',
    description: 'They were kept and not answered. STOP from an unknown sender was obeyed all the same.',
    role: 'staff',
    query: z.object({ state: z.enum(['waiting', 'assigned', 'dismissed']).default('waiting'), ...pageQueryById }),
    response: pageOf(QuarantinedView),
  },
  async ({ tx, query: { cursor, limit, state } }) => {
    const rows = await listQuarantined(tx, { state, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: presentQuarantined, keyOf: (row) => row.id });
  },
);

const Settled = z.object({ message_ids: z.array(id) }).meta({ id: 'QuarantineSettled' });

const assign = route(
  {
    method: 'post',
    path: '/inbound/quarantine/:id/assign',
    tag,
    summary: 'Say whose a message is',
    description:
      "It and all that waits of the same sender move into the contact's conversation, before a person. Somebody to whom WhatsApp gives no number is known by WhatsApp's own id from then on. A number or e-mail address is not added to the contact: do that by editing the contact, if it is theirs to stay.",
    action: 'quarantine.assigned',
    role: 'staff',
    params: ById,
    body: z.object({ contact_id: id }),
    response: Settled,
    problems: ['quarantine_settled'],
  },
  async ({ tx, params, body: { contactId }, caller, deps, now }) => {
    const row = await waiting(tx, params.id);
    await findContact(tx, contactId, 'forKeyShare');
    await remember(tx, { ...row, contactId, hashOf: (address) => deps.hash.address(caller.businessId, address), now });
    const messageIds = await settleSender(tx, { ...row, contactId, now });
    await noteReply(tx, { contactIds: [contactId], now });
    await noteWritten(tx, { id: newId(), contactId, count: messageIds.length, now });
    await askPerson(tx, { contactId, need: 'message', now });
    return { messageIds };
  },
);

const dismiss = route(
  {
    method: 'post',
    path: '/inbound/quarantine/:id/dismiss',
    tag,
    summary: 'Say that a message is nothing to us',
    description: 'With all that waits of the same sender. A later message of theirs waits anew.',
    action: 'quarantine.dismissed',
    role: 'staff',
    params: ById,
    response: Settled,
    problems: ['quarantine_settled'],
  },
  async ({ tx, params, now }) => ({ messageIds: await settleSender(tx, { ...(await waiting(tx, params.id)), contactId: null, now }) }),
);

const undo = route(
  {
    method: 'post',
    path: '/inbound/quarantine/:id/undo',
    tag,
    summary: 'Put a message back into quarantine',
    description: 'With all that was assigned or dismissed together with it, and who was then said to be behind it.',
    action: 'quarantine.reopened',
    role: 'staff',
    params: ById,
    response: Settled,
    problems: ['quarantine_waiting'],
  },
  async ({ tx, params, caller, deps, now }) => {
    const row = await findQuarantined(tx, params.id);
    if (row.quarantine === 'waiting') throw conflict('quarantine_waiting');
    await forget(tx, { ...row, hashOf: (address) => deps.hash.address(caller.businessId, address), now });
    const messageIds = await reopenSender(tx, { ...row, now });
    if (row.contactId !== null) await forgetWritten(tx, { contactId: row.contactId, count: messageIds.length, now });
    return { messageIds };
  },
);

type Sender = Pick<QuarantinedRow, 'channel' | 'fromAddress'> & { hashOf: (address: string) => string; now: Instant };

/** What WhatsApp calls a person to whom it gives no number; null: it is a number, or another channel. */
const identityOf = ({ channel, fromAddress, hashOf }: Sender) =>
  channel === 'whatsapp' && fromAddress !== null && !fromAddress.startsWith('+')
    ? { channel, externalId: fromAddress, externalHash: hashOf(fromAddress) }
    : null;

/** The next message finds them by it (R50); an opt-out that was said so far is theirs too. */
async function remember(tx: Tx, { contactId, now, ...sender }: Sender & { contactId: string }): Promise<void> {
  const identity = identityOf({ ...sender, now });
  if (!identity) return;
  await linkIdentity(tx, { ...identity, contactId, now });
  await replanVisits(tx, { contactIds: [contactId], lane: 0, now });
}

type SettledSender = Sender & Pick<QuarantinedRow, 'contactId' | 'quarantineSettledAt'>;

async function forget(tx: Tx, { contactId, quarantineSettledAt: linkedAt, now, ...sender }: SettledSender): Promise<void> {
  const identity = identityOf({ ...sender, now });
  if (!identity || contactId === null || linkedAt === null) return;
  if (await unlinkIdentity(tx, { ...identity, contactId, linkedAt })) await replanVisits(tx, { contactIds: [contactId], lane: 0, now });
}

/** Throws 409 for one that was settled already. */
async function waiting(tx: Tx, messageId: string): Promise<QuarantinedRow> {
  const row = await findQuarantined(tx, messageId);
  if (row.quarantine !== 'waiting') throw conflict('quarantine_settled');
  return row;
}

export const quarantineRoutes = [list, assign, dismiss, undo];
