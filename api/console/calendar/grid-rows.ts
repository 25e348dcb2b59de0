import type { DeskVisit } from '../../../db/day-schedules';
import type { WeeklyHours } from '../../../domain/opening-hours';
import { localDate, localTime, MINUTE_MS, type Instant } from '../../../domain/time';

/** The day's grid has a row for every five minutes. */
const ROW_MIN = 5;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;
/** Shown even when nothing happens then. */
const USUAL = { fromMin: 8 * HOUR_MIN, toMin: 18 * HOUR_MIN };

export type GridSpan = { fromMin: number; toMin: number };

/** From the full hour before the first visit or opening to the one after the last visit or closing, of an ordinary day at least. */
export function spanOf(
  visits: Pick<DeskVisit, 'startsAt' | 'endsAt' | 'zone'>[],
  hours: Pick<WeeklyHours, 'from' | 'to'>[] = [],
): GridSpan {
  const from = [...visits.map(({ startsAt, zone }) => minuteOf(startsAt, zone)), ...hours.map((open) => minuteAt(open.from))];
  const to = [...visits.map((visit) => minuteOf(visit.startsAt, visit.zone) + lengthMin(visit)), ...hours.map((open) => minuteAt(open.to))];
  return {
    fromMin: Math.floor(Math.min(USUAL.fromMin, ...from) / HOUR_MIN) * HOUR_MIN,
    toMin: Math.min(DAY_MIN, Math.ceil(Math.max(USUAL.toMin, ...to) / HOUR_MIN) * HOUR_MIN),
  };
}

/** Where something stands in the grid, as classes: positions may not be written into the page (its policy forbids inline styles). */
export function rowClasses(visit: Pick<DeskVisit, 'startsAt' | 'endsAt' | 'zone'>, { fromMin, toMin }: GridSpan): string {
  const start = minuteOf(visit.startsAt, visit.zone);
  const rows = Math.max(1, Math.round(Math.min(lengthMin(visit), toMin - start) / ROW_MIN));
  return `r${String(Math.round((start - fromMin) / ROW_MIN))} s${String(rows)}`;
}

/** The row of a moment of a day, or null when the grid does not show it. */
export function rowOf(at: Instant, { date, zone, fromMin, toMin }: GridSpan & { date: string; zone: string }): string | null {
  const minute = minuteOf(at, zone);
  if (localDate(at, zone) !== date || minute < fromMin || minute >= toMin) return null;
  return `r${String(Math.floor((minute - fromMin) / ROW_MIN))}`;
}

/** The full hours of the grid, with their rows. */
export const hoursOf = ({ fromMin, toMin }: GridSpan): { time: string; row: string }[] =>
  Array.from({ length: (toMin - fromMin) / HOUR_MIN }, (_, index) => {
    const hour = fromMin / HOUR_MIN + index;
    return { time: `${String(hour).padStart(2, '0')}:00`, row: `r${String((index * HOUR_MIN) / ROW_MIN)}` };
  });

const minuteOf = (at: Instant, zone: string): number => minuteAt(localTime(at, zone));

const minuteAt = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * HOUR_MIN + minute;
};

const lengthMin = ({ startsAt, endsAt }: Pick<DeskVisit, 'startsAt' | 'endsAt'>): number =>
  (Date.parse(endsAt) - Date.parse(startsAt)) / MINUTE_MS;

/** The style rules that the classes name. */
export const ROW_STYLES = [
  ...Array.from({ length: DAY_MIN / ROW_MIN }, (_, row) => `.r${String(row)}{grid-row-start:${String(row + 1)}}`),
  ...Array.from({ length: DAY_MIN / ROW_MIN }, (_, rows) => `.s${String(rows + 1)}{grid-row-end:span ${String(rows + 1)}}`),
  // How many hours the grid shows, for its height.
  ...Array.from({ length: 24 }, (_, hours) => `.h${String(hours + 1)}{--hours:${String(hours + 1)}}`),
].join('');
