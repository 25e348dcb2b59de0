import { z } from 'zod';
import { findBusinessZone } from '../../db/businesses';
import { listMessages } from '../../db/messages';
import { MESSAGE_STATUSES, MessageView, presentMessage } from '../presenters/message';
import { route } from '../route';
import { id, instantIn, pageQueryById, toPage } from '../wire';

const list = route(
  {
    method: 'get',
    path: '/messages',
    tag: 'Messages',
    summary: 'Everything planned, sent, not sent and received, newest first, each with the reason',
    description: '`from` and `to` bound when it was or will be sent.',
    role: 'viewer',
    query: z.object({
      contact_id: id.optional(),
      appointment_id: id.optional(),
      status: z.enum(MESSAGE_STATUSES).optional(),
      reason: z
        .string()
        .regex(/^[a-z_]{2,40}$/)
        .optional(),
      from: instantIn.optional(),
      to: instantIn.optional(),
      ...pageQueryById,
    }),
    response: z.object({ messages: z.array(MessageView), next_cursor: z.string().nullable() }),
  },
  async ({ tx, query: { cursor, limit, ...filter }, from, now }) => {
    const zone = await findBusinessZone(tx);
    const rows = await listMessages(tx, { ...filter, ...(cursor !== undefined && { before: cursor }), limit: limit + 1 });
    const page = toPage(rows, { limit, present: (row) => presentMessage(row, { now, locale: from.locale, zone }), keyOf: (row) => row.id });
    return { messages: page.data, nextCursor: page.nextCursor };
  },
);

export const messageRoutes = [list];
