import { z } from 'zod';
import type { WeeklyHours } from '../domain/opening-hours';
import { wallTime } from './wire';

/** A week of local wall time: Monday 1 to Sunday 7. Hours over midnight are two entries, the first to 24:00. */
export const weeklyHours = z
  .array(z.strictObject({ weekday: z.int().min(1).max(7), from: wallTime, to: wallTime }))
  .max(70)
  .refine(
    (hours) => hours.every(({ from, to }) => from < to),
    'from must be before to; hours over midnight are two entries, the first to 24:00',
  )
  .refine((hours) => !overlap(hours), 'hours of one day must not overlap')
  .meta({ example: [{ weekday: 1, from: '09:00', to: '17:00' }] });

// Times of equal length compare as text.
const overlap = (hours: WeeklyHours[]): boolean =>
  hours.some((a, i) => hours.slice(i + 1).some((b) => a.weekday === b.weekday && a.from < b.to && b.from < a.to));

/** 09:30 as minutes after midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Law gives contacts 21:00–08:00 of quiet; a business may only add to it (R21). */
const LATEST_QUIET_FROM = '21:00';
const EARLIEST_QUIET_TO = '08:00';

/** A business's quiet hours, at the recipient's place. */
export const quietHoursIn = z
  .strictObject({ from: wallTime, to: wallTime })
  .refine(
    ({ from, to }) => from <= LATEST_QUIET_FROM && to >= EARLIEST_QUIET_TO && from > to,
    'may begin at 21:00 or earlier and end at 08:00 or later, not the other way round',
  );
