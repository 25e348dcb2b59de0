import { z } from 'zod';
import type { ConversationListed, ConversationRow } from '../../db/conversations';
import { NEEDS } from '../../domain/conversation';
import { CHANNELS, id, instantOut } from '../wire';

const EXCERPT = 160;

export const ConversationView = z
  .object({
    id,
    contact_id: id,
    contact_name: z.string(),
    status: z.enum(['open', 'closed']),
    assigned_staff_id: id.nullable(),
    unread: z.int().meta({ description: 'messages of the person since somebody last read it' }),
    needs_person: z.enum(NEEDS).nullable().meta({
      description:
        'message: something only a person can answer; cancel_visit: CANCEL ended the texts and may mean the visit; loop: two robots seem to talk',
    }),
    needs_person_since: instantOut.nullable(),
    silenced_since: instantOut.nullable().meta({ description: 'since then nothing is answered automatically' }),
    last_message: z
      .object({
        id,
        channel: z.enum(CHANNELS),
        direction: z.enum(['in', 'out']),
        excerpt: z.string(),
        media: z.int(),
        at: instantOut,
      })
      .nullable(),
    last_at: instantOut,
    version: z.int(),
    created_at: instantOut,
    updated_at: instantOut,
  })
  .meta({ id: 'Conversation' });

const fieldsOf = (row: ConversationRow) => ({
  id: row.id,
  contactId: row.contactId,
  status: row.status,
  assignedStaffId: row.assignedStaffId,
  unread: row.unread,
  needsPerson: row.needsPerson,
  needsPersonSince: row.needsPersonSince,
  silencedSince: row.silencedAt,
  lastAt: row.lastAt,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** A conversation as clients see it, with the last thing said in it. */
export function presentConversation({ contactName, last, ...row }: ConversationListed) {
  const lastMessage = last && {
    id: last.messageId,
    channel: last.channel,
    direction: last.direction,
    excerpt: (last.body ?? '').slice(0, EXCERPT),
    media: last.mediaTypes.length,
    at: last.at,
  };
  return { ...fieldsOf(row), contactName, lastMessage };
}
