import { findHours } from '../../../db/hours';
import { listLocations } from '../../../db/locations';
import { listServices } from '../../../db/services';
import { listStaff } from '../../../db/staff';
import type { Tx } from '../../../db/tenancy';
import type { WeeklyHours } from '../../../domain/opening-hours';
import { localDate, weekday } from '../../../domain/time';
import { findDeskDays } from '../desk-days';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { daysOf, lookedAt } from './asked';
import { CalendarPage } from './page';

const ALL = { limit: 200, includeInactive: false };

/** The calendar. Other names for it lead here too. */
export function calendarPages({ router, page }: ConsolePages): void {
  router.redirect('/schedule', '/calendar');
  page('/calendar', { role: 'viewer', show: showCalendar });
}

async function showCalendar({ ctx, tx, now, frame, business: { zone } }: Seen): Promise<Shown> {
  const today = localDate(now, zone);
  const looked = lookedAt(ctx.URL.searchParams, today);
  const { first, count } = daysOf(looked);
  const { staffId, serviceId, status } = looked;
  const visits = await findDeskDays(tx, { first, count, zone, staffId, serviceId, status });
  const [members, services] = [await listStaff(tx, { ...ALL, includeInactive: true }), await listServices(tx, ALL)];
  // Who takes no visits any more, or has left, but still has some here, keeps a column.
  const staff = members.filter(({ id, active, bookable }) => (active && bookable) || visits.some((visit) => visit.staffId === id));
  const shown = { looked, today, zone, now, visits, hours: looked.view === 'day' ? await hoursOn(tx, looked.date) : [] };
  return { page: <CalendarPage frame={frame} {...shown} staff={staff.map(named)} services={services.map(named)} /> };
}

/** When the locations are open on a day. */
async function hoursOn(tx: Tx, date: string): Promise<WeeklyHours[]> {
  const locations = await listLocations(tx, ALL);
  const hours = await findHours(
    tx,
    'location',
    locations.map(({ id }) => id),
  );
  return [...hours.values()].flat().filter((open) => open.weekday === weekday(date));
}

const named = ({ id, name }: { id: string; name: string }): { id: string; name: string } => ({ id, name });
