import { DAY_MS, instant, localDate, plusDays, ruleInstant, type Instant } from '../../domain/time';
import type { ApiAnswer, Slot, UsherApi } from './usher-api';

/** A day's free starts, each once; where it has none, the next day that has. Dates are the business's. */
export type FreeTimes = { day: string; starts: Instant[]; nextDay: string | null };

type Asked = { serviceId: string; staffId: string | null; day: string; zone: string };

const LOOKED_AT_DAYS = 15;
/** A visit so far ahead gets every reminder, the one of seven days included. */
const WELL_AHEAD_DAYS = 8;

/** What the form opens with. */
export const firstDay = (now: Instant, zone: string): string => localDate(instant(Date.parse(now) + WELL_AHEAD_DAYS * DAY_MS), zone);

export async function findFreeTimes(api: UsherApi, { serviceId, staffId, day, zone }: Asked): Promise<ApiAnswer<FreeTimes>> {
  const from = ruleInstant({ date: day, time: '00:00' }, zone);
  const to = ruleInstant({ date: plusDays(day, LOOKED_AT_DAYS), time: '00:00' }, zone);
  const answer = await api.slots({ serviceId, staffId, from, to });
  return answer.kind === 'ok' ? { kind: 'ok', data: onDay(answer.data, day, zone) } : answer;
}

function onDay(slots: Slot[], day: string, zone: string): FreeTimes {
  const starts = [...new Set(slots.map(({ startsAt }) => startsAt))].sort();
  const onTheDay = starts.filter((at) => localDate(at, zone) === day);
  const [next] = starts;
  return { day, starts: onTheDay, nextDay: onTheDay.length === 0 && next !== undefined ? localDate(next, zone) : null };
}
