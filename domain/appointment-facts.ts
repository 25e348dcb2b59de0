import type { AppointmentStatus } from './appointment';
import type { Channel, MessageClass, MessageRule, MessageStatus, Reason } from './message';
import type { ContactHours, QuietHours } from './quiet-hours';
import type { RecipientPlace } from './recipient-place';
import type { ReminderRule } from './reminders';
import type { Instant } from './time';

/** Who did it: decides whose quiet hours a notice may ignore (R20). */
export type Actor = 'contact' | 'staff' | 'api';

export type PlannedAppointment = {
  id: string;
  status: AppointmentStatus;
  startsAt: Instant;
  endsAt: Instant;
  /** The venue's. */
  zone: string;
  /** Null: never more than a hold. */
  bookedAt: Instant | null;
  bookedBy: Actor | null;
  /** Rises with each change of time (R5). */
  scheduleVersion: number;
  scheduleChangedAt: Instant | null;
  scheduleChangedBy: Actor | null;
  staffChangedAt: Instant | null;
  cancelledAt: Instant | null;
  cancelledBy: Actor | null;
  noShowAt: Instant | null;
};

/** A row of the ledger that exists already. */
export type PlanOutcome = {
  rule: MessageRule;
  channel: Channel;
  recipientId: string;
  scheduleVersion: number;
  /** As planned: tells two notices of the same version apart. */
  change: string | null;
  status: MessageStatus;
  reason: Reason | null;
  /** Decided at its turn. A skip that only a plan foresaw may be planned again. */
  settled: boolean;
};

/** The channel that would have come before, and why it is not the one (R41). */
export type Fallback = { from: Channel; reason: Reason };

export type Reach = Partial<Record<Channel, 'ok' | Reason>>;

export type PlanStaff = {
  id: string;
  role: 'staff' | 'owner';
  /** Null: no address. */
  channel: Channel | null;
  hours: ContactHours;
};

export type AppointmentFacts = {
  now: Instant;
  businessStatus: 'active' | 'paused' | 'canceled';
  appointment: PlannedAppointment;
  rules: readonly ReminderRule[];
  /** `reach` holds only channels for which there is an address. */
  contact: { id: string; reach: Reach; preferred: Channel | null; place: RecipientPlace };
  /** The visit's member of staff and the owners. */
  staff: readonly PlanStaff[];
  quiet: QuietHours;
  outcomes: readonly PlanOutcome[];
};

/** What will happen to a message, and why. */
export type PlannedMessage = {
  rule: MessageRule;
  messageClass: MessageClass;
  recipient: { kind: 'contact' | 'staff' | 'owner'; id: string };
  channel: Channel;
  scheduleVersion: number;
  /** Notices: the change they tell of, part of the send key. */
  change: string | null;
  /** By the rule. */
  dueAt: Instant;
  /** After quiet hours. In the past: due at once. */
  sendAt: Instant;
  notAfter: Instant;
  /** It will not be sent, for this reason. */
  skip: Reason | null;
  /** At its turn it will be held, for this reason, until the facts change or it is too late. */
  hold: Reason | null;
  /** It goes over this channel because the one before is closed or has refused it. */
  fallback: Fallback | null;
};
