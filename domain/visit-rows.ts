import type { AppointmentFacts, PlannedAppointment, PlanOutcome, PlanStaff } from './appointment-facts';
import type { Channel, ReminderTrigger } from './message';
import type { PermissionFacts } from './permission';
import { staffHours } from './quiet-hours';
import { reachOf } from './reach';
import { recipientPlace } from './recipient-place';
import type { ReminderRule } from './reminders';
import { MINUTE_MS, type Instant } from './time';

/** A rule as it is stored. */
export type RuleToPlan = {
  rule: ReminderTrigger;
  offsetDays: number | null;
  offsetHours: number | null;
  channels: Channel[];
  lastUsefulMin: number;
  enabled: boolean;
};

type Hours = { dndStartMinute: number | null; dndEndMinute: number | null; zone: string };
type StaffToPlan = Hours & { id: string; role: 'staff' | 'owner'; email: string | null; phone: string | null };

/** A visit's rows, as the database gives them. */
export type VisitRows = {
  visit: {
    appointment: PlannedAppointment & { contactId: string };
    business: { businessStatus: AppointmentFacts['businessStatus']; quietStartMinute: number; quietEndMinute: number };
    contact: { preferredChannel: Channel | null };
    staff: StaffToPlan[];
    rules: RuleToPlan[];
  };
  permission: PermissionFacts;
  outcomes: (Omit<PlanOutcome, 'recipientId'> & { contactId: string | null; staffId: string | null })[];
  now: Instant;
};

/** The rows of a visit as the pure plan wants them. */
export function toAppointmentFacts({ visit, permission, outcomes, now }: VisitRows): AppointmentFacts {
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

export function toRule({ rule, offsetDays, offsetHours, channels, lastUsefulMin, enabled }: RuleToPlan): ReminderRule {
  const offset = offsetDays === null ? { hours: offsetHours ?? 0 } : { days: offsetDays };
  return { rule, offset, channels, lastUsefulMs: lastUsefulMin * MINUTE_MS, enabled };
}

/** A member of staff is free of quiet hours but for their own do-not-disturb (R20). */
export function hoursOf({ dndStartMinute, dndEndMinute, zone }: Hours): PlanStaff['hours'] {
  const dnd = dndStartMinute === null || dndEndMinute === null ? null : { startMinute: dndStartMinute, endMinute: dndEndMinute };
  return staffHours(dnd, zone);
}

const toStaff = (staff: StaffToPlan): PlanStaff => ({
  id: staff.id,
  role: staff.role,
  channel: staffChannel(staff),
  hours: hoursOf(staff),
});

/** Staff get e-mail where they have an address, else a text. */
const staffChannel = ({ email, phone }: StaffToPlan): PlanStaff['channel'] => (email !== null ? 'email' : phone === null ? null : 'sms');
