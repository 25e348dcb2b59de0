import { DAY_MS, MINUTE_MS } from './time';
import { offsetMs } from './zone-offsets';

/** Minutes of a local day, end-exclusive; 1440 is the end of the day. */
export type DayWindow = { from: number; to: number };

/** The open windows of each local date (2027-03-14), sorted and disjoint, as the wall clock of one zone sees them. */
export type ZoneHours = { zone: string; windowsOn: (date: string) => DayWindow[] };

/** Whether the wall clock stands in an open window. An hour that occurs twice is open both times or neither. */
export function isOpen({ zone, windowsOn }: ZoneHours, ms: number): boolean {
  const { day, minute } = wallClock(ms + offsetMs(zone, ms));
  return windowsOn(dateOf(day)).some(({ from, to }) => from <= minute && minute < to);
}

/** The first instant after a closed one at which the zone opens; null when it stays closed for two weeks and more. */
export function nextOpening(hours: ZoneHours, closedMs: number): number | null {
  let at = closedMs;
  for (let clockChanges = 0; clockChanges <= MAX_CLOCK_CHANGES; clockChanges++) {
    const offset = offsetMs(hours.zone, at);
    const start = windowStartAfter(hours, at + offset);
    if (start === null) return null;
    const opening = start - offset;
    if (offsetMs(hours.zone, opening) === offset) return opening;
    // The clock jumps before that: look again from the jump on.
    at = clockChange(hours.zone, at, opening);
    if (isOpen(hours, at)) return at;
  }
  return null;
}

/** The latest instant up to a closed one just before which the zone was open; null when it has been closed for two weeks and more. */
export function lastClosing(hours: ZoneHours, closedMs: number): number | null {
  let at = closedMs;
  for (let clockChanges = 0; clockChanges <= MAX_CLOCK_CHANGES; clockChanges++) {
    const offset = offsetMs(hours.zone, at);
    const end = windowEndBefore(hours, at + offset);
    if (end === null) return null;
    const closing = end - offset;
    if (offsetMs(hours.zone, closing - MINUTE_MS) === offset) return closing;
    const change = clockChange(hours.zone, closing - MINUTE_MS, at);
    if (isOpen(hours, change - MINUTE_MS)) return change;
    at = change - MINUTE_MS;
  }
  return null;
}

/** Longer than any run of Sundays and holidays. */
const HORIZON_DAYS = 15;
/** No zone changes its clock more often within the horizon. */
const MAX_CLOCK_CHANGES = 3;

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

function wallClock(localMs: number): { day: number; minute: number } {
  const day = Math.floor(localMs / DAY_MS);
  return { day, minute: Math.floor((localMs - day * DAY_MS) / MINUTE_MS) };
}

function windowStartAfter({ windowsOn }: ZoneHours, localMs: number): number | null {
  const today = wallClock(localMs).day;
  for (let day = today; day <= today + HORIZON_DAYS; day++) {
    const next = windowsOn(dateOf(day)).find(({ from }) => day * DAY_MS + from * MINUTE_MS > localMs);
    if (next) return day * DAY_MS + next.from * MINUTE_MS;
  }
  return null;
}

function windowEndBefore({ windowsOn }: ZoneHours, localMs: number): number | null {
  const today = wallClock(localMs).day;
  for (let day = today; day >= today - HORIZON_DAYS; day--) {
    const last = windowsOn(dateOf(day)).findLast(({ to }) => day * DAY_MS + to * MINUTE_MS <= localMs);
    if (last) return day * DAY_MS + last.to * MINUTE_MS;
  }
  return null;
}

/** The first instant in (from, to] with the offset of `to`, to the minute: clocks are changed on whole minutes. */
function clockChange(zone: string, from: number, to: number): number {
  const offset = offsetMs(zone, from);
  let before = Math.floor(from / MINUTE_MS);
  let after = Math.floor(to / MINUTE_MS);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(zone, middle * MINUTE_MS) === offset) before = middle;
    else after = middle;
  }
  return after * MINUTE_MS;
}
