import type { LinkedVisit } from '../../../db/links';
import { RowMissing } from '../../../db/errors';
import type { Tx } from '../../../db/tenancy';
import type { Locale } from '../../../domain/message';
import { formatDay, formatHour } from '../../../domain/templates/when';
import { localDate, MINUTE_MS, plusDays, plusMs, ruleInstant, type Instant } from '../../../domain/time';
import { findSlots } from '../../booking';
import { canBookAgain, visitState } from './state';

/** A time to tap. `staffId` null: whoever's turn it is. */
export type Choice = { startsAt: Instant; staffId: string | null };
export type DayTimes = { date: string; same: Choice[]; others: Choice[] };
export type Week = { number: number; first: string; last: string; days: DayTimes[] };

/** The furthest week that can be looked at; slots are computed for 60 days at most. */
export const LAST_WEEK = 7;

type Asked = { visit: LinkedVisit; now: Instant };

/** The free times of seven days for the visit's service: with the same member of staff, and what others have besides. `number` 0 begins today. */
export async function findWeek(tx: Tx, { visit, now, number }: Asked & { number: number }): Promise<Week> {
  const { zone, serviceId, id: ignoreId } = visit;
  const first = plusDays(localDate(now, zone), 7 * number);
  const midnight = (date: string): Instant => ruleInstant({ date, time: '00:00' }, zone);
  const range = { serviceId, staffId: null, from: number === 0 ? now : midnight(first), to: midnight(plusDays(first, 7)), now, ignoreId };
  const days = new Map<string, DayTimes>();
  for (const { startsAt, same } of startsOf(await findSlots(tx, range).catch(noneOffered), { visit, now })) {
    const date = localDate(startsAt, zone);
    const day = days.get(date) ?? { date, same: [], others: [] };
    days.set(date, day);
    if (same) day.same.push({ startsAt, staffId: visit.staffId });
    else day.others.push({ startsAt, staffId: null });
  }
  return { number, first, last: plusDays(first, 6), days: [...days.values()] };
}

/** A service that is no longer offered has no times; the page then names the telephone. */
function noneOffered(error: unknown): [] {
  if (error instanceof RowMissing) return [];
  throw error;
}

/** Each start once, but for the one that the visit has; what a visit had that is no more may be had again. */
function startsOf(slots: { startsAt: Instant; staffId: string }[], { visit, now }: Asked): { startsAt: Instant; same: boolean }[] {
  const starts = new Map<Instant, boolean>();
  for (const { startsAt, staffId } of slots) starts.set(startsAt, starts.get(startsAt) === true || staffId === visit.staffId);
  if (!canBookAgain(visitState(visit, now))) starts.delete(visit.startsAt);
  return [...starts].map(([startsAt, same]) => ({ startsAt, same }));
}

/** Is this one of the times that the page shows? Who writes their own form gets no odd minute. */
export async function isOffered(tx: Tx, { visit, now, choice }: Asked & { choice: Choice }): Promise<boolean> {
  const { startsAt, staffId } = choice;
  const range = { serviceId: visit.serviceId, staffId, from: startsAt, to: plusMs(startsAt, MINUTE_MS), now, ignoreId: visit.id };
  return (await findSlots(tx, range).catch(noneOffered)).some((slot) => slot.startsAt === startsAt);
}

/** The week that shows a time, or the nearest that can be looked at. */
export function weekOf(startsAt: Instant, { visit, now }: Asked): number {
  const [day, today] = [startsAt, now].map((at) => Date.parse(localDate(at, visit.zone)));
  const days = ((day ?? 0) - (today ?? 0)) / 86_400_000;
  return Math.min(LAST_WEEK, Math.max(0, Math.floor(days / 7)));
}

const CHOICE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)(?: ([0-9a-f-]{36}))?$/;

/** How a choice travels through the form. */
export const choiceText = ({ startsAt, staffId }: Choice): string => (staffId === null ? startsAt : `${startsAt} ${staffId}`);

/** Null for what is no choice of ours. */
export function choiceOf(text: string): Choice | null {
  const [, startsAt, staffId = null] = CHOICE.exec(text) ?? [];
  return startsAt === undefined || Number.isNaN(Date.parse(startsAt)) ? null : { startsAt, staffId };
}

export const hourText = (startsAt: Instant, { zone }: LinkedVisit, locale: Locale): string =>
  formatHour({ startsAt, venueZone: zone, locale });

export const dayText = (date: string, locale: Locale): string => formatDay({ date, locale });
