import type { AppointmentFacts } from './appointment-facts';
import { planAppointment } from './appointment-plan';
import { isSettled, rowOf } from './message-route';
import type { ReminderRule } from './reminders';

/** Whether other rules would change what a visit's people still get: another message, moment or channel (R8). What was sent already stays as it is. */
export const isPlanChanged = (facts: AppointmentFacts, rules: readonly ReminderRule[]): boolean =>
  toCome(facts) !== toCome({ ...facts, rules });

function toCome(facts: AppointmentFacts): string {
  const lines = planAppointment(facts).messages.flatMap((message) => {
    const row = rowOf(facts.outcomes, message);
    if (message.skip !== null || (row && isSettled(row))) return [];
    return [`${message.rule} ${message.recipient.id} ${message.channel} ${message.sendAt}`];
  });
  return lines.sort().join('\n');
}
