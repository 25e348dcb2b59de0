import { findAppointment } from '../../../db/appointments';
import { findDeskVisit, type DeskVisit } from '../../../db/day-schedules';
import { findServiceLinks } from '../../../db/services';
import { findStaffNames } from '../../../db/staff';
import { allowedNow } from '../../../domain/appointment';
import { localDate } from '../../../domain/time';
import type { Problem } from '../../problem';
import { findDayTimes } from '../booking/times';
import { calendarWords } from '../calendar/words';
import { dateAsked } from '../dates';
import { ask, routeOf } from '../shell/acting';
import { filled, ownPath } from '../shell/form';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { idOf } from './id';
import { MovePage } from './move-page';

const MOVE = routeOf('post', '/appointments/:id/reschedule');

/** Moving a visit: a page with free times, and where a drag in the calendar goes. */
export function moveForms({ page, form }: Pick<ConsolePages, 'page' | 'form'>): void {
  page('/visits/:id/reschedule', { role: 'staff', show: (seen) => showMove(seen, null) });
  form('/visits/:id/reschedule', { role: 'staff', act: move, again: (seen, { problem }) => showMove(seen, problem) });
  form('/visits/:id/move', { role: 'staff', act: move });
}

async function showMove(seen: Seen, problem: Problem | null): Promise<Shown> {
  const { tx, now, frame, ctx, params } = seen;
  const visit = await findDeskVisit(tx, idOf(params));
  if (!allowedNow(visit, now).includes('reschedule')) return { to: `/visits/${visit.id}` };
  const query = ctx.URL.searchParams;
  const date = dateAsked(query.get('date') ?? '', localDate(visit.startsAt, visit.zone));
  const staff = await staffFor(seen, visit);
  const staffId = staff.find(({ id }) => id === query.get('staff_id'))?.id ?? visit.staffId;
  const free = await findDayTimes(tx, { serviceId: visit.serviceId, staffId, date, zone: visit.zone, now, ignoreId: visit.id });
  const times = free.filter(({ startsAt }) => startsAt !== visit.startsAt || staffId !== visit.staffId);
  return { page: <MovePage frame={frame} visit={visit} date={date} staffId={staffId} staff={staff} times={times} problem={problem} /> };
}

/** Who gives the service of a visit. */
async function staffFor({ tx }: Seen, { serviceId }: DeskVisit): Promise<{ id: string; name: string }[]> {
  const links = await findServiceLinks(tx, [serviceId]);
  const names = await findStaffNames(tx, links.get(serviceId)?.staffIds ?? []);
  return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Moves it, and offers the way back: to where it was, by the same route. */
async function move(seen: Seen, fields: URLSearchParams): Promise<Shown> {
  const { tx, ctx, locale, params } = seen;
  const id = idOf(params);
  const before = await findAppointment(tx, id);
  const wanted = ctx.URL.searchParams; // the way back carries its time in its address
  const back = wanted.has('start_ts');
  await ask(seen, MOVE, { params: { id }, body: { ...filled(back ? wanted : fields, ['start_ts', 'staff_id']), by: 'staff' } });
  const words = calendarWords(locale);
  const was = new URLSearchParams({ start_ts: before.startsAt, staff_id: before.staffId }).toString();
  const undo = back ? {} : { undo: `/visits/${id}/move?${was}` };
  return { to: ownPath(fields.get('back'), `/visits/${id}`), said: { tone: 'done', text: back ? words.undoMoved : words.moved, ...undo } };
}
