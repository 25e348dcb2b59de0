import type { ContactRow } from '../../db/contacts';
import { askPerson, noteProgress } from '../../db/conversations';
import { countSaid, findLastWord, findOpenQuestions } from '../../db/inbound';
import type { ReplyDecision, ReplyIntent, WhichQuestion } from '../../domain/reply';
import { answerReply } from '../../domain/reply';
import { changeStatus } from '../booking';
import { Problem } from '../problem';
import type { Context } from './replying';
import { reply } from './replying';

/** What a text that is no opt-out answers: the question of a visit, or nothing that we know, and then a person reads it (R40). */
export async function answer(context: Context, contact: ContactRow): Promise<void> {
  const { tx, contacts, event, now } = context;
  const contactIds = contacts.map(({ id }) => id);
  const open = await findOpenQuestions(tx, { contactIds, now });
  const which = whichQuestion(await findLastWord(tx, contactIds));
  await act(context, contact, answerReply({ text: event.body, open, which }));
}

async function act(context: Context, contact: ContactRow, decision: ReplyDecision): Promise<void> {
  switch (decision.kind) {
    case 'confirm':
      return confirm(context, contact, decision.appointmentId);
    case 'reschedule':
      await reply(context, contact, { rule: 'reschedule_link', appointmentId: decision.appointmentId });
      return;
    case 'which':
      await reply(context, contact, {
        rule: 'which_visit',
        facts: { intent: decision.intent, appointmentIds: decision.appointmentIds.join(',') },
      });
      return;
    case 'conversation':
      return handOff(context, contact);
  }
}

async function confirm(context: Context, contact: ContactRow, appointmentId: string): Promise<void> {
  const { tx, now } = context;
  try {
    await changeStatus(tx, { id: appointmentId, action: 'confirm', by: 'contact', now });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return handOff(context, contact); // begun or over meanwhile: a person answers
  }
  await noteProgress(tx, { contactId: contact.id, now });
  await reply(context, contact, { rule: 'confirm_ack', appointmentId });
}

/** The text waits for a person; that somebody will answer is said once a day. */
async function handOff(context: Context, contact: ContactRow): Promise<void> {
  const { tx, now } = context;
  await askPerson(tx, { contactId: contact.id, need: 'message', now });
  const said = await countSaid(tx, { contactId: contact.id, rule: 'handoff', now });
  if (said === 0) await reply(context, contact, { rule: 'handoff' });
}

function whichQuestion(last: { rule: string; facts: Record<string, string> } | undefined): WhichQuestion | null {
  if (last?.rule !== 'which_visit') return null;
  const { intent, appointmentIds = '' } = last.facts;
  return { intent: intent === 'reschedule' ? 'reschedule' : ('confirm' satisfies ReplyIntent), appointmentIds: appointmentIds.split(',') };
}
