import { z } from 'zod';
import type { AppointmentStatus } from '../../../domain/appointment';
import { plusDays } from '../../../domain/time';
import { dateAsked, mondayOf } from '../dates';

export type View = 'day' | 'week' | 'list';
/** What of the calendar is looked at. */
export type Looked = { view: View; date: string; staffId: string | null; serviceId: string | null; status: AppointmentStatus | null };

export const STATUSES = ['booked', 'confirmed', 'arrived', 'completed', 'cancelled', 'no_show'] as const satisfies AppointmentStatus[];
const Id = z.uuid();
const Status = z.enum(STATUSES);

/** Reads an address; what is not understood is left out, so that an old link still shows something. */
export function lookedAt(query: URLSearchParams, today: string): Looked {
  const view = query.get('view');
  const id = (name: string): string | null => Id.safeParse(query.get(name)).data ?? null;
  return {
    view: view === 'week' || view === 'list' ? view : 'day',
    date: dateAsked(query.get('date') ?? '', today),
    staffId: id('staff_id'),
    serviceId: id('service_id'),
    status: Status.safeParse(query.get('status')).data ?? null,
  };
}

/** The days that are shown: one, or the week from Monday. */
export const daysOf = ({ view, date }: Looked): { first: string; count: number } =>
  view === 'day' ? { first: date, count: 1 } : { first: mondayOf(date), count: 7 };

/** The address of another look: what is not named stays. */
export function linkTo(looked: Looked, change: Partial<Looked>): string {
  const { view, date, staffId, serviceId, status } = { ...looked, ...change };
  const given = { view, date, staff_id: staffId, service_id: serviceId, status };
  const query = Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return `/calendar?${new URLSearchParams(query).toString()}`;
}

/** A day or a week on or back. */
export const step = (looked: Looked, direction: 1 | -1): string =>
  linkTo(looked, { date: plusDays(looked.date, direction * (looked.view === 'day' ? 1 : 7)) });
