import type { Instant } from './time';

/** A stretch of time as others store it: start-inclusive, end-exclusive. */
export type Interval = { startsAt: Instant; endsAt: Instant };

/** The same in whole epoch milliseconds, for arithmetic: `from` belongs to it, `to` does not. */
export type Span = { from: number; to: number };

export const spanOf = ({ startsAt, endsAt }: Interval): Span => ({ from: Date.parse(startsAt), to: Date.parse(endsAt) });

/** Merged; an interval that ends before it begins is empty. */
export const spansOf = (intervals: Interval[]): Span[] => merge(intervals.map(spanOf));

/** In order, without overlaps; spans that touch become one, empty ones vanish. What is said of spans below holds for merged ones. */
export function merge(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** The time that lies in both. */
export function intersect(a: Span[], b: Span[]): Span[] {
  const both: Span[] = [];
  let next = 0;
  for (const span of a) {
    while ((b[next]?.to ?? Infinity) <= span.from) next += 1;
    // Not moved past the last one: it may reach into the next span of `a` too.
    for (let i = next, other = b[i]; other && other.from < span.to; other = b[++i]) {
      both.push({ from: Math.max(span.from, other.from), to: Math.min(span.to, other.to) });
    }
  }
  return both;
}

/** What is left of `a` without `b`. */
export function subtract(a: Span[], b: Span[]): Span[] {
  const first = a[0]?.from ?? 0;
  const last = a.at(-1)?.to ?? 0;
  return intersect(a, gaps(b, { from: first, to: last }));
}

function gaps(spans: Span[], within: Span): Span[] {
  const free: Span[] = [];
  let from = within.from;
  for (const span of spans) {
    if (span.from > from) free.push({ from, to: span.from });
    from = Math.max(from, span.to);
  }
  if (from < within.to) free.push({ from, to: within.to });
  return free;
}

export const overlaps = (spans: Span[], { from, to }: Span): boolean => spans.some((span) => span.from < to && span.to > from);

export const covers = (spans: Span[], { from, to }: Span): boolean => spans.some((span) => span.from <= from && span.to >= to);

/** Tells whether an instant lies in the spans. Asked in ascending order only, so that each span is looked at once. */
export function sweep(spans: Span[]): (at: number) => boolean {
  let next = 0;
  return (at) => {
    while ((spans[next]?.to ?? Infinity) <= at) next += 1;
    return (spans[next]?.from ?? Infinity) <= at;
  };
}
