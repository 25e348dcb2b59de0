import { findDeskDay } from '../../../db/day-schedules';
import { listServices } from '../../../db/services';
import { listStaff } from '../../../db/staff';
import { localDate } from '../../../domain/time';
import { daysFrom } from '../dates';
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
  const visits = await findDeskDay(tx, { ...daysFrom(first, count, zone), staffId, serviceId, status });
  const [members, services] = [await listStaff(tx, ALL), await listServices(tx, ALL)];
  // Who takes no visits any more, but still has some here, keeps a column.
  const staff = members.filter(({ id, bookable }) => bookable || visits.some((visit) => visit.staffId === id));
  const shown = { looked, today, zone, now, visits };
  return { page: <CalendarPage frame={frame} {...shown} staff={staff.map(named)} services={services.map(named)} /> };
}

const named = ({ id, name }: { id: string; name: string }): { id: string; name: string } => ({ id, name });
