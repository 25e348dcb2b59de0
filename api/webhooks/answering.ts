import type { ContactRow } from '../../db/contacts';
import { askPerson, noteProgress } from '../../db/conversations';
import { countSaid } from '../../db/inbound';
import { answerQuestions, type OfferReply } from '../../domain/offer-reply';
import type { ReplyDecision, ReplyIntent, WhichQuestion } from '../../domain/reply';
import { changeStatus } from '../booking';
import { Problem } from '../problem';
import { answerOffer, findQuestions } from './offer-answers';
import type { Context } from './replying';
import { reply } from './replying';

/** What a text that is no opt-out answers: the question of a visit, an offer of the waitlist, or nothing that we know, and then a person reads it (R40). */
export async function answer(context: Context, contact: ContactRow): Promise<void> {
  const { tx, contacts, event, now } = context;
  const contactIds = contacts.map(({ id }) => id);
  const { last, ...questions } = await findQuestions(tx, { contactIds, now });
  await act(context, contact, answerQuestions({ text: event.body, ...questions, which: whichQuestion(last) }));
}

async function act(context: Context, contact: ContactRow, decision: ReplyDecision | OfferReply): Promise<void> {
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
    case 'take':
    case 'pass':
    case 'late':
      return ofOffer(context, contact, decision);
    case 'conversation':
      return handOff(context, contact);
  }
}

/** An offer's answer got somewhere, whatever it was. */
async function ofOffer(context: Context, contact: ContactRow, answered: OfferReply): Promise<void> {
  const { tx, now, event } = context;
  await noteProgress(tx, { contactId: contact.id, now });
  const due = await answerOffer(tx, context.deps, { reply: answered, channel: event.channel, now });
  if (due === 'thank') await reply(context, contact, { rule: 'waitlist_decline_ack', facts: { offerId: answered.offerId } });
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
