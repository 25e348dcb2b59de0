import type { AppointmentFacts, PlannedAppointment, PlannedMessage, PlanOutcome } from '../../domain/appointment-facts';
import { planAppointment } from '../../domain/appointment-plan';
import type { MessageRule } from '../../domain/message';
import { DEFAULT_QUIET_HOURS } from '../../domain/quiet-hours';
import { recipientPlace } from '../../domain/recipient-place';
import { DEFAULT_REMINDER_RULES } from '../../domain/reminders';

export const CONTACT = 'contact-1';
export const ANNA = { id: 'anna', role: 'staff', channel: 'email', hours: { kind: 'always' } } as const;
export const OWNER = { id: 'owner', role: 'owner', channel: 'sms', hours: { kind: 'always' } } as const;

/** Booked by the front desk in New York on Tuesday 2027-06-01 at 12:00 for Tuesday 2027-06-15 at 14:00 local. */
const APPOINTMENT: PlannedAppointment = {
  id: 'visit-1',
  status: 'booked',
  startsAt: '2027-06-15T18:00:00.000Z',
  endsAt: '2027-06-15T19:00:00.000Z',
  zone: 'America/New_York',
  bookedAt: '2027-06-01T16:00:00.000Z',
  bookedBy: 'staff',
  scheduleVersion: 1,
  scheduleChangedAt: null,
  scheduleChangedBy: null,
  staffChangedAt: null,
  cancelledAt: null,
  cancelledBy: null,
  noShowAt: null,
};

type More = Partial<Omit<AppointmentFacts, 'appointment' | 'contact'>> & {
  appointment?: Partial<PlannedAppointment>;
  contact?: Partial<AppointmentFacts['contact']>;
};

/** A visit of a contact in New York with a phone and an e-mail address; `now` is the booking unless said. */
export function aVisit({ appointment, contact, ...more }: More = {}): AppointmentFacts {
  const visit = { ...APPOINTMENT, ...appointment };
  return {
    now: visit.bookedAt ?? visit.startsAt,
    businessStatus: 'active',
    appointment: visit,
    rules: DEFAULT_REMINDER_RULES,
    contact: {
      id: CONTACT,
      reach: { sms: 'ok', email: 'ok' },
      preferred: null,
      place: recipientPlace({ zone: 'America/New_York', postalCode: null, phone: '+12125550123' }),
      ...contact,
    },
    staff: [],
    quiet: DEFAULT_QUIET_HOURS,
    outcomes: [],
    ...more,
  };
}

/** A row of the ledger, sent to the contact by SMS unless said. */
export const aRow = (rule: MessageRule, more: Partial<PlanOutcome> = {}): PlanOutcome => ({
  rule,
  channel: 'sms',
  recipientId: CONTACT,
  scheduleVersion: 1,
  change: null,
  status: 'sent',
  reason: null,
  settled: true,
  ...more,
});

export const planned = (facts: AppointmentFacts): PlannedMessage[] => planAppointment(facts).messages;

/** What becomes of each rule: the instant, or the reason. Staff messages with their receiver. */
export const fates = (facts: AppointmentFacts): Record<string, string> =>
  Object.fromEntries(
    planned(facts).map(({ rule, recipient, skip, sendAt }) => [
      recipient.kind === 'contact' ? rule : `${rule} ${recipient.id}`,
      skip ?? sendAt,
    ]),
  );

export const only = (facts: AppointmentFacts, rule: MessageRule): PlannedMessage =>
  planned(facts).find((message) => message.rule === rule)!;
