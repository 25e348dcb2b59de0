import { covers, intersect, merge, overlaps, spanOf, spansOf, subtract, sweep, type Interval, type Span } from './intervals';
import { openSpans, stepsOf, stretches, type Stretch, type WeeklyHours } from './opening-hours';
import { assignResources } from './slot-resources';
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, type Instant } from './time';

export type SlotStaff = { id: string; hours: WeeklyHours[]; timeOff: Interval[]; /** buffers included */ busy: Interval[] };
export type SlotResource = { id: string; /** buffers included */ busy: Interval[] };

export type SlotService = {
  durationMin: number;
  bufferBeforeMin: number;
  bufferAfterMin: number;
  /** Of each group any one resource is needed, no resource twice: [['chair 1', 'chair 2'], ['x-ray']]. */
  resourceGroups: string[][];
};

/** What a booking is judged by. `busy` holds live visits and holds that have not run out, buffers included. */
export type BookingFacts = {
  now: Instant;
  /** the location's zone */
  zone: string;
  service: SlotService;
  locationHours: WeeklyHours[];
  closures: Interval[];
  /** those who give this service */
  staff: SlotStaff[];
  resources: SlotResource[];
};

/** The same for a range of starts: from `from` up to, not including, `to`. */
export type SlotFacts = BookingFacts & { from: Instant; to: Instant; stepMin?: number };

export type Slot = { startsAt: Instant; endsAt: Instant; staffId: string; resourceIds: string[] };

export const DEFAULT_STEP_MIN = 15;

// 60 local days have an hour more when autumn is among them.
const MAX_RANGE_MS = 60 * DAY_MS + HOUR_MS;

/**
 * Everything that can be booked in a range (R10), by start, then staff id. Starts lie on whole steps after local midnight, never before `now`.
 *
 * The visit itself must lie within the opening hours and the staff member's hours and outside closures and time off; staff and resources must be
 * free for the buffers too. So cleaning up may run past closing time, but never into the next visit.
 *
 * Throws RangeError for a range over 60 days, a step or duration under a minute, an unknown zone.
 */
export function freeSlots(facts: SlotFacts): Slot[] {
  const range = checkedRange(facts);
  const { durationMs } = lengths(facts.service);
  const clock = stretches(facts.zone, { from: range.from, to: range.to + durationMs });
  const open = openHours(facts, clock);
  const staff = [...facts.staff]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((member) => ({ staffId: member.id, mayStart: sweep(startsOf(member, { facts, clock, open })) }));
  const resourcesAt = resourcePicker(facts);

  const slots: Slot[] = [];
  for (const start of stepsOf(clock, (facts.stepMin ?? DEFAULT_STEP_MIN) * MINUTE_MS)) {
    if (start < range.from || start >= range.to) continue;
    const free = staff.filter(({ mayStart }) => mayStart(start));
    const resourceIds = free.length > 0 ? resourcesAt(start) : null;
    if (!resourceIds) continue;
    const startsAt = instant(start);
    const endsAt = instant(start + durationMs);
    // No spread of a common object: over 26,000 slots it took most of the time (measured, Node 20).
    for (const { staffId } of free) slots.push({ startsAt, endsAt, staffId, resourceIds: resourceIds.slice() });
  }
  return slots;
}

export type SlotRefusal = 'past' | 'closed' | 'staff_not_working' | 'staff_off' | 'staff_busy' | 'resource_busy';
export type SlotCheck = { free: true; slot: Slot } | { free: false; refusal: SlotRefusal };

/**
 * May this visit be booked, and with which resources? The same rule as freeSlots but for the step: staff may book at 10:07.
 * Names the first refusal in the order of SlotRefusal. A member of staff who is not among the facts does not work here.
 */
export function checkSlot(facts: BookingFacts, asked: { startsAt: Instant; staffId: string }): SlotCheck {
  const { durationMs, beforeMs, afterMs } = lengths(facts.service);
  const start = Date.parse(asked.startsAt);
  const visit = { from: start, to: start + durationMs };
  const kept = { from: visit.from - beforeMs, to: visit.to + afterMs };
  const refused = (refusal: SlotRefusal): SlotCheck => ({ free: false, refusal });

  const clock = stretches(facts.zone, visit);
  const member = facts.staff.find(({ id }) => id === asked.staffId);
  if (start < Date.parse(facts.now)) return refused('past');
  if (!covers(openHours(facts, clock), visit)) return refused('closed');
  if (!member || !covers(openSpans(member.hours, clock), visit)) return refused('staff_not_working');
  if (overlaps(spansOf(member.timeOff), visit)) return refused('staff_off');
  if (overlaps(spansOf(member.busy), kept)) return refused('staff_busy');
  const busy = new Map(facts.resources.map((resource) => [resource.id, overlaps(spansOf(resource.busy), kept)]));
  const resourceIds = assignResources(facts.service.resourceGroups, (id) => busy.get(id) === false);
  if (!resourceIds) return refused('resource_busy');
  return { free: true, slot: { startsAt: instant(visit.from), endsAt: instant(visit.to), staffId: member.id, resourceIds } };
}

/**
 * What to offer instead of a time that is taken (409): the next free slots from the asked instant on, filled up from before it, nearest first,
 * when too few follow in the range. One per start, with the asked member of staff where they are free. In order of time.
 */
export function alternatives(facts: SlotFacts, asked: { startsAt: Instant; staffId?: string | null }, limit = 5): Slot[] {
  const byStart = new Map<Instant, Slot>();
  for (const slot of freeSlots(facts)) {
    if (!byStart.has(slot.startsAt) || slot.staffId === asked.staffId) byStart.set(slot.startsAt, slot);
  }
  const slots = [...byStart.values()];
  const firstAfter = slots.findIndex(({ startsAt }) => Date.parse(startsAt) >= Date.parse(asked.startsAt));
  const after = firstAfter < 0 ? slots.length : firstAfter;
  const first = Math.max(0, Math.min(after, slots.length - limit));
  return slots.slice(first, first + limit);
}

function checkedRange({ from, to, now, stepMin = DEFAULT_STEP_MIN, service }: SlotFacts): Span {
  if (!(stepMin >= 1)) throw new RangeError(`step of ${stepMin} minutes`);
  if (!(service.durationMin >= 1)) throw new RangeError(`visit of ${service.durationMin} minutes`);
  const span = spanOf({ startsAt: from, endsAt: to });
  if (span.to - span.from > MAX_RANGE_MS) throw new RangeError('more than 60 days of slots');
  return { from: Math.max(span.from, Date.parse(now)), to: span.to };
}

const lengths = ({ durationMin, bufferBeforeMin, bufferAfterMin }: SlotService) => ({
  durationMs: durationMin * MINUTE_MS,
  beforeMs: bufferBeforeMin * MINUTE_MS,
  afterMs: bufferAfterMin * MINUTE_MS,
});

const openHours = ({ locationHours, closures }: BookingFacts, clock: Stretch[]): Span[] =>
  subtract(openSpans(locationHours, clock), spansOf(closures));

/** The instants at which a visit with this member of staff may begin, resources aside. */
function startsOf(member: SlotStaff, { facts, clock, open }: { facts: SlotFacts; clock: Stretch[]; open: Span[] }): Span[] {
  const { durationMs } = lengths(facts.service);
  const working = intersect(open, openSpans(member.hours, clock));
  const present = subtract(working, spansOf(member.timeOff));
  // The last start is the one that ends with the span: + 1 because `to` is exclusive.
  const starts = present.map(({ from, to }) => ({ from, to: to - durationMs + 1 })).filter(({ from, to }) => from < to);
  return subtract(starts, blockedStarts(member.busy, facts.service));
}

/** The starts whose visit, buffers included, would touch busy time. A visit may begin its buffer in the instant in which the busy time ends. */
function blockedStarts(busy: Interval[], service: SlotService): Span[] {
  const { durationMs, beforeMs, afterMs } = lengths(service);
  return merge(spansOf(busy).map(({ from, to }) => ({ from: from - durationMs - afterMs + 1, to: to + beforeMs })));
}

/** Asked in ascending order. Null when the groups cannot all be served at that start. */
function resourcePicker({ service, resources }: SlotFacts): (start: number) => string[] | null {
  const needed = new Set(service.resourceGroups.flat());
  const blocked = new Map(resources.filter(({ id }) => needed.has(id)).map(({ id, busy }) => [id, sweep(blockedStarts(busy, service))]));
  return (start) => assignResources(service.resourceGroups, (id) => blocked.get(id)?.(start) === false);
}
