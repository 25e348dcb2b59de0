import type { Tx } from '../../../db/tenancy';
import { later, type Instant } from '../../../domain/time';
import { findSlots } from '../../booking';
import { daysFrom } from '../dates';

/** A time to pick. `staffId` null: whoever's turn it is. */
export type FreeTime = { startsAt: Instant; staffId: string | null; zone: string };
type Asked = { serviceId: string; staffId: string | null; date: string; zone: string; now: Instant; ignoreId?: string };

/** The free starts of a day, each once, with somebody or with anyone. */
export async function findDayTimes(tx: Tx, { serviceId, staffId, date, zone, now, ignoreId }: Asked): Promise<FreeTime[]> {
  const { from, to } = daysFrom(date, 1, zone);
  if (to <= now) return [];
  const range = { serviceId, staffId, from: later(now, from), to, now, ...(ignoreId !== undefined && { ignoreId }) };
  const starts = new Map<Instant, FreeTime>();
  for (const slot of await findSlots(tx, range)) starts.set(slot.startsAt, { startsAt: slot.startsAt, staffId, zone: slot.zone });
  return [...starts.values()];
}
