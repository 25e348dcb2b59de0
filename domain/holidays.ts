import { plusDays, weekday } from './time';

/** Days that a state keeps beside the federal ones. */
export type StateHoliday =
  | 'mardi_gras'
  | 'good_friday'
  | 'pioneer_day'
  | 'victory_day'
  | 'confederate_memorial_day_al'
  | 'confederate_memorial_day_ms'
  | 'jefferson_davis_day';

/**
 * Whether a local date (2027-07-04) is a federal holiday of the United States or one of the state's own. One that falls on a weekend counts on its
 * own day and on the weekday on which it is observed: the stricter reading.
 */
export function isHoliday(date: string, own: readonly StateHoliday[]): boolean {
  return isFederalHoliday(date) || own.some((holiday) => STATE_HOLIDAYS[holiday](date));
}

const FIXED_DAYS: readonly string[] = ['01-01', '06-19', '07-04', '11-11', '12-25'];
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const LAST = 'last';

type Weekly = readonly [month: number, nth: number | 'last', day: number];
const WEEKLY_DAYS: readonly Weekly[] = [
  [1, 3, MONDAY], // Martin Luther King
  [2, 3, MONDAY], // Washington's birthday
  [5, LAST, MONDAY], // Memorial Day
  [9, 1, MONDAY], // Labor Day
  [10, 2, MONDAY], // Columbus Day
  [11, 4, THURSDAY], // Thanksgiving
];

const STATE_HOLIDAYS: Record<StateHoliday, (date: string) => boolean> = {
  mardi_gras: (date) => date === plusDays(easter(Number(date.slice(0, 4))), -47),
  good_friday: (date) => date === plusDays(easter(Number(date.slice(0, 4))), -2),
  pioneer_day: (date) => observed(date, (day) => day.slice(5) === '07-24'),
  victory_day: (date) => isNth(date, [8, 2, MONDAY]),
  confederate_memorial_day_al: (date) => isNth(date, [4, 4, MONDAY]),
  confederate_memorial_day_ms: (date) => isNth(date, [4, LAST, MONDAY]),
  jefferson_davis_day: (date) => isNth(date, [6, 1, MONDAY]),
};

const isFederalHoliday = (date: string): boolean =>
  observed(date, (day) => FIXED_DAYS.includes(day.slice(5))) || WEEKLY_DAYS.some((day) => isNth(date, day));

function observed(date: string, isDay: (date: string) => boolean): boolean {
  if (isDay(date)) return true;
  const day = weekday(date);
  return (day === FRIDAY && isDay(plusDays(date, 1))) || (day === MONDAY && isDay(plusDays(date, -1)));
}

function isNth(date: string, [month, nth, day]: Weekly): boolean {
  if (Number(date.slice(5, 7)) !== month || weekday(date) !== day) return false;
  if (nth === LAST) return plusDays(date, 7).slice(5, 7) !== date.slice(5, 7);
  return Math.ceil(Number(date.slice(8, 10)) / 7) === nth;
}

/** Easter Sunday of a year, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
function easter(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const days = epact + toSunday - 7 * late + 114;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${String(year)}-${pad(Math.floor(days / 31))}-${pad((days % 31) + 1)}`;
}
