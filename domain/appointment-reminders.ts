import type { AppointmentFacts, PlannedMessage } from './appointment-facts';
import type { ReminderTrigger } from './message';
import { channelOrder, routeOf, rowsOf, wentOut, type Route } from './message-route';
import { contactHours, isAllowed, type ContactHours } from './quiet-hours';
import { quietPlacement, reminderInstant, type QuietPlacement, type ReminderRule } from './reminders';
import { isBefore, later, MINUTE_MS, plusMs, type Instant } from './time';

/** All reminders of the current schedule version, by due time: R1-R4 place them, R7 judges at `now` those whose turn has passed. */
export function planReminders(facts: AppointmentFacts): PlannedMessage[] {
  const slots = placed(facts, dueReminders(facts));
  return slots.map((slot, i) => ({ ...slot.message, ...verdict(facts, slot, slots.slice(i + 1)) }));
}

/** A rule due before the booking or change and this much is past due: the confirmation has just said it (R2). */
const PAST_DUE_MS = 10 * MINUTE_MS;

type Reminder = { message: PlannedMessage; route: Route; hours: ContactHours };
/** `at` is null when it is not sent: then `message.skip` says why. */
type Slot = Reminder & { at: Extract<QuietPlacement, { kind: 'at' }> | null };

type Trigger = ReminderRule & { rule: ReminderTrigger };
const isTrigger = (rule: ReminderRule): rule is Trigger =>
  rule.rule === '7d' || rule.rule === '3d' || rule.rule === '1d' || rule.rule === '2h';

const knownAt = ({ appointment }: AppointmentFacts): Instant => {
  const { bookedAt, startsAt, scheduleVersion, scheduleChangedAt } = appointment;
  const booked = bookedAt ?? startsAt;
  return scheduleVersion > 1 && scheduleChangedAt !== null ? later(booked, scheduleChangedAt) : booked;
};

function dueReminders(facts: AppointmentFacts): Reminder[] {
  const triggers = facts.rules.filter(isTrigger).filter((rule) => rule.enabled);
  return triggers.map((rule) => reminderOf(facts, rule)).sort((a, b) => Date.parse(a.message.dueAt) - Date.parse(b.message.dueAt));
}

function reminderOf(facts: AppointmentFacts, rule: Trigger): Reminder {
  const { appointment, contact, outcomes } = facts;
  const key = { rule: rule.rule, recipientId: contact.id, scheduleVersion: appointment.scheduleVersion, change: null };
  const route = routeOf({ channels: channelOrder(rule.channels, contact.preferred), reach: contact.reach, rows: rowsOf(outcomes, key) });
  const dueAt = reminderInstant(rule, appointment.startsAt, appointment.zone);
  const message: PlannedMessage = {
    rule: rule.rule,
    messageClass: 'reminder',
    recipient: { kind: 'contact', id: contact.id },
    channel: route.channel,
    scheduleVersion: appointment.scheduleVersion,
    change: null,
    dueAt,
    sendAt: dueAt,
    notAfter: plusMs(appointment.startsAt, -rule.lastUsefulMs),
    skip: route.skip,
    hold: facts.businessStatus === 'paused' ? 'business_inactive' : route.hold,
    fallback: route.fallback,
  };
  const hours = contactHours({
    messageClass: 'reminder',
    channel: route.channel,
    place: contact.place,
    quiet: facts.quiet,
    causedByRecipientAt: null,
  });
  return { message, route, hours };
}

/** What the rules say of each, whatever the time is now. */
function placed(facts: AppointmentFacts, reminders: Reminder[]): Slot[] {
  const slots: Slot[] = [];
  for (const reminder of reminders) {
    const previousAt = slots.findLast(({ at }) => at !== null)?.at?.sendAt ?? null;
    slots.push(slotOf(facts, reminder, previousAt));
  }
  return slots;
}

function slotOf(facts: AppointmentFacts, reminder: Reminder, previousAt: Instant | null): Slot {
  const { message, route } = reminder;
  const refused = route.kept ? route.skip : planRefusal(facts, reminder);
  if (refused) return { ...reminder, message: { ...message, skip: refused }, at: null };
  if (route.kept && !wentOut(route.kept)) return { ...reminder, at: null };
  const at = placement(facts, reminder, { dueAt: message.dueAt, previousAt, pullBackTo: knownAt(facts) });
  if (at) return { ...reminder, message: { ...message, sendAt: at.sendAt }, at };
  // A row that was sent keeps its place in the order.
  if (route.kept) return { ...reminder, at: { kind: 'at', sendAt: message.dueAt, openedAt: message.dueAt } };
  return { ...reminder, message: { ...message, skip: 'quiet_no_room' }, at: null };
}

function planRefusal(facts: AppointmentFacts, { message, route }: Reminder): PlannedMessage['skip'] {
  if (isBefore(message.dueAt, plusMs(knownAt(facts), PAST_DUE_MS))) return 'past_due';
  // Who sits in the waiting room needs no reminder.
  if (facts.appointment.status === 'arrived') return 'not_needed';
  if (facts.businessStatus === 'canceled') return 'business_inactive';
  if (route.skip) return route.skip;
  return isBefore(message.dueAt, message.notAfter) ? null : 'too_late';
}

type Placing = { dueAt: Instant; previousAt: Instant | null; pullBackTo: Instant | null };

function placement(facts: AppointmentFacts, { message, hours }: Reminder, placing: Placing): Slot['at'] {
  const { rule, channel, scheduleVersion, notAfter } = message;
  const spreadKey = [facts.appointment.id, String(scheduleVersion), rule, channel].join('/');
  const placed = quietPlacement({ ...placing, notAfter, hours, spreadKey });
  return placed.kind === 'at' ? placed : null;
}

/** What becomes of one at `now`, in the light of those after it (R7). */
function verdict(facts: AppointmentFacts, slot: Slot, after: Slot[]): Pick<PlannedMessage, 'sendAt' | 'skip'> {
  const { message, route, at } = slot;
  const { sendAt, skip } = message;
  if (!at || route.kept) return { sendAt, skip };
  const next = after.find((other) => other.at !== null)?.at ?? null;
  if (isOvertaken(at, next)) return { sendAt, skip: 'overtaken' };
  if (!isBefore(facts.now, message.notAfter)) return { sendAt, skip: 'too_late' };
  if (next && !isBefore(facts.now, next.sendAt)) return { sendAt, skip: 'overtaken' };
  return isBefore(sendAt, facts.now) && !isAllowed(slot.hours, facts.now) ? lateAtNight(facts, slot, next) : { sendAt, skip };
}

/** Its turn passed unused, and now it is night: it goes in the morning, if that is of use and the next one does not. */
function lateAtNight(facts: AppointmentFacts, slot: Slot, next: Slot['at']): Pick<PlannedMessage, 'sendAt' | 'skip'> {
  const { sendAt } = slot.message;
  const at = placement(facts, slot, { dueAt: facts.now, previousAt: null, pullBackTo: null });
  if (!at) return { sendAt, skip: 'quiet_no_room' };
  return isOvertaken(at, next) ? { sendAt, skip: 'overtaken' } : { sendAt: at.sendAt, skip: null };
}

const isOvertaken = (at: { openedAt: Instant }, next: Slot['at']): boolean => next !== null && !isBefore(at.openedAt, next.openedAt);
