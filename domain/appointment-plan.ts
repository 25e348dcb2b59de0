import type { AppointmentFacts, PlannedAppointment, PlannedMessage } from './appointment-facts';
import { planBookingNotices, planCancellationNotices, planNoShowFollowup } from './appointment-notices';
import { planReminders } from './appointment-reminders';
import { assertNever } from './assert-never';
import type { MessageRule, Reason } from './message';

/**
 * Every message that an appointment's current state calls for, sent or not, each with what will happen to it and why (R1-R9).
 * A row that was decided at its turn is kept: its message is named again, on its channel. Planning twice from the same facts gives the same.
 */
export function planAppointment(facts: AppointmentFacts): { messages: PlannedMessage[] } {
  const { status, bookedAt } = facts.appointment;
  switch (status) {
    case 'held':
    case 'expired':
    case 'completed':
      return { messages: [] };
    case 'booked':
    case 'confirmed':
    case 'arrived':
      return { messages: bookedAt === null ? [] : [...planBookingNotices(facts), ...planReminders(facts)] };
    case 'cancelled':
      return { messages: planCancellationNotices(facts) };
    case 'no_show':
      return { messages: planNoShowFollowup(facts) };
    default:
      return assertNever(status);
  }
}

export type Leftover = { rule: MessageRule; scheduleVersion: number };

/** Why a pending row that the plan no longer names is dropped: a newer version or change, a cancelled visit, a rule switched off (R5, R6, R8). */
export function leftoverReason(row: Leftover, { status, scheduleVersion }: Pick<PlannedAppointment, 'status' | 'scheduleVersion'>): Reason {
  if (row.scheduleVersion < scheduleVersion) return 'superseded';
  if (status === 'cancelled') return 'cancelled';
  if (status !== 'booked' && status !== 'confirmed' && status !== 'arrived') return 'not_needed';
  if (OVERWRITTEN.includes(row.rule)) return 'superseded';
  return REMINDERS.includes(row.rule) ? 'rule_off' : 'not_needed';
}

/** Words of a booking or change: a newer change brings its own. */
const OVERWRITTEN: readonly MessageRule[] = ['confirmation', 'change_notice', 'staff_new_booking', 'staff_change'];
const REMINDERS: readonly MessageRule[] = ['7d', '3d', '1d', '2h'];
