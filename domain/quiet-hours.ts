import type { ContactChannel, MessageClass } from './message';
import { isOpen, lastClosing, nextOpening, type DayWindow, type ZoneHours } from './open-minutes';
import { UNKNOWN_ZONES, widenForMarketing, type RecipientPlace } from './recipient-place';
import { stateHours, stateRulesFor } from './state-rules';
import { DAY_MS, instant, isBefore, later, MINUTE_MS, plusMs, type Instant } from './time';
import { isKnownZone } from './zone-offsets';

/** Local minutes of the day, start-inclusive and end-exclusive, over midnight when the start is later. Equal: none. */
export type QuietHours = { startMinute: number; endMinute: number };

/** 21:00-08:00 in the recipient's zone (R21). */
export const DEFAULT_QUIET_HOURS: QuietHours = { startMinute: 21 * 60, endMinute: 8 * 60 };

/** When a message may go. Plain data, so that a decision can be stored with it. */
export type ContactHours =
  | { kind: 'always' }
  | {
      kind: 'windows';
      /** All must allow. */
      zones: string[];
      /** None may cover the local minute. */
      quiet: QuietHours[];
      /** Ids of the state rows that narrow it further (R21). */
      rows: string[];
      /** What somebody's own action caused may go at once, at any hour (R20). */
      free: { from: Instant; until: Instant } | null;
    };

/** Nothing opens this far ahead: later than every last useful moment. */
export const NEVER: Instant = '9999-12-31T23:59:59.999Z';

export type ContactHoursInput = {
  messageClass: MessageClass;
  channel: ContactChannel;
  place: RecipientPlace;
  /** The business's own, which can only narrow the default. */
  quiet: QuietHours;
  /** When the recipient did what a notice is about; null when somebody else did. */
  causedByRecipientAt: Instant | null;
};

/**
 * The hours in which a contact may get a message of this class over this channel (R20-R22). Says nothing of any instant: ask isAllowed, nextAllowed.
 * Throws RangeError for a zone that is unknown.
 */
export function contactHours({ messageClass, channel, place, quiet, causedByRecipientAt }: ContactHoursInput): ContactHours {
  if (isFree(messageClass, channel)) return { kind: 'always' };
  const { zones, states, countries } = messageClass === 'marketing' || messageClass === 'call' ? widenForMarketing(place) : place;
  const caused = messageClass === 'notice' ? causedByRecipientAt : null;
  return {
    kind: 'windows',
    zones: zones.length > 0 ? known(zones) : [...UNKNOWN_ZONES],
    quiet: sameHours(quiet, DEFAULT_QUIET_HOURS) ? [quiet] : [DEFAULT_QUIET_HOURS, quiet],
    rows: stateRulesFor({ messageClass, states, countries }),
    free: caused === null ? null : { from: caused, until: plusMs(caused, OWN_ACTION_MS) },
  };
}

/** The hours in which a member of staff may be written to: all, but for their own do-not-disturb (R20). Throws RangeError for a zone that is unknown. */
export const staffHours = (dnd: QuietHours | null, zone: string): ContactHours =>
  dnd === null ? { kind: 'always' } : { kind: 'windows', zones: known([zone]), quiet: [dnd], rows: [], free: null };

export function isAllowed(hours: ContactHours, at: Instant): boolean {
  if (hours.kind === 'always') return true;
  const ms = Date.parse(at);
  if (hours.free && Date.parse(hours.free.from) <= ms && ms < Date.parse(hours.free.until)) return true;
  return zoneHours(hours).every((zone) => isOpen(zone, ms));
}

/** The earliest allowed instant from `at` on: `at` itself, or the start of an allowed minute. NEVER when two weeks hold none. */
export function nextAllowed(hours: ContactHours, at: Instant): Instant {
  if (hours.kind === 'always' || isAllowed(hours, at)) return at;
  const found = search(hours, Date.parse(at), nextOpening);
  const opening = found === null ? NEVER : instant(found);
  return hours.free && isBefore(at, hours.free.from) && isBefore(hours.free.from, opening) ? hours.free.from : opening;
}

/** The start of the last allowed minute before the quiet span that `at` lies in; an allowed `at` itself; null when two weeks hold none. */
export function lastAllowedBefore(hours: ContactHours, at: Instant): Instant | null {
  if (hours.kind === 'always' || isAllowed(hours, at)) return at;
  const minuteMs = Math.floor(Date.parse(at) / MINUTE_MS) * MINUTE_MS;
  const found = search(hours, minuteMs, lastOpenMinute);
  const regular = found === null ? null : instant(found);
  if (!hours.free || isBefore(at, hours.free.until)) return regular;
  const free = plusMs(hours.free.until, -MINUTE_MS);
  return regular === null ? free : later(regular, free);
}

/** A notice caused by the recipient's own action may go at any hour for so long (R20). */
const OWN_ACTION_MS = 15 * MINUTE_MS;
const SEARCH_MS = 15 * DAY_MS;
const DAY_MINUTES = 24 * 60;

/** Replies, staff and e-mail that is no marketing are free of quiet hours (R20). */
const isFree = (messageClass: MessageClass, channel: ContactChannel): boolean =>
  messageClass === 'reply' || messageClass === 'staff' || (channel === 'email' && messageClass !== 'marketing' && messageClass !== 'call');

const sameHours = (a: QuietHours, b: QuietHours): boolean => a.startMinute === b.startMinute && a.endMinute === b.endMinute;

function known(zones: string[]): string[] {
  const unknown = zones.find((zone) => !isKnownZone(zone));
  if (unknown !== undefined) throw new RangeError(`unknown zone ${unknown}`);
  return zones;
}

type Windows = Extract<ContactHours, { kind: 'windows' }>;

/** Goes on, zone by zone, to where the one that is closed opens, until all are open; null when that is too far. */
function search(hours: Windows, fromMs: number, step: (closed: ZoneHours, ms: number) => number | null): number | null {
  const zones = zoneHours(hours);
  const at = { ms: fromMs };
  while (Math.abs(at.ms - fromMs) < SEARCH_MS) {
    const closed = zones.find((zone) => !isOpen(zone, at.ms));
    if (!closed) return at.ms;
    const next = step(closed, at.ms);
    if (next === null) return null;
    at.ms = next;
  }
  return null;
}

function lastOpenMinute(closed: ZoneHours, ms: number): number | null {
  const closing = lastClosing(closed, ms);
  return closing === null ? null : closing - MINUTE_MS;
}

/** A date has the same windows in every zone. */
function zoneHours(hours: Windows): ZoneHours[] {
  const known = new Map<string, DayWindow[]>();
  const remembered = (date: string): DayWindow[] => {
    const windows = known.get(date) ?? windowsOn(hours, date);
    known.set(date, windows);
    return windows;
  };
  return hours.zones.map((zone) => ({ zone, windowsOn: remembered }));
}

function windowsOn({ quiet, rows }: Windows, date: string): DayWindow[] {
  const outsideQuiet = quiet.reduce<DayWindow[]>((open, hours) => intersect(open, outside(hours)), [{ from: 0, to: DAY_MINUTES }]);
  return rows.reduce((open, id) => {
    const span = stateHours(id, date);
    return intersect(open, span === null ? [] : [{ from: span[0] * 60, to: span[1] * 60 }]);
  }, outsideQuiet);
}

function outside({ startMinute, endMinute }: QuietHours): DayWindow[] {
  if (startMinute > endMinute) return [{ from: endMinute, to: startMinute }];
  return [
    { from: 0, to: startMinute },
    { from: endMinute, to: DAY_MINUTES },
  ];
}

const intersect = (some: DayWindow[], others: DayWindow[]): DayWindow[] =>
  some
    .flatMap((a) => others.map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })))
    .filter(({ from, to }) => from < to);
