import { z } from 'zod';
import { findBusinessZone } from '../../db/businesses';
import { findMessage, listMessages } from '../../db/messages';
import { sumCosts } from '../../db/prices';
import { decideUnknown } from '../../db/unknown-messages';
import { DAY_MS, plusMs } from '../../domain/time';
import { MESSAGE_STATUSES, MessageView, presentMessage } from '../presenters/message';
import { WeekOfCost } from '../presenters/week-of-cost';
import { conflict } from '../problem';
import { ringMessages } from '../replan';
import { route } from '../route';
import { ById, id, instantIn, pageQueryById, toPage } from '../wire';

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

const WEEKS_MS = 13 * 7 * DAY_MS;

const costs = route(
  {
    method: 'get',
    path: '/messages/costs',
    tag: 'Messages',
    summary: 'What messages cost, by week and channel',
    description: 'The last 13 weeks unless told. Weeks begin on Monday in the zone of the business.',
    role: 'admin',
    query: z.object({ from: instantIn.optional(), to: instantIn.optional() }),
    response: z.object({ weeks: z.array(WeekOfCost) }),
  },
  async ({ tx, query: { to, from }, now }) => ({
    weeks: await sumCosts(tx, { to: to ?? now, from: from ?? plusMs(to ?? now, -WEEKS_MS) }),
  }),
);

const resolve = route(
  {
    method: 'post',
    path: '/messages/:id/resolve',
    tag: 'Messages',
    summary: 'Decide about a message of which nobody knows whether it was sent',
    description:
      '`GET /messages?status=unknown` shows them. `it_was_sent` counts it as sent, `send_again` makes another attempt, through the gate as ever, `leave_it` only ' +
      'takes it off the list of what waits for a person. A report of the vendor that comes first decides by itself. The same decision again changes nothing.',
    action: 'message.resolved',
    role: 'admin',
    params: ById,
    body: z.object({ decision: z.enum(['it_was_sent', 'send_again', 'leave_it']) }),
    response: MessageView,
    problems: ['message_not_unknown'],
  },
  async ({ tx, params: { id: messageId }, body: { decision }, from, now }) => {
    const before = await findMessage(tx, messageId, 'forUpdate');
    if (before.resolution !== decision) {
      if (!(await decideUnknown(tx, { id: messageId, decision, now }))) throw conflict('message_not_unknown', { status: before.status });
      const { firstId, appointmentId, cadenceStateId, scheduleVersion } = before;
      if (decision !== 'leave_it')
        await ringMessages(tx, [{ id: messageId, firstId, appointmentId, cadenceStateId, inPlan: scheduleVersion !== null }], {
          lane: 0,
          now,
        });
    }
    return presentMessage(await findMessage(tx, messageId), { now, locale: from.locale, zone: await findBusinessZone(tx) });
  },
);

export const messageRoutes = [list, costs, resolve];
