import type { AppointmentFacts, PlannedAppointment, PlannedMessage, PlanStaff, Reach } from './appointment-facts';
import type { Channel, MessageRule, Reason } from './message';
import { channelOrder, isSettled, routeOf, rowsOf, wentOut, type MessageKey, type Route } from './message-route';
import { contactHours, isAllowed, type ContactHours } from './quiet-hours';
import { DEFAULT_NOTICE, quietPlacement, type QuietPlacement } from './reminders';
import { HOUR_MS, isBefore, later, plusMs, type Instant } from './time';

/** A front desk often moves the same visit twice in a row: one notice tells of both (R5). */
const CHANGE_SETTLES_MS = 60_000;
const NO_SHOW_FOLLOWUP_MS = 48 * HOUR_MS;
/** How long the follow-up is of use. */
const NO_SHOW_USEFUL_MS = 72 * HOUR_MS;

/** What a live visit tells the contact and each of staff: that it is booked or, to those who know that, that it changed. */
export const planBookingNotices = (facts: AppointmentFacts): PlannedMessage[] => [
  ...newsFor(facts, contactParty(facts), contactNews(facts)),
  ...facts.staff.flatMap((member) => newsFor(facts, staffParty(member), staffNews(facts))),
];

/** One cancellation notice to each; none for a hold, of which nobody was told. */
export function planCancellationNotices(facts: AppointmentFacts): PlannedMessage[] {
  const { bookedAt, cancelledAt, startsAt } = facts.appointment;
  if (bookedAt === null || cancelledAt === null) return [];
  const notice = { change: cancelledAt, dueAt: cancelledAt, notAfter: startsAt };
  return [
    ...noticeTo(facts, contactParty(facts), { ...notice, rule: 'cancellation_notice' }),
    ...facts.staff.flatMap((member) => noticeTo(facts, staffParty(member), { ...notice, rule: 'staff_cancellation' })),
  ];
}

/** 48 h after a no-show, so that one undone within ten minutes is never told (R13). */
export function planNoShowFollowup(facts: AppointmentFacts): PlannedMessage[] {
  const { noShowAt } = facts.appointment;
  if (noShowAt === null) return [];
  const dueAt = plusMs(noShowAt, NO_SHOW_FOLLOWUP_MS);
  const notAfter = plusMs(dueAt, NO_SHOW_USEFUL_MS);
  return noticeTo(facts, contactParty(facts), { rule: 'no_show_followup', change: noShowAt, dueAt, notAfter });
}

/** When the contact did what a notice tells them: within 15 minutes it may then go at any hour (R20). Null: somebody else did. */
export function causedByRecipientAt(rule: MessageRule, appointment: PlannedAppointment): Instant | null {
  const { bookedAt, bookedBy, cancelledAt, cancelledBy, scheduleChangedBy } = appointment;
  if (rule === 'cancellation_notice') return cancelledBy === 'contact' ? cancelledAt : null;
  if (rule !== 'confirmation' && rule !== 'change_notice') return null;
  const movedAt = movedSinceBooking(appointment);
  if (movedAt !== null) return scheduleChangedBy === 'contact' ? movedAt : null;
  return bookedBy === 'contact' ? bookedAt : null;
}

/** Who is told. `channels` is null for a rule that is switched off. */
type Party = {
  recipient: PlannedMessage['recipient'];
  messageClass: 'notice' | 'staff';
  reach: Reach;
  channels: (rule: MessageRule) => readonly Channel[] | null;
  hours: (rule: MessageRule, channel: Channel) => ContactHours;
};

const contactParty = ({ appointment, contact, quiet, rules }: AppointmentFacts): Party => ({
  recipient: { kind: 'contact', id: contact.id },
  messageClass: 'notice',
  reach: contact.reach,
  channels: (rule) => {
    const { enabled, channels } = rules.find((own) => own.rule === rule) ?? DEFAULT_NOTICE;
    return enabled ? channelOrder(channels, contact.preferred) : null;
  },
  hours: (rule, channel) => {
    const caused = causedByRecipientAt(rule, appointment);
    return contactHours({ messageClass: 'notice', channel, place: contact.place, quiet, causedByRecipientAt: caused });
  },
});

const staffParty = ({ id, role, channel, hours }: PlanStaff): Party => ({
  recipient: { kind: role, id },
  messageClass: 'staff',
  reach: channel === null ? {} : { [channel]: 'ok' },
  channels: () => [channel ?? 'email'],
  hours: () => hours,
});

/** The first word to somebody, and the word to those who have had it. `changedAt` is null while nothing has changed since the booking. */
type News = { first: MessageRule; change: MessageRule; changedAt: Instant | null };

const contactNews = ({ appointment }: AppointmentFacts): News => ({
  first: 'confirmation',
  change: 'change_notice',
  changedAt: movedSinceBooking(appointment), // another member of staff is no news to the contact (R5)
});

function staffNews({ appointment }: AppointmentFacts): News {
  const { bookedAt, staffChangedAt } = appointment;
  const movedAt = movedSinceBooking(appointment);
  const handedOn = staffChangedAt !== null && bookedAt !== null && isBefore(bookedAt, staffChangedAt) ? staffChangedAt : null;
  const changedAt = movedAt !== null && handedOn !== null ? later(movedAt, handedOn) : (movedAt ?? handedOn);
  return { first: 'staff_new_booking', change: 'staff_change', changedAt };
}

function movedSinceBooking({ bookedAt, scheduleVersion, scheduleChangedAt }: PlannedAppointment): Instant | null {
  if (scheduleVersion === 1 || scheduleChangedAt === null || bookedAt === null) return null;
  return isBefore(bookedAt, scheduleChangedAt) ? scheduleChangedAt : null;
}

function newsFor(facts: AppointmentFacts, party: Party, news: News): PlannedMessage[] {
  const { bookedAt, startsAt } = facts.appointment;
  if (bookedAt === null) return [];
  const dueAt = news.changedAt === null ? bookedAt : plusMs(news.changedAt, CHANGE_SETTLES_MS);
  return noticeTo(facts, party, { rule: newsRule(facts, party, news), change: news.changedAt, dueAt, notAfter: startsAt });
}

/** Who never got the first word gets it now instead of word of a change. What was decided for this very change stands. */
function newsRule({ appointment, outcomes }: AppointmentFacts, party: Party, { first, change, changedAt }: News): MessageRule {
  if (changedAt === null) return first;
  const had = outcomes.filter(({ recipientId, rule }) => recipientId === party.recipient.id && (rule === first || rule === change));
  const decided = had.find((row) => row.scheduleVersion === appointment.scheduleVersion && row.change === changedAt && isSettled(row));
  if (decided) return decided.rule;
  return had.some(wentOut) || party.channels(first) === null ? change : first;
}

type Notice = Pick<PlannedMessage, 'rule' | 'change' | 'dueAt' | 'notAfter'>;

function noticeTo(facts: AppointmentFacts, party: Party, notice: Notice): PlannedMessage[] {
  const channels = party.channels(notice.rule);
  if (channels === null) return [];
  const { recipient, messageClass, reach } = party;
  const { scheduleVersion } = facts.appointment;
  const key = { rule: notice.rule, recipientId: recipient.id, scheduleVersion, change: notice.change };
  const route = routeOf({ channels, reach, rows: rowsOf(facts.outcomes, key) });
  const hold = facts.businessStatus === 'paused' ? 'business_inactive' : route.hold;
  const planned = { ...notice, messageClass, recipient, channel: route.channel, scheduleVersion, hold, fallback: route.fallback };
  return [{ ...planned, ...fate(facts, { notice, route, hours: party.hours(notice.rule, route.channel), key }) }];
}

type Case = { notice: Notice; route: Route; hours: ContactHours; key: MessageKey };

function fate(facts: AppointmentFacts, { notice, route, hours, key }: Case): Pick<PlannedMessage, 'sendAt' | 'skip'> {
  const { dueAt, notAfter } = notice;
  const refused = (skip: Reason | null): Pick<PlannedMessage, 'sendAt' | 'skip'> => ({ sendAt: dueAt, skip });
  if (route.kept) return refused(route.skip);
  if (facts.businessStatus === 'canceled') return refused('business_inactive');
  if (route.skip) return refused(route.skip);
  if (!isBefore(dueAt, notAfter)) return refused('too_late');
  const spreadKey = [facts.appointment.id, String(key.scheduleVersion), key.rule, key.recipientId].join('/');
  const place = (from: Instant): QuietPlacement =>
    quietPlacement({ dueAt: from, notAfter, hours, pullBackTo: null, previousAt: null, spreadKey });
  const first = place(dueAt);
  if (first.kind === 'no_room') return refused('quiet_no_room');
  if (!isBefore(facts.now, notAfter)) return refused('too_late');
  // A turn that passed unused is late, and now may be night.
  const at = isBefore(first.sendAt, facts.now) && !isAllowed(hours, facts.now) ? place(facts.now) : first;
  return at.kind === 'at' ? { sendAt: at.sendAt, skip: null } : refused('quiet_no_room');
}
