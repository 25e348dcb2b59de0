import type { AppointmentAction } from '../../domain/appointment';
import { changeStatus } from '../booking';
import { AppointmentView, presentAppointment } from '../presenters/appointment';
import type { ProblemCode } from '../problem-codes';
import { route } from '../route';
import { ById } from '../wire';
import { resourcesOf } from './booking-body';

type Step = {
  path: string;
  action: Exclude<AppointmentAction, 'book' | 'reschedule' | 'expire'>;
  done: string;
  summary: string;
  problems: ProblemCode[];
};

const STEPS: Step[] = [
  { path: 'confirm', action: 'confirm', done: 'confirmed', summary: 'The contact will come', problems: ['appointment.already_started'] },
  { path: 'arrive', action: 'arrive', done: 'arrived', summary: 'The contact is here', problems: [] },
  { path: 'complete', action: 'complete', done: 'completed', summary: 'The visit took place', problems: ['appointment.not_started'] },
  { path: 'no-show', action: 'no_show', done: 'missed', summary: 'Nobody came', problems: ['appointment.not_started'] },
  {
    path: 'cancel',
    action: 'cancel',
    done: 'cancelled',
    summary: 'Cancel: pending reminders are dropped, one notice goes out',
    problems: [],
  },
  {
    path: 'undo',
    action: 'undo',
    done: 'undone',
    summary: 'Take back completed or no-show within ten minutes',
    problems: ['appointment.nothing_to_undo', 'appointment.undo_too_late', 'conflict'],
  },
];

/** Confirm, arrive, complete, no-show, cancel, undo (R13): each safe to repeat. */
export const statusRoutes = STEPS.map(({ path, action, done, summary, problems }) =>
  route(
    {
      method: 'post',
      path: `/appointments/:id/${path}`,
      tag: 'Appointments',
      summary,
      action: `appointment.${done}`,
      role: 'staff',
      params: ById,
      response: AppointmentView,
      problems,
    },
    async ({ params, tx, now }) => {
      const changed = await changeStatus(tx, { id: params.id, action, by: 'staff', now });
      return presentAppointment(changed, await resourcesOf(tx, params.id));
    },
  ),
);
