import { z } from 'zod';
import { findBusinessZone } from '../../db/businesses';
import type { ConversationChange, ConversationListed } from '../../db/conversations';
import { changeConversation, findConversation, listConversations, listSaid, settleConversation } from '../../db/conversations';
import { one, RowChanged } from '../../db/errors';
import { findStaff } from '../../db/staff';
import type { Tx } from '../../db/tenancy';
import type { Instant } from '../../domain/time';
import { ConversationView, presentConversation } from '../presenters/conversation';
import { MessageView, presentMessage } from '../presenters/message';
import { route } from '../route';
import { ById, flagIn, id, instantOut, pageOf, pageQuery, toPage } from '../wire';

const tag = 'Conversations';
const byTime = pageQuery(z.object({ at: instantOut, id }));

const list = route(
  {
    method: 'get',
    path: '/conversations',
    tag,
    summary: 'What people wrote to us: one conversation per contact, the latest first',
    description: 'Reminders and notices do not move a conversation up. `needs_person=true` is the list to work through.',
    role: 'viewer',
    query: z.object({
      status: z.enum(['open', 'closed']).optional(),
      needs_person: flagIn.optional(),
      unread: flagIn.optional(),
      assigned_staff_id: id.optional(),
      contact_id: id.optional(),
      ...byTime,
    }),
    response: pageOf(ConversationView),
  },
  async ({ tx, query: { cursor, limit, ...filter } }) => {
    const rows = await listConversations(tx, { ...filter, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    return toPage(rows, { limit, present: presentConversation, keyOf: (row) => ({ at: row.lastAt, id: row.id }) });
  },
);

const getConversation = route(
  {
    method: 'get',
    path: '/conversations/:id',
    tag,
    summary: 'One conversation with its messages in and out on all channels, the latest first',
    role: 'viewer',
    params: ById,
    query: z.object(byTime),
    response: ConversationView.extend({ messages: z.array(MessageView), next_cursor: z.string().nullable() }).meta({
      id: 'ConversationDetail',
    }),
  },
  async ({ tx, params, query: { cursor, limit }, from, now }) => {
    const conversation = await listed(tx, params.id);
    const zone = await findBusinessZone(tx);
    const rows = await listSaid(tx, {
      contactId: conversation.contactId,
      ...(cursor !== undefined && { before: cursor }),
      limit: limit + 1,
    });
    const page = toPage(rows, {
      limit,
      present: (row) => presentMessage(row, { now, locale: from.locale, zone }),
      keyOf: (row) => ({ at: row.saidAt, id: row.id }),
    });
    return { ...presentConversation(conversation), messages: page.data, nextCursor: page.nextCursor };
  },
);

/** What a person of ours may do with a conversation; each answers it as it is then. */
type Deed = { verb: string; action: `conversation.${string}`; summary: string; description?: string };

const deed = (
  { verb, action, summary, description }: Deed,
  act: (tx: Tx, about: { id: string; contactId: string; now: Instant }) => Promise<unknown>,
) =>
  route(
    {
      method: 'post',
      path: `/conversations/:id/${verb}`,
      tag,
      summary,
      ...(description !== undefined && { description }),
      action,
      role: 'staff',
      params: ById,
      response: ConversationView,
    },
    async ({ tx, params, ifVersion, now }) => {
      const { contactId, version } = await findConversation(tx, params.id, 'forUpdate');
      if (ifVersion !== null && version !== ifVersion) throw new RowChanged('conversation');
      await act(tx, { id: params.id, contactId, now });
      return presentConversation(await listed(tx, params.id));
    },
  );

const changing =
  (change: ConversationChange) =>
  (tx: Tx, { id: conversationId, now }: { id: string; now: Instant }) =>
    changeConversation(tx, { id: conversationId, change, now });

const read = deed({ verb: 'read', action: 'conversation.read', summary: 'Mark a conversation as read' }, changing({ unread: 0 }));

const settle = deed(
  {
    verb: 'settle',
    action: 'conversation.settled',
    summary: 'Say that a person has dealt with what was asked',
    description: 'Nothing waits for a person any more, all is read, and we may answer automatically again.',
  },
  settleConversation,
);

const close = deed(
  {
    verb: 'close',
    action: 'conversation.closed',
    summary: 'Close a conversation',
    description: 'Settles it too. It opens again when the person writes.',
  },
  async (tx, about) => {
    await settleConversation(tx, about);
    await changeConversation(tx, { ...about, change: { status: 'closed' } });
  },
);

const reopen = deed(
  { verb: 'reopen', action: 'conversation.reopened', summary: 'Open a conversation again' },
  changing({ status: 'open' }),
);

const assign = route(
  {
    method: 'post',
    path: '/conversations/:id/assign',
    tag,
    summary: 'Give a conversation to a member of staff, or to nobody',
    action: 'conversation.assigned',
    role: 'staff',
    params: ById,
    body: z.object({ staff_id: id.nullable() }),
    response: ConversationView,
  },
  async ({ tx, params, body: { staffId }, ifVersion, now }) => {
    const { version } = await findConversation(tx, params.id, 'forUpdate');
    if (ifVersion !== null && version !== ifVersion) throw new RowChanged('conversation');
    if (staffId !== null) await findStaff(tx, staffId);
    await changeConversation(tx, { id: params.id, change: { assignedStaffId: staffId }, now });
    return presentConversation(await listed(tx, params.id));
  },
);

async function listed(tx: Tx, conversationId: string): Promise<ConversationListed> {
  return one('conversation', await listConversations(tx, { id: conversationId, limit: 1 }));
}

export const conversationRoutes = [list, getConversation, read, settle, close, reopen, assign];
