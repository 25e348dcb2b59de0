import { IANAZone } from 'luxon';
import { DAY_MS, MINUTE_MS } from './time';

/**
 * How far a zone's wall clock is ahead of UTC at an instant, in ms; NaN for a zone that is unknown. The same as luxon's, from a table of each year's
 * clock changes: asking Intl takes some 20 microseconds, and a plan asks a hundred times.
 */
export function offsetMs(zone: string, ms: number): number {
  const spans = spansOf(zone, new Date(ms).getUTCFullYear());
  return spans.findLast(({ fromMs }) => fromMs <= ms)?.offset ?? NaN;
}

/** Whether Intl knows the zone. For zones that passed isZone once: every name asked for is remembered. */
export const isKnownZone = (zone: string): boolean => IANAZone.create(zone).isValid;

/**
 * The instant a rule means by a wall time, given as if it were UTC: one that does not exist counts on by the old clock, of two it is the first (R1).
 * The same as ruleInstant.
 */
export function instantOfWall(zone: string, wallMs: number): number {
  const before = wallMs - offsetMs(zone, wallMs - DAY_MS);
  const after = wallMs - offsetMs(zone, wallMs + DAY_MS);
  const existing = [before, after].filter((ms) => ms + offsetMs(zone, ms) === wallMs);
  return existing.length > 0 ? Math.min(...existing) : before;
}

/** From `fromMs` to the next span, or the year's end, the offset stays. */
type Span = { fromMs: number; offset: number };

/** Facts of the zone data, the same for everybody and for as long as the process lives. */
const SPANS = new Map<string, Span[]>();
/** All zones of the world for some years. */
const MOST_KEPT = 3_000;
/** No zone changes its clock twice in a week; Morocco's month of Ramadan is the shortest time between two changes. */
const PROBE_MS = 7 * DAY_MS;

function spansOf(zone: string, year: number): Span[] {
  const key = `${zone} ${year}`;
  const kept = SPANS.get(key);
  if (kept) return kept;
  if (SPANS.size >= MOST_KEPT) SPANS.clear();
  const spans = yearOf(zone, year);
  SPANS.set(key, spans);
  return spans;
}

function yearOf(zone: string, year: number): Span[] {
  const intl = IANAZone.create(zone);
  const offsetAt = (ms: number): number => intl.offset(ms) * MINUTE_MS;
  const endMs = Date.UTC(year + 1, 0, 1);
  const spans: Span[] = [{ fromMs: Date.UTC(year, 0, 1), offset: offsetAt(Date.UTC(year, 0, 1)) }];
  for (let probe = Date.UTC(year, 0, 1); probe < endMs; probe += PROBE_MS) {
    const next = Math.min(probe + PROBE_MS, endMs);
    const offset = offsetAt(next);
    if (offsetAt(probe) !== offset) spans.push({ fromMs: firstWith(offsetAt, { beforeMs: probe, atMs: next }), offset });
  }
  return spans.filter(({ fromMs, offset }) => fromMs < endMs && !Number.isNaN(offset));
}

/** The first minute with the offset of `atMs`: clocks are changed on whole minutes. */
function firstWith(offsetAt: (ms: number) => number, { beforeMs, atMs }: { beforeMs: number; atMs: number }): number {
  const offset = offsetAt(beforeMs);
  let before = beforeMs / MINUTE_MS;
  let after = atMs / MINUTE_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * MINUTE_MS) === offset) before = middle;
    else after = middle;
  }
  return after * MINUTE_MS;
}
