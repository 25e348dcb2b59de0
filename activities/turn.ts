import { findOutcomes } from '../db/messages';
import type { MessageRow } from '../db/messages';
import type { BusinessFacts } from '../db/plan-facts';
import { countRecent, findContactFacts, findStaffFacts, findVisitFacts, lockChannel, wasEverSent } from '../db/plan-facts';
import type { Tx } from '../db/tenancy';
import { causedByRecipientAt } from '../domain/appointment-notices';
import { planAppointment } from '../domain/appointment-plan';
import { CONTACT_CAP } from '../domain/gate';
import type { GateFacts } from '../domain/gate';
import type { Channel, Reason } from '../domain/message';
import { contactHours } from '../domain/quiet-hours';
import type { Instant } from '../domain/time';
import type { Composed } from './composing';
import { composeReply, composeStaff, composeVisit } from './composing';
import type { Deps } from './deps';
import { hoursOf, isSenderHeld, placeOf, reasonToDrop, sendKeyOf, toAppointmentFacts } from './visit-plan';

type TurnDeps = Pick<Deps, 'hash' | 'publicUrl' | 'defaultFromNumber' | 'fromEmail'>;
type Asked = { businessId: string; message: MessageRow; now: Instant };

/** What a message's turn needs: whether it is still called for, the gate's facts, and its text once it may go. */
export type Turn =
  | { kind: 'drop'; reason: Reason }
  | { kind: 'skip'; reason: Reason }
  | { kind: 'ready'; sendAt: Instant; gateFacts: GateFacts; compose: () => Composed };

/** Reads the facts of a message's turn again, under the locks that a cancel, a move and a STOP wait for (R34). */
export async function readTurn(tx: Tx, deps: TurnDeps, asked: Asked): Promise<Turn> {
  const { message } = asked;
  if (message.appointmentId !== null && message.scheduleVersion !== null)
    return visitTurn(tx, deps, { ...asked, appointmentId: message.appointmentId });
  if (message.staffId !== null) return staffTurn(tx, deps, { ...asked, staffId: message.staffId });
  return contactTurn(tx, deps, asked);
}

async function visitTurn(tx: Tx, deps: TurnDeps, asked: Asked & { appointmentId: string }): Promise<Turn> {
  const { appointmentId, message, now } = asked;
  const visit = await findVisitFacts(tx, appointmentId);
  const facts = toAppointmentFacts(visit, await findOutcomes(tx, appointmentId), now);
  // The plan itself says whether this message is still called for: one source of truth, read after the lock.
  const { messages } = planAppointment(facts);
  const planned = messages.find((candidate) => sendKeyOf(appointmentId, candidate) === message.sendKey);
  if (!planned)
    return { kind: 'drop', reason: reasonToDrop(message, { messages, reach: facts.contact.reach, appointment: visit.appointment }) };
  if (planned.skip !== null) return { kind: 'skip', reason: planned.skip };

  const staff = visit.staff.find(({ id }) => id === message.staffId);
  const address = staff ? addressOf(staff, message.channel) : addressOf(visit.contact, message.channel);
  if (address === null) return { kind: 'skip', reason: 'no_address' };
  const recipient = staff
    ? ({ kind: 'staff', hours: hoursOf(staff) } as const)
    : await contactState(tx, deps, { ...asked, visit, address, causedAt: causedByRecipientAt(message.rule, visit.appointment) });
  const gateFacts = gateFactsOf(asked, visit.business, recipient);
  const sendAt = message.deferredUntil !== null && message.deferredUntil > planned.sendAt ? message.deferredUntil : planned.sendAt;
  return {
    kind: 'ready',
    sendAt,
    gateFacts,
    compose: () => composeVisit({ deps, visit, message, address, firstMessage: recipient.kind === 'contact' && recipient.first }),
  };
}

type ContactState = {
  kind: 'contact';
  hours: GateFacts['hours'];
  suppressed: boolean;
  unusable: boolean;
  consent: boolean;
  sentIn24h: number;
  first: boolean;
};
type Recipient = ContactState | { kind: 'staff'; hours: GateFacts['hours'] };
type People = Pick<Awaited<ReturnType<typeof findVisitFacts>>, 'business' | 'contact' | 'channels'>;

type ToContact = Asked & {
  visit: People;
  address: string;
  /** When the receiver did what a notice tells of (R20). */ causedAt: Instant | null;
};

async function contactState(
  tx: Tx,
  deps: TurnDeps,
  { businessId, message, now, visit, address, causedAt }: ToContact,
): Promise<ContactState> {
  const locked = await lockChannel(tx, { channel: message.channel, addressHash: deps.hash.address(businessId, address) });
  const { quietStartMinute, quietEndMinute } = visit.business;
  const hours = contactHours({
    messageClass: message.messageClass,
    channel: message.channel,
    place: placeOf(visit.contact),
    quiet: { startMinute: quietStartMinute, endMinute: quietEndMinute },
    causedByRecipientAt: causedAt,
  });
  const first = message.contactId !== null && !(await wasEverSent(tx, { contactId: message.contactId, channel: message.channel }));
  const sentIn24h = message.contactId === null ? 0 : await countRecent(tx, { contactId: message.contactId, now });
  const consent = visit.channels.find(({ channel }) => channel === message.channel)?.consent ?? false;
  return { kind: 'contact', hours, suppressed: locked.suppressed, unusable: locked.unusable, consent, sentIn24h, first };
}

function gateFactsOf({ message, now }: Asked, business: BusinessFacts, recipient: Recipient): GateFacts {
  const contact = recipient.kind === 'contact' ? recipient : { suppressed: false, unusable: false, consent: true, sentIn24h: 0 };
  return {
    now,
    notAfter: message.notAfter,
    rule: message.rule,
    messageClass: message.messageClass,
    businessStatus: business.businessStatus,
    suppressed: contact.suppressed,
    consent: contact.consent,
    channelUsable: !contact.unusable,
    hours: recipient.hours,
    contactCap: { sentIn24h: contact.sentIn24h, limit: CONTACT_CAP, freesAt: null },
    registrationPending: message.channel === 'sms' && isSenderHeld(business),
    spreadKey: message.id,
  };
}

async function staffTurn(tx: Tx, deps: TurnDeps, asked: Asked & { staffId: string }): Promise<Turn> {
  const { business, staff } = await findStaffFacts(tx, asked.staffId);
  const address = addressOf(staff, asked.message.channel);
  if (address === null) return { kind: 'skip', reason: 'no_address' };
  const composed = await composeStaff(tx, { deps, business, staff, message: asked.message, address });
  return {
    kind: 'ready',
    sendAt: asked.message.sendAt,
    gateFacts: gateFactsOf(asked, business, { kind: 'staff', hours: hoursOf(staff) }),
    compose: () => composed,
  };
}

async function contactTurn(tx: Tx, deps: TurnDeps, asked: Asked): Promise<Turn> {
  const { message } = asked;
  const people = await findContactFacts(tx, message.contactId ?? '');
  const address = addressOf(people.contact, message.channel);
  if (address === null) return { kind: 'skip', reason: 'no_address' };
  const state = await contactState(tx, deps, { ...asked, visit: people, address, causedAt: null });
  const composed = await composeReply(tx, { deps, people, message, address });
  return { kind: 'ready', sendAt: message.sendAt, gateFacts: gateFactsOf(asked, people.business, state), compose: () => composed };
}

const addressOf = ({ phone, email }: { phone: string | null; email: string | null }, channel: Channel): string | null =>
  channel === 'sms' ? phone : email;
