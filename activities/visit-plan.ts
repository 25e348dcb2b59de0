import type { Outcome, PlannedRow } from '../db/messages';
import type { VisitFacts } from '../db/plan-facts';
import type { PlannedMessage, Reach } from '../domain/appointment-facts';
import { leftoverReason } from '../domain/appointment-plan';
import type { Reason } from '../domain/message';
import { recipientPlace } from '../domain/recipient-place';
import type { RecipientPlace } from '../domain/recipient-place';
import type { Instant } from '../domain/time';

/** Where the contact may be, for quiet hours (R22). */
export const placeOf = (contact: VisitFacts['contact']): RecipientPlace =>
  recipientPlace({ zone: contact.contactZone, postalCode: contact.contactPostalCode, phone: contact.phone });

/** Unique for each message that may ever go out: subject, schedule version, rule, receiver, channel, and a notice's change. */
export function sendKeyOf(appointmentId: string, { scheduleVersion, rule, recipient, channel, change }: PlannedMessage): string {
  const receiver = recipient.kind === 'contact' ? 'contact' : recipient.id;
  return ['appointment', appointmentId, `v${scheduleVersion}`, rule, receiver, channel, ...(change === null ? [] : [change])].join('/');
}

type Row = Pick<Outcome, 'rule' | 'channel' | 'contactId' | 'staffId' | 'change'> & { scheduleVersion: number | null };

/** Whether a row of the ledger is the planned message, on whatever channel. */
export const isSameMessage = (row: Row, message: PlannedMessage): boolean =>
  message.rule === row.rule &&
  message.scheduleVersion === row.scheduleVersion &&
  message.change === row.change &&
  message.recipient.id === (row.contactId ?? row.staffId);

type DroppedFrom = { messages: PlannedMessage[]; reach: Reach; appointment: VisitFacts['appointment'] };

/** Why a pending row that the plan names no longer is dropped. One that goes over another channel now says what closed its own, such as a STOP. */
export function reasonToDrop(row: Row, { messages, reach, appointment }: DroppedFrom): Reason {
  const isRerouted = messages.some((message) => isSameMessage(row, message));
  if (!isRerouted) return leftoverReason({ rule: row.rule, scheduleVersion: row.scheduleVersion ?? 0 }, appointment);
  const state = row.contactId === null ? 'ok' : (reach[row.channel] ?? 'no_address');
  return state === 'ok' ? 'not_needed' : state;
}

/** A line of the plan as a row of the ledger. What waits for a release is held from its instant on. */
export function toRow(
  message: PlannedMessage,
  { appointmentId, id, now }: { appointmentId: string; id: string; now: Instant },
): PlannedRow {
  const held = message.skip === null && message.hold !== null && message.sendAt <= now;
  const forContact = message.recipient.kind === 'contact';
  return {
    id,
    sendKey: sendKeyOf(appointmentId, message),
    appointmentId,
    contactId: forContact ? message.recipient.id : null,
    staffId: forContact ? null : message.recipient.id,
    rule: message.rule,
    messageClass: message.messageClass,
    channel: message.channel,
    scheduleVersion: message.scheduleVersion,
    change: message.change,
    status: message.skip !== null ? 'skipped' : held ? 'held' : 'planned',
    reason: message.skip ?? (held ? message.hold : message.sendAt > message.dueAt ? 'quiet_hours' : null),
    dueAt: message.dueAt,
    sendAt: message.sendAt,
    notAfter: message.notAfter,
    fallback: message.fallback,
  };
}
