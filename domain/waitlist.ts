import type { Cap } from './gate';
import type { Reach } from './appointment-facts';
import type { Channel, Reason } from './message';
import { channelOrder } from './message-route';
import { contactHours, nextAllowed, type QuietHours } from './quiet-hours';
import type { RecipientPlace } from './recipient-place';
import { resourceGroups } from './resource-groups';
import { checkSlot, freeSlots, type BookingFacts, type SlotResource, type SlotService } from './slots';
import { DAY_MS, HOUR_MS, isBefore, later, localDate, localTime, MINUTE_MS, plusMs, weekday, type Instant } from './time';

// Who is asked when a slot is freed, and in which order (R60).

/** No offer closer to the visit than that: somebody has to be able to get there. */
export const LEAD_MS = 60 * MINUTE_MS;
/** Who waits for the soonest time does not want one of next month. */
export const SOON_MS = 14 * DAY_MS;

/** `soonest`: a time within two weeks. `anytime`: whenever there is one. */
export type WaitlistPreference = 'soonest' | 'anytime';

/** Local wall times of the venue, '09:00' to '12:00'; '24:00' is midnight at the day's end. */
export type TimeWindow = { from: string; to: string };

/** What somebody waits for. Empty weekdays (Monday 1) or windows, and null dates: any. */
export type Wish = {
  serviceId: string;
  staffId: string | null;
  weekdays: number[];
  windows: TimeWindow[];
  earliestOn: string | null;
  latestOn: string | null;
  preference: WaitlistPreference;
};

/** `staffIds`: who could give the service then. */
export type Opening = { serviceId: string; staffIds: string[]; startsAt: Instant; endsAt: Instant; zone: string };

/** What is free where, as db/slot-facts.ts reads it. */
export type SlotsNow = {
  service: Omit<SlotService, 'resourceGroups'>;
  places: (Omit<BookingFacts, 'now' | 'service' | 'resources'> & { resources: (SlotResource & { kind: string | null })[] })[];
};

/** Who could give the service at that time, as far as hours, staff and rooms go; null: nobody. */
export function openingAt(
  { service, places }: SlotsNow,
  { serviceId, startsAt, now }: { serviceId: string; startsAt: Instant; now: Instant },
): Opening | null {
  for (const { resources, ...place } of places) {
    const facts = { ...place, now, resources, service: { ...service, resourceGroups: resourceGroups(resources) } };
    const staffIds = place.staff.map(({ id }) => id).filter((staffId) => checkSlot(facts, { startsAt, staffId }).free);
    const endsAt = plusMs(startsAt, service.durationMin * MINUTE_MS);
    if (staffIds.length > 0) return { serviceId, staffIds, startsAt, endsAt, zone: place.zone };
  }
  return null;
}

/** The next times at which the service can be had somewhere, from whomever, in order. Throws RangeError for a range over 60 days. */
export function nextStarts(
  { service, places, stepMin }: SlotsNow & { stepMin: number },
  range: { from: Instant; to: Instant; now: Instant },
): Instant[] {
  const starts = places.flatMap(({ resources, ...place }) =>
    freeSlots({ ...place, ...range, stepMin, resources, service: { ...service, resourceGroups: resourceGroups(resources) } }),
  );
  return [...new Set(starts.map(({ startsAt }) => startsAt))].sort();
}

export const hasLead = ({ startsAt }: Pick<Opening, 'startsAt'>, now: Instant): boolean => !isBefore(startsAt, plusMs(now, LEAD_MS));

/** Whether the slot is what somebody waits for: service, staff, day, time, and soon enough. */
export function matches(wish: Wish, opening: Opening, now: Instant): boolean {
  const { serviceId, staffIds, startsAt } = opening;
  if (wish.serviceId !== serviceId) return false;
  if (wish.staffId !== null && !staffIds.includes(wish.staffId)) return false;
  if (wish.preference === 'soonest' && isBefore(plusMs(now, SOON_MS), startsAt)) return false;
  return suitsDay(wish, localDate(startsAt, opening.zone)) && suitsTime(wish, opening);
}

const suitsDay = ({ weekdays, earliestOn, latestOn }: Wish, date: string): boolean =>
  (weekdays.length === 0 || weekdays.includes(weekday(date))) &&
  (earliestOn === null || earliestOn <= date) &&
  (latestOn === null || date <= latestOn);

const suitsTime = ({ windows }: Wish, opening: Opening): boolean =>
  windows.length === 0 || windows.some((window) => liesIn(opening, window));

/** The whole visit, from its start to its end, on one local day. */
function liesIn({ startsAt, endsAt, zone }: Opening, { from, to }: TimeWindow): boolean {
  const lastMinute = plusMs(endsAt, -MINUTE_MS);
  return from <= localTime(startsAt, zone) && localTime(lastMinute, zone) < to && localDate(startsAt, zone) === localDate(lastMinute, zone);
}

/** One person on the waitlist, as far as asking goes. */
export type Waiting = Wish & {
  id: string;
  contactId: string;
  lastAskedAt: Instant | null;
  createdAt: Instant;
  /** Was asked about this slot already, or has a visit at that time. */
  isOut: boolean;
  /** They have an offer open, until then at most; null: none. */
  busyUntil: Instant | null;
  /** The gate's own judgement of each address. */
  reach: Reach;
  preferred: Channel | null;
  place: RecipientPlace;
  /** Automated messages in the last 24 h (R24). */
  contactCap: Cap;
};

/** Least recently asked first, who was never asked before all; then who waits longest (R60). The id decides between equals, so that all agree. */
export const inOrder = <W extends Pick<Waiting, 'id' | 'lastAskedAt' | 'createdAt'>>(waiting: readonly W[]): W[] =>
  [...waiting].sort(
    (a, b) => compare(a.lastAskedAt ?? '', b.lastAskedAt ?? '') || compare(a.createdAt, b.createdAt) || compare(a.id, b.id),
  );
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export type AskFacts = {
  opening: Opening;
  now: Instant;
  waiting: readonly Waiting[];
  /** How many may be asked now: the business's batch less the offers that are open. */
  room: number;
  quiet: QuietHours;
};

export type Answer =
  | { kind: 'ask'; channel: Channel }
  | { kind: 'pass_over'; reason: Reason }
  /** Not now: the night, another offer of theirs, enough messages today. */
  | { kind: 'later'; at: Instant };

export type Asking = {
  ask: { entryId: string; channel: Channel }[];
  /** Who would have been asked and may not be, ever. */
  passedOver: { entryId: string; reason: Reason }[];
  /** When somebody can be asked who cannot be now, if there is still time then. */
  laterAt: Instant | null;
};

/**
 * Whom to ask now, in order. Who may not be written to is passed over, with the reason; who cannot be asked at this moment keeps their place and is asked
 * when they can be, if the slot is still free.
 */
export function nextToAsk(facts: AskFacts): Asking {
  const { opening, now, waiting, room } = facts;
  const asking: Asking = { ask: [], passedOver: [], laterAt: null };
  if (!hasLead(opening, now)) return asking;
  for (const entry of inOrder(waiting)) {
    if (asking.ask.length >= room) break;
    if (entry.isOut || !matches(entry, opening, now)) continue;
    const answer = mayAsk(entry, facts);
    if (answer.kind === 'ask') asking.ask.push({ entryId: entry.id, channel: answer.channel });
    else if (answer.kind === 'pass_over') asking.passedOver.push({ entryId: entry.id, reason: answer.reason });
    else if (hasLead(opening, answer.at)) asking.laterAt = earlier(asking.laterAt, answer.at);
  }
  return asking;
}

const earlier = (a: Instant | null, b: Instant): Instant => (a === null || isBefore(b, a) ? b : a);

/** The order in which an offer looks for a way to the person, after the channel that they like best. A text is read within half an hour. */
const CHANNELS: readonly Channel[] = ['sms', 'whatsapp', 'email'];

/** Both for the first way and for the next one, should that refuse the offer. */
export const offerChannels = (preferred: Channel | null): Channel[] => channelOrder(CHANNELS, preferred);

/** Whether, and over what, somebody may be asked at `now`. The gate decides once more at the message's turn. */
export function mayAsk(entry: Waiting, { now, quiet }: Pick<AskFacts, 'now' | 'quiet'>): Answer {
  const { reach } = entry;
  const channels = offerChannels(entry.preferred);
  const open = channels.filter((channel) => reach[channel] === 'ok');
  if (open.length === 0) {
    const refusals = channels.map((channel) => reach[channel]).filter((reason) => reason !== undefined && reason !== 'ok');
    return { kind: 'pass_over', reason: refusals[0] ?? 'no_address' };
  }
  const notBefore = notYet(entry, now);
  const ways = open.map((channel) => ({
    channel,
    at: nextAllowed(contactHours({ messageClass: 'marketing', channel, place: entry.place, quiet, causedByRecipientAt: null }), notBefore),
  }));
  const first = ways.reduce((best, way) => (isBefore(way.at, best.at) ? way : best));
  return first.at === now ? { kind: 'ask', channel: first.channel } : { kind: 'later', at: first.at };
}

function notYet({ busyUntil, contactCap: { used, limit, freesAt } }: Waiting, now: Instant): Instant {
  const capped = used >= limit ? later(now, freesAt ?? plusMs(now, HOUR_MS)) : now;
  // An offer that ran out a moment ago is closed by its own slot's process.
  const busy = busyUntil === null ? now : later(plusMs(now, MINUTE_MS), busyUntil);
  return later(capped, busy);
}
