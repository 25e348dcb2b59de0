import { v7 as newId } from 'uuid';
import { findOpenAppointments } from '../../db/appointments';
import { askPerson, findConversationOf } from '../../db/conversations';
import { ringAll } from '../../db/doorbell';
import { savePlanned } from '../../db/messages';
import type { VisitReader } from '../../db/staff';
import { findVisitReaders } from '../../db/staff';
import { messageDeliveryProcess } from '../../workflows/contracts/message-delivery';
import type { Context } from './replying';

/**
 * CANCEL ends the texts and may mean the visit, too: the conversation is put before a person, and those who hold the visits ahead, and the owners, are asked.
 * Nothing is cancelled by it (R32). While the question is open it is not asked again.
 */
export async function askAboutVisits(context: Context): Promise<void> {
  const { tx, contacts, now } = context;
  const [contact] = contacts;
  if (!contact) return;
  const visits = [];
  for (const { id } of contacts) visits.push(...(await findOpenAppointments(tx, { contactId: id, now })));
  const open = await findConversationOf(tx, contact.id);
  if (visits.length === 0 || open?.needsPerson === 'cancel_visit') return;
  await askPerson(tx, { contactId: contact.id, need: 'cancel_visit', now });
  const readers = await findVisitReaders(
    tx,
    visits.map(({ id }) => id),
  );
  const messages = readers.map((reader) => question(context, reader));
  await savePlanned(tx, messages, now);
  await ringAll(
    tx,
    messages.map(({ id }) => ({ ...messageDeliveryProcess(id), version: 1, now })),
  );
}

const question = ({ inboundId, now }: Context, { staffId, appointmentId, startsAt, email }: VisitReader) => {
  const channel = email === null ? ('sms' as const) : ('email' as const);
  return {
    id: newId(),
    sendKey: `cancel-question/${inboundId}/${appointmentId}/${staffId}/${channel}`,
    appointmentId,
    contactId: null,
    staffId,
    rule: 'staff_cancel_question' as const,
    messageClass: 'staff' as const,
    channel,
    scheduleVersion: null,
    status: 'planned' as const,
    reason: null,
    dueAt: now,
    sendAt: now,
    notAfter: startsAt,
  };
};
