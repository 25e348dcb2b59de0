import { z } from 'zod';
import type { AppointmentAction } from '../../domain/appointment';
import { changeStatus } from '../booking';
import { AppointmentView, presentAppointment } from '../presenters/appointment';
import type { ProblemCode } from '../problem-codes';
import { route } from '../route';
import { ById } from '../wire';
import { byIn, findVersion, resourcesOf } from './booking-body';

type Step = {
  path: string;
  action: Exclude<AppointmentAction, 'book' | 'reschedule' | 'expire'>;
  done: string;
  summary: string;
  problems: ProblemCode[];
};

/** What a contact may wish too. */
const WISHES: Step[] = [
  { path: 'confirm', action: 'confirm', done: 'confirmed', summary: 'The contact will come', problems: ['appointment.already_started'] },
  {
    path: 'cancel',
    action: 'cancel',
    done: 'cancelled',
    summary: 'Cancel: pending reminders are dropped, one notice goes out',
    problems: [],
  },
];

/** What the front desk notes. */
const NOTES: Step[] = [
  {
    path: 'arrive',
    action: 'arrive',
    done: 'arrived',
    summary: 'The contact is here, on the day of the visit',
    problems: ['appointment.not_today'],
  },
  { path: 'complete', action: 'complete', done: 'completed', summary: 'The visit took place', problems: ['appointment.not_started'] },
  { path: 'no-show', action: 'no_show', done: 'missed', summary: 'Nobody came', problems: ['appointment.not_started'] },
  {
    path: 'undo',
    action: 'undo',
    done: 'undone',
    summary: 'Take back arrived, completed or no-show within ten minutes',
    problems: ['appointment.nothing_to_undo', 'appointment.undo_too_late', 'conflict'],
  },
];

const declared = ({ path, done, summary, problems }: Step) => ({
  method: 'post' as const,
  path: `/appointments/:id/${path}` as const,
  tag: 'Appointments',
  summary,
  action: `appointment.${done}` as const,
  role: 'staff' as const,
  params: ById,
  response: AppointmentView,
  problems,
});

/** Confirm, cancel, arrive, complete, no-show, undo (R13): each safe to repeat. */
export const statusRoutes = [
  ...WISHES.map((step) =>
    route({ ...declared(step), body: z.object({ by: byIn.optional() }) }, async ({ params, body, ifVersion, tx, now }) => {
      await findVersion(tx, params.id, ifVersion);
      const changed = await changeStatus(tx, { id: params.id, action: step.action, by: body.by ?? 'staff', now });
      return presentAppointment(changed, await resourcesOf(tx, params.id));
    }),
  ),
  ...NOTES.map((step) =>
    route(declared(step), async ({ params, ifVersion, tx, now }) => {
      await findVersion(tx, params.id, ifVersion);
      const changed = await changeStatus(tx, { id: params.id, action: step.action, by: 'staff', now });
      return presentAppointment(changed, await resourcesOf(tx, params.id));
    }),
  ),
];
