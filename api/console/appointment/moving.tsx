import { findAppointment, type AppointmentRow } from '../../../db/appointments';
import { findDeskVisit, type DeskVisit } from '../../../db/day-schedules';
import { findServiceLinks } from '../../../db/services';
import { findStaffNames } from '../../../db/staff';
import { allowedNow } from '../../../domain/appointment';
import { localDate } from '../../../domain/time';
import { fieldOf } from '../../perform';
import type { Problem } from '../../problem';
import { findDayTimes } from '../booking/times';
import { calendarWords } from '../calendar/words';
import { dateAsked } from '../dates';
import { ask, routeOf } from '../shell/acting';
import { filled, ownPath } from '../shell/form';
import type { ConsolePages, Seen, Shown } from '../shell/pages';
import { idOf } from './id';
import { MovePage } from './move-page';
import { versionSeen } from './version-seen';

const MOVE = routeOf('post', '/appointments/:id/reschedule');
const CONFIRM = routeOf('post', '/appointments/:id/confirm');

/** Moving a visit: a page with free times, and where a drag in the calendar goes. */
export function moveForms({ page, form }: Pick<ConsolePages, 'page' | 'form'>): void {
  page('/visits/:id/reschedule', { role: 'staff', show: (seen) => showMove(seen, null) });
  form('/visits/:id/reschedule', { role: 'staff', act: move, again: (seen, { problem }) => showMove(seen, problem) });
  form('/visits/:id/move', { role: 'staff', act: move });
  form('/visits/:id/move/undo', { role: 'staff', act: moveBack });
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
  const id = idOf(seen.params);
  const words = calendarWords(seen.locale);
  const before = await findAppointment(seen.tx, id);
  const moved = await moveTo(seen, { id, wanted: fields, version: versionSeen(seen, fields) });
  const stayed = moved.startTs === before.startsAt && moved.staffId === before.staffId;
  const undo = stayed || before.startsAt <= seen.now ? undefined : wayBack(before, moved.version);
  return {
    to: ownPath(fields.get('back'), `/visits/${id}`),
    said: { tone: 'done', text: stayed ? words.stayed : words.moved, undo },
  };
}

/** Where it was, in an address; and whether it was confirmed, since a move asks for that anew. */
function wayBack({ id, startsAt, staffId, status }: AppointmentRow, version: string): string {
  const was = { start_ts: startsAt, staff_id: staffId, version, ...(status === 'confirmed' && { confirmed: 'yes' }) };
  return `/visits/${id}/move/undo?${new URLSearchParams(was).toString()}`;
}

async function moveBack(seen: Seen, fields: URLSearchParams): Promise<Shown> {
  const [id, wanted] = [idOf(seen.params), seen.ctx.URL.searchParams];
  const moved = await moveTo(seen, { id, wanted, version: wanted.get('version') });
  if (wanted.has('confirmed')) await ask(seen, CONFIRM, { params: { id }, ifVersion: moved.version });
  return { to: ownPath(fields.get('back'), `/visits/${id}`), said: { tone: 'done', text: calendarWords(seen.locale).undoMoved } };
}

type Wanted = { id: string; wanted: URLSearchParams; version: string | null };

async function moveTo(seen: Seen, { id, wanted, version }: Wanted): Promise<{ startTs: string; staffId: string; version: string }> {
  const body = { ...filled(wanted, ['start_ts', 'staff_id']), by: 'staff' };
  const moved = await ask(seen, MOVE, { params: { id }, body, ifVersion: version });
  const of = (name: string): string => String(fieldOf(moved, name));
  return { startTs: of('start_ts'), staffId: of('staff_id'), version: of('version') };
}
