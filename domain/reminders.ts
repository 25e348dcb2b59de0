import type { Channel, ReminderTrigger } from './message';
import { isAllowed, lastAllowedBefore, nextAllowed, type ContactHours } from './quiet-hours';
import { DAY_MS, HOUR_MS, instant, isBefore, later, MINUTE_MS, plusMs, type Instant } from './time';
import { instantOfWall, offsetMs } from './zone-offsets';

/** Days are the same wall-clock time that many calendar days earlier, hours are elapsed (R1). */
export type ReminderOffset = { days: number } | { hours: number };

/** What a business may edit: its reminders, and on which channels its notices go (R8). */
export type ReminderRule = {
  rule: ReminderTrigger | 'confirmation' | 'change_notice' | 'cancellation_notice' | 'no_show_followup';
  /** Before the start; a notice is due when its fact becomes known and of use until the start (R3), whatever stands here. */
  offset: ReminderOffset;
  /** In the order in which they are tried. */
  channels: Channel[];
  /** The last useful moment, before the start (R3). */
  lastUsefulMs: number;
  enabled: boolean;
};

const CHANNELS: Channel[] = ['sms', 'email'];

export const DEFAULT_REMINDER_RULES: readonly ReminderRule[] = [
  { rule: '7d', offset: { days: 7 }, channels: CHANNELS, lastUsefulMs: 96 * HOUR_MS, enabled: true },
  { rule: '3d', offset: { days: 3 }, channels: CHANNELS, lastUsefulMs: 36 * HOUR_MS, enabled: true },
  { rule: '1d', offset: { days: 1 }, channels: CHANNELS, lastUsefulMs: 4 * HOUR_MS, enabled: true },
  { rule: '2h', offset: { hours: 2 }, channels: CHANNELS, lastUsefulMs: 45 * MINUTE_MS, enabled: true },
];

/** How a notice goes to the contact when the business has not said otherwise. */
export const DEFAULT_NOTICE: Pick<ReminderRule, 'channels' | 'enabled'> = { channels: CHANNELS, enabled: true };

/** When a reminder of a visit is due by its rule, before quiet hours (R1). A local time that does not exist moves forward, one that occurs twice is the first. */
export function reminderInstant({ offset }: Pick<ReminderRule, 'offset'>, startsAt: Instant, venueZone: string): Instant {
  if ('hours' in offset) return plusMs(startsAt, -offset.hours * HOUR_MS);
  const startMs = Date.parse(startsAt);
  return instant(instantOfWall(venueZone, startMs + offsetMs(venueZone, startMs) - offset.days * DAY_MS));
}

export type QuietPlacementInput = {
  dueAt: Instant;
  /** The first instant at which it is of no use any more. */
  notAfter: Instant;
  hours: ContactHours;
  /** A reminder may be pulled back to before the quiet hours, yet not to before the booking or change; null: never pulled back. */
  pullBackTo: Instant | null;
  /** When the reminder before it goes; null: there is none. */
  previousAt: Instant | null;
  /** Same key, same place in the ten minutes after quiet hours. */
  spreadKey: string;
};

/** `openedAt` is `sendAt` before it was spread: what the order of two messages is judged by. */
export type QuietPlacement = { kind: 'at'; sendAt: Instant; openedAt: Instant } | { kind: 'no_room' };

/** When a message due at `dueAt` goes: at once, after quiet hours, before them, or not at all (R4). */
export function quietPlacement(input: QuietPlacementInput): QuietPlacement {
  const { dueAt, notAfter, hours } = input;
  const opening = nextAllowed(hours, dueAt);
  if (isBefore(opening, notAfter)) {
    return { kind: 'at', openedAt: opening, sendAt: opening === dueAt ? dueAt : spreadAfter({ ...input, openedAt: opening }) };
  }
  const before = pulledBack(input);
  return before === null ? { kind: 'no_room' } : { kind: 'at', openedAt: before, sendAt: before };
}

export type Spread = Pick<QuietPlacementInput, 'hours' | 'notAfter' | 'spreadKey'> & { openedAt: Instant };

/** An instant 0-10 minutes after quiet hours end, the same for the same key; still allowed, still before `notAfter` (R4). */
export function spreadAfter({ openedAt, hours, notAfter, spreadKey }: Spread): Instant {
  const hash = fnv1a(spreadKey);
  const wanted = plusMs(openedAt, (hash % SPREAD_S) * 1000);
  if (isBefore(wanted, notAfter) && isAllowed(hours, wanted)) return wanted;
  const openMinutes = Array.from({ length: SPREAD_S / 60 }, (_, i) => plusMs(openedAt, i * MINUTE_MS));
  const closed = openMinutes.find((minute) => !isAllowed(hours, minute)) ?? plusMs(openedAt, SPREAD_S * 1000);
  const end = isBefore(notAfter, closed) ? notAfter : closed;
  const roomS = Math.max(1, Math.floor((Date.parse(end) - Date.parse(openedAt)) / 1000));
  return plusMs(openedAt, (hash % roomS) * 1000);
}

/** FNV-1a, 32 bits, over UTF-16 code units: spreads evenly, needs no library, never changes. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const SPREAD_S = 10 * 60;
/** Two reminders keep this distance when one is pulled back (R4). */
const REMINDER_GAP_MS = 2 * HOUR_MS;

function pulledBack({ dueAt, notAfter, hours, pullBackTo, previousAt }: QuietPlacementInput): Instant | null {
  if (pullBackTo === null || isAllowed(hours, dueAt)) return null;
  const before = lastAllowedBefore(hours, dueAt);
  if (before === null || !isBefore(before, notAfter) || !isBefore(pullBackTo, before)) return null;
  const tooClose = previousAt !== null && later(before, plusMs(previousAt, REMINDER_GAP_MS)) !== before;
  return tooClose ? null : before;
}
