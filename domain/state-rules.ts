import { AREA_CODES } from './data/area-codes';
import { isHoliday, type StateHoliday } from './holidays';
import type { MessageClass } from './message';
import { weekday } from './time';

/** Local hours, end exclusive; null is a day on which nothing may go. */
export type HourSpan = readonly [fromHour: number, toHour: number] | null;

export type StateRule = {
  /** What a decision records: 'TX', 'CA:calls', 'MX'. */
  id: string;
  country: 'US' | 'MX';
  /** Two letters; null: the whole country. */
  state: string | null;
  binds: 'marketing_and_calls' | 'calls' | 'all';
  weekdays: HourSpan;
  saturday: HourSpan;
  sunday: HourSpan;
  holidays: HourSpan | 'as_usual';
  ownHolidays: readonly StateHoliday[];
  source: string;
  /** Local date from which it holds; null: in force, its start is not established. */
  effectiveFrom: string | null;
  checkedAt: string;
  /** The sources differ, the stricter value stands here (R21). */
  disputed: boolean;
};

/** Stored with each decision, so that it can be told which table was asked. */
export const STATE_RULES_VERSION = '2026-11';

/** All states and territories of the United States: a person whose state is unknown may be in any of them. */
export const US_STATES: readonly string[] = [...new Set(AREA_CODES.map(([, state]) => state).filter((state) => state !== ''))].sort();

type Asked = { messageClass: MessageClass; states: readonly string[]; countries: readonly string[] };

/** The ids of all rows that narrow this class for somebody who may be in any of these states and countries (R21). */
export function stateRulesFor({ messageClass, states, countries }: Asked): string[] {
  const narrowed = messageClass === 'marketing' || messageClass === 'call';
  const binds = (rule: StateRule): boolean => rule.binds === 'all' || (rule.binds === 'calls' ? messageClass === 'call' : narrowed);
  const there = (rule: StateRule): boolean => (rule.state === null ? countries.includes(rule.country) : states.includes(rule.state));
  return STATE_RULES.filter((rule) => there(rule) && binds(rule)).map((rule) => rule.id);
}

/** The hours of a row on a local date; the whole day before the row took effect. Throws RangeError for an id that no row has. */
export function stateHours(id: string, date: string): HourSpan {
  const rule = STATE_RULES.find((row) => row.id === id);
  if (!rule) throw new RangeError(`no state rule ${id}`);
  if (rule.effectiveFrom !== null && date < rule.effectiveFrom) return [0, 24];
  if (rule.holidays !== 'as_usual' && isHoliday(date, rule.ownHolidays)) return rule.holidays;
  const day = weekday(date);
  if (day === 7) return rule.sunday;
  return day === 6 ? rule.saturday : rule.weekdays;
}

type Hours = Pick<StateRule, 'weekdays' | 'saturday' | 'sunday' | 'holidays'>;
type More = { source: string } & Partial<Pick<StateRule, 'binds' | 'country' | 'effectiveFrom' | 'disputed' | 'ownHolidays'>>;

const row = (state: string, hours: Hours, more: More): StateRule => ({
  id: more.binds === 'calls' ? `${state}:calls` : state,
  country: 'US',
  state: more.country === 'MX' ? null : state,
  binds: 'marketing_and_calls',
  ownHolidays: [],
  effectiveFrom: null,
  checkedAt: STATE_RULES_VERSION,
  disputed: false,
  ...hours,
  ...more,
});

const daily = (from: number, to: number): Hours => ({
  weekdays: [from, to],
  saturday: [from, to],
  sunday: [from, to],
  holidays: 'as_usual',
});
const notOnSundays = (from: number, to: number): Hours => ({ ...daily(from, to), sunday: null });
const DISPUTED = { disputed: true };
const CALLS = { binds: 'calls', source: 'tables only', ...DISPUTED } as const;

/**
 * State limits beside the federal 8-21, from the statutes and the tables of dropcowboy.com/state-compliance (2025-11-01) and
 * blog.clickpointsoftware.com/telemarketing-calling-hours-by-state (2025-07). Defaults, no legal advice. A state without a row has the federal hours.
 */
export const STATE_RULES: readonly StateRule[] = [
  row(
    'AL',
    { ...notOnSundays(8, 20), holidays: null },
    {
      source: 'Ala. Admin. Code 770-X-5-.17',
      ownHolidays: ['confederate_memorial_day_al', 'jefferson_davis_day'],
    },
  ),
  row('CT', daily(9, 20), { source: 'CGS 42-288a', effectiveFrom: '2023-10-01' }),
  row('FL', daily(8, 20), { source: 'Fla. Stat. 501.616(6)', effectiveFrom: '2021-07-01' }),
  row('KY', daily(10, 21), { source: 'KRS 367.46955' }),
  row('LA', { ...notOnSundays(8, 20), holidays: null }, { source: 'La. R.S. 45:844.31', ownHolidays: ['mardi_gras', 'good_friday'] }),
  row('MD', daily(8, 20), { source: 'Md. Com. Law 14-4502', effectiveFrom: '2024-01-01' }),
  row('MA', daily(8, 20), { source: '201 CMR 12.02' }),
  row('MI', daily(9, 21), { source: 'MCL 750.540e', ...DISPUTED }),
  row('MN', daily(9, 21), { source: 'Minn. Stat. 325E.30', ...DISPUTED }),
  row(
    'MS',
    { ...notOnSundays(8, 20), holidays: null },
    {
      source: 'Miss. Code 77-3-603',
      ownHolidays: ['confederate_memorial_day_ms'],
      ...DISPUTED,
    },
  ),
  row('NJ', daily(8, 20), { source: 'tables only', ...DISPUTED }),
  row('NM', daily(9, 21), { source: 'N.M. Stat. 57-12-22' }),
  row('NV', daily(9, 20), { source: 'NRS 598.0918', ...DISPUTED }),
  row('OK', daily(8, 20), { source: '15 O.S. 775C.4', effectiveFrom: '2022-11-01' }),
  row('PA', { weekdays: [8, 21], saturday: [8, 12], sunday: [12, 21], holidays: null }, { source: '73 P.S. 2245', ...DISPUTED }),
  row(
    'RI',
    { weekdays: [9, 18], saturday: [10, 17], sunday: null, holidays: null },
    { source: 'R.I. Gen. Laws 5-61-3.6', ownHolidays: ['victory_day'] },
  ),
  row('SD', notOnSundays(9, 21), { source: 'SDCL 37-30A-3' }),
  row(
    'TX',
    { ...daily(9, 21), sunday: [12, 21] },
    { source: 'Tex. Bus. & Com. 301.051; SB 140: texts count', effectiveFrom: '2025-09-01' },
  ),
  row('UT', { ...notOnSundays(8, 21), holidays: null }, { source: 'Utah Code 13-25a-103', ownHolidays: ['pioneer_day'], ...DISPUTED }),
  row('WA', daily(8, 20), { source: 'RCW 80.36.390', effectiveFrom: '2022-06-09' }),
  row('WY', daily(8, 20), { source: 'Wyo. Stat. 40-12-302' }),
  row('IL', daily(9, 21), CALLS),
  row('CA', daily(9, 21), CALLS),
  row('IN', daily(9, 20), CALLS),
  row('ME', { weekdays: [9, 17], saturday: null, sunday: null, holidays: null }, CALLS),
  row('NE', { weekdays: [8, 21], saturday: [8, 21], sunday: [13, 21], holidays: [13, 21] }, CALLS),
  row('MX', daily(9, 20), { country: 'MX', binds: 'all', source: 'policy beside LFPDPPP 2025' }),
];
