import { v7 as newId } from 'uuid';
import { findSlots } from '../api/booking';
import { readConfig } from '../config';
import { replaceHours } from '../db/hours';
import { replaceServiceLinks } from '../db/services';
import { insertStaff } from '../db/staff';
import { withBusiness } from '../db/tenancy';
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../domain/time';
import { aSalon } from '../test/support/salon';
import type { Report } from './measure';
import { fixed, spread, timed } from './measure';
import type { Bench } from './setup';
import { startBench } from './setup';

const STAFF = 20;
const DAYS = 60;
const VISITS = 5_000;
const RUNS = 60;
const NOW = '2027-03-01T15:00:00.000Z';

/** 20 staff, 60 days, 5,000 visits: how long all free slots take, and in how many queries. */
export async function slots(): Promise<Report> {
  const bench = await startBench();
  try {
    const { businessId, serviceId } = await fill(bench);
    const counter = { queries: 0 };
    bench.db.pool.on('query', () => (counter.queries += 1));
    const range = { serviceId, staffId: null, from: NOW, to: plusMs(NOW, DAYS * DAY_MS), now: NOW };
    const find = () => withBusiness(bench.db, businessId, (tx) => findSlots(tx, range));
    const found = (await find()).length;
    counter.queries = 0;
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await timed(find));
    const { min, median, p95, max } = spread(times);
    return {
      title: 'Slots',
      method: `${String(STAFF)} staff, ${String(DAYS)} days, ${String(VISITS)} visits, ${String(found)} free slots; ${String(RUNS)} runs one after the other, in one transaction of the business each.`,
      rows: [
        ['min ms', 'median ms', 'p95 ms', 'max ms', 'queries (beside begin and commit)'],
        [fixed(min), fixed(median), fixed(p95), fixed(max), fixed((counter.queries - 2 * RUNS) / RUNS, 0)],
      ],
    };
  } finally {
    await bench.close();
  }
}

async function fill({ db, owner }: Bench): Promise<{ businessId: string; serviceId: string }> {
  const salon = await aSalon(db, { appSecret: readConfig({}).APP_SECRET });
  const staffIds = [salon.staffId];
  await withBusiness(db, salon.id, async (tx) => {
    for (let i = 1; i < STAFF; i += 1) {
      const id = newId();
      staffIds.push(id);
      const person = { locale: 'en' as const, permissionLevel: 'staff' as const, bookable: true, dndStartMinute: null, dndEndMinute: null };
      await insertStaff(tx, {
        id,
        locationId: salon.locationId,
        name: `Staff ${String(i)}`,
        email: null,
        phoneE164: null,
        ...person,
        now: NOW,
      });
      await replaceHours(tx, 'staff', {
        ownerId: id,
        hours: [1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, from: '09:00', to: '18:00' })),
      });
    }
    await replaceServiceLinks(tx, salon.serviceId, { staffIds, resourceIds: [] });
  });
  await owner.batchInsert('appointments', visits(salon, staffIds), 500);
  await owner.raw('analyze');
  return { businessId: salon.id, serviceId: salon.serviceId };
}

type Salon = { id: string; locationId: string; contactId: string; serviceId: string };

/** Visits of an hour, spread evenly over staff and days, four or five a day each. */
function visits(salon: Salon, staffIds: string[]): object[] {
  return Array.from({ length: VISITS }, (_, i) => {
    const staffId = staffIds[i % STAFF];
    const turn = Math.floor(i / STAFF);
    const startsAt = plusMs(NOW, Math.floor(turn / 4.2) * DAY_MS + (turn % 5) * 2 * HOUR_MS);
    const endsAt = plusMs(startsAt, 45 * MINUTE_MS);
    const facts = { businessId: salon.id, locationId: salon.locationId, contactId: salon.contactId, serviceId: salon.serviceId, staffId };
    const times = { startsAt, endsAt, busyFrom: startsAt, busyTo: endsAt, statusChangedAt: NOW, createdAt: NOW, updatedAt: NOW };
    return { id: newId(), ...facts, ...times, status: 'booked', zone: 'America/New_York', bookedAt: NOW };
  });
}
