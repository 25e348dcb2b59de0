import type { Tx } from '../../../db/tenancy';
import { later, localDate, plusDays, type Instant } from '../../../domain/time';
import { findSlots } from '../../booking';
import { daysFrom } from '../dates';

/** A time to pick. `staffId` null: whoever's turn it is. */
export type FreeTime = { startsAt: Instant; staffId: string | null; zone: string };
type Asked = { serviceId: string; staffId: string | null; date: string; zone: string; now: Instant; ignoreId?: string };

/** The free starts of a day, each once, with somebody or with anyone. */
export async function findDayTimes(tx: Tx, { serviceId, staffId, date, zone, now, ignoreId }: Asked): Promise<FreeTime[]> {
  const { from, to } = daysFrom(plusDays(date, -1), 3, zone); // the day is the venue's, which may lie in another zone
  if (to <= now) return [];
  const range = { serviceId, staffId, from: later(now, from), to, now, ...(ignoreId !== undefined && { ignoreId }) };
  const starts = new Map<Instant, FreeTime>();
  for (const { startsAt, zone: venue } of await findSlots(tx, range))
    if (localDate(startsAt, venue) === date) starts.set(startsAt, { startsAt, staffId, zone: venue });
  return [...starts.values()];
}
