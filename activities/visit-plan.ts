import type { Outcome, PlannedRow } from '../db/messages';
import type { StaffFacts, VisitFacts } from '../db/plan-facts';
import type { AppointmentFacts, PlannedMessage, PlanStaff, Reach } from '../domain/appointment-facts';
import { leftoverReason } from '../domain/appointment-plan';
import type { Reason } from '../domain/message';
import type { PermissionFacts } from '../domain/permission';
import { reachOf } from '../domain/reach';
import { recipientPlace } from '../domain/recipient-place';
import type { RecipientPlace } from '../domain/recipient-place';
import { staffHours } from '../domain/quiet-hours';
import type { ReminderRule } from '../domain/reminders';
import type { Instant } from '../domain/time';
import { MINUTE_MS } from '../domain/time';

export type PlanRows = { visit: VisitFacts; permission: PermissionFacts; outcomes: Outcome[]; now: Instant };

/** The rows of a visit as the pure plan wants them. */
export function toAppointmentFacts({ visit, permission, outcomes, now }: PlanRows): AppointmentFacts {
  const { appointment, business } = visit;
  return {
    now,
    businessStatus: business.businessStatus,
    appointment,
    rules: visit.rules.map(toRule),
    contact: {
      id: appointment.contactId,
      reach: reachOf(permission, { messageClass: 'reminder', now }),
      preferred: visit.contact.preferredChannel,
      place: recipientPlace(permission.contact),
    },
    staff: visit.staff.map(toStaff),
    quiet: { startMinute: business.quietStartMinute, endMinute: business.quietEndMinute },
    outcomes: outcomes.map((outcome) => ({ ...outcome, recipientId: outcome.contactId ?? outcome.staffId ?? '' })),
  };
}

/** Where the contact may be, for quiet hours (R22). */
export const placeOf = (contact: VisitFacts['contact']): RecipientPlace =>
  recipientPlace({ zone: contact.contactZone, postalCode: contact.contactPostalCode, phone: contact.phone });

function toRule({ rule, offsetDays, offsetHours, channels, lastUsefulMin, enabled }: VisitFacts['rules'][number]): ReminderRule {
  const offset = offsetDays === null ? { hours: offsetHours ?? 0 } : { days: offsetDays };
  return { rule, offset, channels, lastUsefulMs: lastUsefulMin * MINUTE_MS, enabled };
}

const toStaff = (staff: StaffFacts): PlanStaff => ({ id: staff.id, role: staff.role, channel: staffChannel(staff), hours: hoursOf(staff) });

/** Staff get e-mail where they have an address, else a text. */
const staffChannel = ({ email, phone }: StaffFacts): PlanStaff['channel'] => (email !== null ? 'email' : phone === null ? null : 'sms');

/** A member of staff is free of quiet hours but for their own do-not-disturb (R20). */
export function hoursOf({ dndStartMinute, dndEndMinute, zone }: StaffFacts): PlanStaff['hours'] {
  const dnd = dndStartMinute === null || dndEndMinute === null ? null : { startMinute: dndStartMinute, endMinute: dndEndMinute };
  return staffHours(dnd, zone);
}

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
