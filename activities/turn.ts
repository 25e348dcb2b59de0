import type { MessageRow } from '../db/messages';
import { findPermissionFacts, lockCap, lockContactAddresses } from '../db/permission-facts';
import type { StaffFacts } from '../db/plan-facts';
import { findContactFacts, findStaffFacts, findVisitFacts } from '../db/plan-facts';
import { isEnrolled } from '../db/cadence-states';
import type { Tx } from '../db/tenancy';
import { findVisitPlan } from '../db/visit-plan';
import { isOffered } from '../db/waitlist-offers';
import { causedByRecipientAt } from '../domain/appointment-notices';
import { planAppointment } from '../domain/appointment-plan';
import type { GateFacts } from '../domain/gate';
import { isCapped } from '../domain/gate';
import type { Reason } from '../domain/message';
import type { BusinessPermission, PermissionFacts } from '../domain/permission';
import { addressOf, gateFactsOf, staffGateFacts } from '../domain/permission';
import type { Instant } from '../domain/time';
import { hoursOf, toAppointmentFacts } from '../domain/visit-rows';
import type { Composed } from './composing';
import { composeByHand, composeReply, composeStaff, composeVisit, hasWording } from './composing';
import type { Deps } from './deps';
import { dncSince } from './dnc';
import { signInTurn } from './sign-in';
import { readForm } from './whatsapp-form';
import { reasonToDrop, sendKeyOf } from './visit-plan';

type TurnDeps = Pick<Deps, 'clock' | 'hash' | 'publicUrl' | 'defaultFromNumber' | 'fromEmail' | 'dnc'>;
type Asked = { businessId: string; message: MessageRow; now: Instant };

/** What a message's turn needs: whether it is still called for, the gate's facts, and its text once it may go. */
export type Turn =
  | { kind: 'drop'; reason: Reason }
  | { kind: 'skip'; reason: Reason }
  | {
      kind: 'ready';
      sendAt: Instant;
      gateFacts: GateFacts;
      compose: () => Promise<Composed>;
      /** What of the text the ledger must not keep. */
      secret?: string;
    };

/** Reads the facts of a message's turn again, under the locks that a STOP, a withdrawal, a cancel and a move wait for (R34). */
export async function readTurn(tx: Tx, deps: TurnDeps, asked: Asked): Promise<Turn> {
  const { message } = asked;
  if (message.contactId !== null) {
    await lockContactAddresses(tx, message.contactId);
    if (isCapped(message)) await lockCap(tx, { kind: 'contact', id: message.contactId });
  }
  if (message.appointmentId !== null && message.scheduleVersion !== null)
    return visitTurn(tx, deps, { ...asked, appointmentId: message.appointmentId });
  if (message.userId !== null) return signInTurn(tx, deps, { ...asked, userId: message.userId });
  if (message.staffId !== null) return staffTurn(tx, deps, { ...asked, staffId: message.staffId });
  return contactTurn(tx, deps, asked);
}

async function visitTurn(tx: Tx, deps: TurnDeps, asked: Asked & { appointmentId: string }): Promise<Turn> {
  const { appointmentId, message, now } = asked;
  const found = await findVisitPlan(tx, { appointmentId, now, dncSince: dncSince(deps) });
  const { visit, permission } = found;
  const facts = toAppointmentFacts({ ...found, now });
  // The plan itself says whether this message is still called for: one source of truth, read after the lock.
  const { messages } = planAppointment(facts);
  const planned = messages.find((candidate) => sendKeyOf(appointmentId, candidate) === message.sendKey);
  if (!planned)
    return { kind: 'drop', reason: reasonToDrop(message, { messages, reach: facts.contact.reach, appointment: visit.appointment }) };
  if (planned.skip !== null) return { kind: 'skip', reason: planned.skip };

  const staff = visit.staff.find(({ id }) => id === message.staffId);
  const address = addressOf(staff ?? visit.contact, message.channel);
  if (address === null) return { kind: 'skip', reason: 'no_address' };
  const form = await readForm(tx, { message, business: visit.business, contact: visit.contact, now });
  if (form.kind === 'none') return { kind: 'skip', reason: form.reason };
  const firstMessage = !staff && isFirst(permission, message);
  const causedAt = causedByRecipientAt(message.rule, visit.appointment);
  return {
    kind: 'ready',
    sendAt: message.deferredUntil !== null && message.deferredUntil > planned.sendAt ? message.deferredUntil : planned.sendAt,
    gateFacts: staff ? toStaff(permission.business, asked, staff) : gateFactsOf(permission, { ...ask(asked), causedAt }),
    compose: () => composeVisit(tx, { deps, visit, message, to: { address, form }, firstMessage }),
  };
}

async function staffTurn(tx: Tx, deps: TurnDeps, asked: Asked & { staffId: string }): Promise<Turn> {
  const { business, staff } = await findStaffFacts(tx, asked.staffId);
  const address = addressOf(staff, asked.message.channel);
  if (address === null) return { kind: 'skip', reason: 'no_address' };
  const permission: BusinessPermission = {
    status: business.businessStatus,
    quiet: { startMinute: business.quietStartMinute, endMinute: business.quietEndMinute },
    fromNumber: business.fromNumber,
    senderRegistration: business.senderRegistration,
    postalAddressKnown: business.businessPostalAddress !== null,
    onWhatsApp: false, // staff are reached by e-mail and text
  };
  const { message } = asked;
  const to = { address, form: { kind: 'text' as const } };
  const visit = message.appointmentId === null ? null : await findVisitFacts(tx, message.appointmentId);
  if (visit && !isAhead(visit.appointment)) return { kind: 'drop', reason: 'not_needed' };
  const compose = () =>
    visit ? composeVisit(tx, { deps, visit, message, to, firstMessage: false }) : composeStaff(tx, { deps, business, staff, message, to });
  return { kind: 'ready', sendAt: asked.message.sendAt, gateFacts: toStaff(permission, asked, staff), compose };
}

/** A question about a visit that is over, or was cancelled meanwhile, asks nothing. */
const isAhead = ({ status }: { status: string }): boolean => status === 'booked' || status === 'confirmed';

async function contactTurn(tx: Tx, deps: TurnDeps, asked: Asked): Promise<Turn> {
  const { message, now } = asked;
  if (message.rule === 'waitlist_offer' && !(await isOffered(tx, message.facts['offerId'] ?? '')))
    return { kind: 'drop', reason: 'not_needed' };
  if (message.cadenceStateId !== null && !(await isEnrolled(tx, message.cadenceStateId))) return { kind: 'drop', reason: 'cadence_ended' };
  const contactId = message.contactId ?? '';
  const people = await findContactFacts(tx, contactId);
  const address = addressOf(people.contact, message.channel);
  if (address === null) return { kind: 'skip', reason: 'no_address' };
  const form = await readForm(tx, { message, ...people, now });
  if (form.kind === 'none') return { kind: 'skip', reason: form.reason };
  if (message.facts['template'] !== undefined && !(await hasWording(tx, message, people.contact)))
    return { kind: 'skip', reason: 'no_template' };
  const permission = await findPermissionFacts(tx, { contactId, now, dncSince: dncSince(deps) });
  const subject = { deps, people, message, to: { address, form }, now };
  const compose = () =>
    message.rule === 'manual' || message.cadenceStateId !== null
      ? composeByHand(tx, { ...subject, firstMessage: isFirst(permission, message) })
      : composeReply(tx, subject);
  return { kind: 'ready', sendAt: message.sendAt, gateFacts: gateFactsOf(permission, ask(asked)), compose };
}

const ask = ({ message, now }: Asked) => ({
  now,
  notAfter: message.notAfter,
  rule: message.rule,
  messageClass: message.messageClass,
  channel: message.channel,
  causedAt: null,
  spreadKey: message.id,
});

const toStaff = (business: BusinessPermission, asked: Asked, staff: StaffFacts): GateFacts =>
  staffGateFacts(business, { ...ask(asked), hours: hoursOf(staff) });

/** The first message over a channel says how to opt out. */
const isFirst = ({ written }: PermissionFacts, { channel }: Pick<MessageRow, 'channel'>): boolean => !written.includes(channel);
