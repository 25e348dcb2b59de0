import { findDeskDay, type DeskFilter, type DeskVisit } from '../../db/day-schedules';
import type { Tx } from '../../db/tenancy';
import { localDate, plusDays } from '../../domain/time';
import { daysFrom } from './dates';

type Days = Omit<DeskFilter, 'from' | 'to'> & { first: string; count: number; /** The business's. */ zone: string };

/** The visits of so many days, each on the day that it is at its own venue: a day more is read on each side for venues in other zones. */
export async function findDeskDays(tx: Tx, { first, count, zone, ...filter }: Days): Promise<DeskVisit[]> {
  const visits = await findDeskDay(tx, { ...daysFrom(plusDays(first, -1), count + 2, zone), ...filter });
  const end = plusDays(first, count);
  return visits.filter(({ startsAt, zone: venue }) => {
    const date = localDate(startsAt, venue);
    return date >= first && date < end;
  });
}
