import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { findBusinessZone } from '../../db/businesses';
import { settleConversation } from '../../db/conversations';
import { ring } from '../../db/doorbell';
import { savePlanned, skipMessage } from '../../db/messages';
import { findPermissionFacts } from '../../db/permission-facts';
import { findSegmentPrice } from '../../db/prices';
import { deferMessage, holdMessage } from '../../db/sending';
import type { Tx } from '../../db/tenancy';
import { decisionOf } from '../../domain/decision';
import { gate, type GateAnswer, type GateFacts } from '../../domain/gate';
import type { Channel, MessageClass } from '../../domain/message';
import { addressOf, gateFactsOf, type PermissionAsked, type PermissionFacts } from '../../domain/permission';
import { figuresOf } from '../../domain/templates/figures';
import { renderTemplate } from '../../domain/templates/render';
import { DAY_MS, plusMs, type Instant } from '../../domain/time';
import { messageDeliveryProcess } from '../../workflows/contracts/message-delivery';
import { wordsFor } from '../message-words';
import { dncSinceOf } from '../permission';
import { DecisionView, presentDecision } from '../presenters/gate-answer';
import { explainAnswer } from '../presenters/message-explanation';
import { FiguresView } from '../presenters/template';
import { invalidField } from '../problem';
import { route, type Call } from '../route';
import { varsOf } from '../template-subject';
import { CHANNELS, id, instantIn, instantOut, text } from '../wire';

const tag = 'Messages';

const words = {
  contact_id: id,
  body: z
    .string()
    .trim()
    .min(1)
    .max(1_600)
    .optional()
    .meta({ description: 'written by hand; may name variables such as {{ contact_name }}' }),
  subject: text(200).optional().meta({ description: 'of an e-mail written by hand' }),
  template_id: z
    .string()
    .max(60)
    .optional()
    .meta({ description: 'the key of a template: of your own, or of a rule', example: 'own-glasses' }),
  class: z
    .enum(['notice', 'marketing'])
    .optional()
    .meta({ description: '`notice` unless told: what the person waits for. What advertises is `marketing` and needs consent to it.' }),
  appointment_id: id.optional().meta({ description: 'the visit that it is about' }),
};

const simulate = route(
  {
    method: 'post',
    path: '/messages/simulate',
    tag,
    summary: 'What a message would say and cost, whether it may go, and when; sends and writes nothing',
    description:
      'For any contact, template and time. `voice` asks about a call of an artificial voice, which has no words. A template about visits without one shows a visit made up for it. Nobody is asked: an external do-not-call list counts as it last answered.',
    action: null,
    role: 'staff',
    body: z
      .object({
        ...words,
        channel: z.enum([...CHANNELS, 'voice']),
        at: instantIn.optional().meta({ description: 'now unless told' }),
        not_after: instantIn.optional().meta({ description: 'when it is of no use any more; 7 days later unless told' }),
        for_trial: z.boolean().default(false).meta({ description: "a trial's call" }),
      })
      .meta({ example: { contact_id: '<contact_id>', channel: 'sms', body: 'Your glasses are here.' } }),
    response: z
      .object({
        text: z.object({ subject: z.string().nullable(), body: z.string(), html: z.string().nullable() }).nullable(),
        template_id: z.string().nullable(),
        figures: FiguresView.nullable().meta({ description: 'of a text message: segments and price' }),
        gate: DecisionView,
        goes_at: instantOut.nullable(),
      })
      .meta({ id: 'Simulation' }),
    problems: ['template.mistakes', 'message.advertises'],
  },
  async (call) => {
    const { tx, deps, from, body, now } = call;
    const at = body.at ?? now;
    const facts = await findPermissionFacts(tx, { contactId: body.contactId, now: at, dncSince: dncSinceOf(deps) });
    const said = body.channel === 'voice' ? null : await say(call, { ...body, channel: body.channel }, facts);
    const asked = {
      now: at,
      notAfter: body.notAfter ?? plusMs(at, USEFUL_MS.marketing),
      rule: null,
      messageClass: said?.messageClass ?? ('call' as const),
      channel: body.channel,
      spreadKey: '',
      causedAt: null,
      forTrial: body.forTrial,
    };
    const judged = judge(facts, asked);
    const decision = presentDecision(judged.answer, judged.facts, { now: at, locale: from.locale, zone: await findBusinessZone(tx) });
    return {
      text: said?.text ?? null,
      templateId: said?.templateId ?? null,
      figures: said && body.channel === 'sms' ? figuresOf(said.text.body, await findSegmentPrice(tx, now)) : null,
      gate: decision,
      goesAt: decision.goesAt,
    };
  },
);

const send = route(
  {
    method: 'post',
    path: '/messages/send',
    tag,
    summary: 'Send one message by hand',
    description:
      'The gate is asked at once and again when it leaves: what may not go is not sent and says why, what waits says until when. An Idempotency-Key is needed. `class` decides what consent it needs and whether it waits for the cap.',
    action: 'message.sent_by_hand',
    role: 'staff',
    keyRequired: true,
    body: z
      .object({ ...words, channel: z.enum(CHANNELS) })
      .meta({ example: { contact_id: '<contact_id>', channel: 'sms', body: 'Your glasses are here.' } }),
    status: 202,
    response: z
      .object({
        message_id: id,
        status: z.enum(['planned', 'held', 'skipped']),
        reason: z.string().optional(),
        goes_at: instantOut.nullable().meta({ description: 'null: not by itself' }),
        explanation: z.string().meta({ description: "in the caller's language" }),
      })
      .meta({ id: 'SentByHand' }),
    problems: ['template.mistakes', 'message.advertises'],
  },
  async (call) => {
    const { tx, deps, from, body, now } = call;
    const { contactId, channel, appointmentId = null } = body;
    const facts = await findPermissionFacts(tx, { contactId, now, dncSince: dncSinceOf(deps) });
    const said = await say(call, body, facts);
    const messageClass = ofHand(said.messageClass);
    if (said.needsVisit && appointmentId === null) throw invalidField('appointment_id', 'the template is about a visit');
    const messageId = newId();
    const notAfter = plusMs(now, USEFUL_MS[messageClass]);
    const asked = { now, notAfter, rule: 'manual' as const, messageClass, channel, spreadKey: messageId, causedAt: null };
    const judged = judge(facts, asked);
    await savePlanned(tx, [{ ...rowOf(messageId, asked), contactId, appointmentId, facts: said.kept }], now);
    await settle(tx, { id: messageId, ...judged, now });
    const { answer } = judged;
    if (answer.kind !== 'skip') {
      // A person of ours has answered; an offer answers nothing.
      if (messageClass === 'notice') await settleConversation(tx, { contactId, now, said: true });
      await ring(tx, { ...messageDeliveryProcess(messageId), version: 1, now });
    }
    return {
      messageId,
      status: answer.kind === 'skip' ? ('skipped' as const) : answer.kind === 'hold' ? ('held' as const) : ('planned' as const),
      ...(answer.kind !== 'send' && { reason: answer.reason }),
      goesAt: answer.kind === 'send' ? now : answer.kind === 'defer' ? answer.until : null,
      explanation: explainAnswer(answer, { now, locale: from.locale, zone: await findBusinessZone(tx) }),
    };
  },
);

/** What was written by hand is of no use a day later; an offer a week. */
const USEFUL_MS = { notice: DAY_MS, marketing: 7 * DAY_MS };

/** Reminders and answers belong to rules: nobody sends them by hand. */
function ofHand(messageClass: MessageClass): 'notice' | 'marketing' {
  if (messageClass === 'notice' || messageClass === 'marketing') return messageClass;
  throw invalidField('template_id', `is of class ${messageClass}: a rule sends it by itself`);
}

type Judged = { answer: GateAnswer; facts: GateFacts };

/** Without an address there is nothing to ask the gate. */
function judge(facts: PermissionFacts, asked: PermissionAsked): Judged {
  const seen = gateFactsOf(facts, asked);
  const missing = addressOf(facts.contact, asked.channel) === null;
  return { facts: seen, answer: missing ? { kind: 'skip', reason: 'no_address' } : gate(seen) };
}

type Said = Pick<Call, 'tx' | 'deps' | 'caller' | 'from'>;
type SayWhat = Omit<Parameters<typeof wordsFor>[1], 'businessId'> & { appointmentId?: string | undefined };

/** The words, filled in, and what the ledger keeps of them. */
async function say({ tx, deps, caller, from }: Said, what: SayWhat, { written }: PermissionFacts) {
  const { wording, locale, text: byHand } = await wordsFor(tx, { ...what, businessId: caller.businessId }, from.locale);
  const { template, templateId } = wording;
  if (template.messageClass === 'staff') throw invalidField('template_id', 'is for staff');
  const vars = await varsOf(tx, deps, { frame: template, contactId: what.contactId, appointmentId: what.appointmentId });
  const firstMessage = !written.includes(what.channel);
  const rendered = renderTemplate({ ...wording, channel: what.channel, locale, vars: { ...vars(locale), firstMessage } });
  const isText = rendered.channel === 'sms'; // and WhatsApp
  return {
    messageClass: template.messageClass,
    needsVisit: template.needsWhen,
    templateId,
    text: isText
      ? { subject: null, body: rendered.text, html: null }
      : { subject: rendered.subject, body: rendered.text, html: rendered.html },
    kept: keptOf(what, byHand),
  };
}

const keptOf = ({ templateId }: SayWhat, byHand: { body: string; subject: string | null } | null): Record<string, string> =>
  byHand === null ? { template: templateId ?? '' } : { body: byHand.body, ...(byHand.subject !== null && { subject: byHand.subject }) };

type Row = { now: Instant; notAfter: Instant; messageClass: MessageClass; channel: Channel };

const rowOf = (messageId: string, { now, notAfter, messageClass, channel }: Row) => ({
  id: messageId,
  sendKey: `manual/${messageId}`,
  staffId: null,
  rule: 'manual' as const,
  messageClass,
  channel,
  scheduleVersion: null,
  status: 'planned' as const,
  reason: null,
  dueAt: now,
  sendAt: now,
  notAfter,
});

/** The first answer stands in the ledger with what was seen; the gate is asked once more when the message leaves. */
async function settle(tx: Tx, { id: messageId, answer, facts, now }: Judged & { id: string; now: Instant }): Promise<void> {
  const about = { id: messageId, decision: decisionOf(answer, facts), now };
  if (answer.kind === 'skip') await skipMessage(tx, { ...about, reason: answer.reason });
  if (answer.kind === 'hold') await holdMessage(tx, { ...about, reason: answer.reason });
  if (answer.kind === 'defer') await deferMessage(tx, { ...about, until: answer.until, reason: answer.reason });
}

export const sendingRoutes = [simulate, send];
