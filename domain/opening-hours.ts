import { IANAZone } from 'luxon';
import { merge, type Span } from './intervals';
import { DAY_MS, isZone, MINUTE_MS } from './time';

/** Hours of one weekday (Monday 1, Sunday 7) in local wall time, '09:00' to '17:00'; '24:00' is midnight at the day's end. A day may have several. */
export type WeeklyHours = { weekday: number; from: string; to: string };

/** A stretch of UTC in which the zone's offset does not change. Wall milliseconds = UTC milliseconds + offsetMs. */
export type Stretch = Span & { offsetMs: number };

/**
 * The stretches of equal offset that make up a span. One look at the zone's table per day, and a search by halves on the day of a change;
 * everything after that is plain arithmetic. (Two changes within 24 h would hide each other: no zone has that.)
 * Throws RangeError for a zone that does not exist.
 */
export function stretches(zone: string, { from, to }: Span): Stretch[] {
  if (!isZone(zone)) throw new RangeError(`no such zone: ${zone}`);
  const table = IANAZone.create(zone);
  const offsetMs = (at: number) => table.offset(at) * MINUTE_MS;
  const found: Stretch[] = [];
  let current: Stretch = { from, to, offsetMs: offsetMs(from) };
  for (let at = from; at < to; at += DAY_MS) {
    const end = Math.min(at + DAY_MS, to);
    if (offsetMs(end) === current.offsetMs) continue;
    const change = changeBetween(at, end, offsetMs);
    found.push({ ...current, to: change });
    current = { from: change, to, offsetMs: offsetMs(change) };
  }
  return [...found, current].filter((stretch) => stretch.from < stretch.to);
}

/** The first millisecond of the new offset. */
function changeBetween(before: number, after: number, offsetMs: (at: number) => number): number {
  const old = offsetMs(before);
  let low = before;
  let high = after;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * When weekly hours are open: every instant whose local weekday and wall time lie in them. So an hour that occurs twice is open twice,
 * and one that does not exist opens nothing. Throws RangeError for a time that is not HH:mm; hours that end before they begin open nothing.
 */
export function openSpans(hours: WeeklyHours[], clock: Stretch[]): Span[] {
  const byWeekday = new Map<number, Span[]>();
  for (const { weekday, from, to } of hours) {
    byWeekday.set(weekday, [...(byWeekday.get(weekday) ?? []), { from: wallMs(from), to: wallMs(to) }]);
  }
  const open: Span[] = [];
  for (const stretch of clock) {
    for (const midnight of midnights(stretch)) {
      for (const span of byWeekday.get(weekdayOf(midnight)) ?? []) {
        const from = Math.max(stretch.from, midnight + span.from - stretch.offsetMs);
        const to = Math.min(stretch.to, midnight + span.to - stretch.offsetMs);
        if (from < to) open.push({ from, to });
      }
    }
  }
  return merge(open);
}

/** All instants, ascending, whose wall time is a whole number of steps after local midnight: none in a gap, two in an overlap. */
export function* stepsOf(clock: Stretch[], stepMs: number): Generator<number> {
  for (const stretch of clock) {
    for (const midnight of midnights(stretch)) {
      const dayStart = midnight - stretch.offsetMs;
      const skipped = Math.max(0, Math.ceil((stretch.from - dayStart) / stepMs));
      const end = Math.min(stretch.to, dayStart + DAY_MS);
      for (let at = dayStart + skipped * stepMs; at < end; at += stepMs) yield at;
    }
  }
}

/** The local midnights, in wall milliseconds, of the days that a stretch touches. */
function midnights({ from, to, offsetMs }: Stretch): number[] {
  const first = Math.floor((from + offsetMs) / DAY_MS);
  const last = Math.floor((to - 1 + offsetMs) / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, day) => (first + day) * DAY_MS);
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (midnight: number): number => ((((midnight / DAY_MS + 3) % 7) + 7) % 7) + 1;

function wallMs(time: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time === '24:00' ? '00:00' : time) ?? [];
  if (hour === undefined || minute === undefined) throw new RangeError(`not a wall time: ${time}`);
  return time === '24:00' ? DAY_MS : (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
}
