import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findContact } from '../../db/contacts';
import { askPerson, forgetWritten, noteWritten } from '../../db/conversations';
import type { QuarantinedRow } from '../../db/quarantine';
import { findQuarantined, listQuarantined, reopenSender, settleSender } from '../../db/quarantine';
import type { Tx } from '../../db/tenancy';
import { noteReply } from '../cadences';
import { presentQuarantined, QuarantinedView } from '../presenters/quarantine';
import { conflict } from '../problem';
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
      "It and all that waits of the same sender move into the contact's conversation, before a person. The sender's address is not added to the contact: do that by editing the contact, if it is theirs to stay.",
    action: 'quarantine.assigned',
    role: 'staff',
    params: ById,
    body: z.object({ contact_id: id }),
    response: Settled,
    problems: ['quarantine_settled'],
  },
  async ({ tx, params, body: { contactId }, now }) => {
    const row = await waiting(tx, params.id);
    await findContact(tx, contactId);
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
    description: 'With all that was assigned or dismissed together with it.',
    action: 'quarantine.reopened',
    role: 'staff',
    params: ById,
    response: Settled,
    problems: ['quarantine_waiting'],
  },
  async ({ tx, params, now }) => {
    const row = await findQuarantined(tx, params.id);
    if (row.quarantine === 'waiting') throw conflict('quarantine_waiting');
    const messageIds = await reopenSender(tx, { ...row, now });
    if (row.contactId !== null) await forgetWritten(tx, { contactId: row.contactId, count: messageIds.length, now });
    return { messageIds };
  },
);

/** Throws 409 for one that was settled already. */
async function waiting(tx: Tx, messageId: string): Promise<QuarantinedRow> {
  const row = await findQuarantined(tx, messageId);
  if (row.quarantine !== 'waiting') throw conflict('quarantine_settled');
  return row;
}

export const quarantineRoutes = [list, assign, dismiss, undo];
