import type { WeeklyHours } from '../domain/opening-hours';
import type { Tx } from './tenancy';

/** Whose weekly hours: a location's opening hours or a member of staff's working hours. */
export type HoursOf = 'location' | 'staff';

const TABLES = { location: ['locationHours', 'locationId'], staff: ['staffHours', 'staffId'] } as const;

/** Replaces the whole week. Times are local wall time, 09:00 to 24:00. */
export async function replaceHours(tx: Tx, of: HoursOf, { ownerId, hours }: { ownerId: string; hours: WeeklyHours[] }): Promise<void> {
  const [table, owner] = TABLES[of];
  await tx(table)
    .where({ [owner]: ownerId })
    .delete();
  if (hours.length === 0) return;
  const business = { businessId: tx.raw('current_business()'), [owner]: ownerId };
  await tx(table).insert(
    hours.map(({ weekday, from, to }) => ({ ...business, weekday, fromMinute: minutes(from), toMinute: minutes(to) })),
  );
}

/** The weeks of several owners at once, each by weekday and time. */
export async function findHours(tx: Tx, of: HoursOf, ownerIds: string[]): Promise<Map<string, WeeklyHours[]>> {
  const [table, owner] = TABLES[of];
  const rows = await tx(table)
    .whereIn(owner, ownerIds)
    .orderBy(['weekday', 'fromMinute'])
    .select<{ ownerId: string; weekday: number; fromMinute: number; toMinute: number }[]>({
      ownerId: owner,
      weekday: 'weekday',
      fromMinute: 'fromMinute',
      toMinute: 'toMinute',
    });
  const result = new Map<string, WeeklyHours[]>(ownerIds.map((id) => [id, []]));
  for (const { ownerId, weekday, fromMinute, toMinute } of rows)
    result.get(ownerId)?.push({ weekday, from: wallTime(fromMinute), to: wallTime(toMinute) });
  return result;
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const wallTime = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const two = (value: number): string => String(value).padStart(2, '0');
