import { hold } from '../booking';
import { AppointmentView, presentAppointment } from '../presenters/appointment';
import { route } from '../route';
import { bookingBody, bookingInput, resourcesOf } from './booking-body';

const createHold = route(
  {
    method: 'post',
    path: '/holds',
    tag: 'Appointments',
    summary: 'Take a slot for ten minutes',
    description: 'Book it with POST /appointments {hold_id}. After ten minutes it is free again and booking it answers 410 hold_expired.',
    action: 'appointment.held',
    role: 'staff',
    body: bookingBody,
    status: 201,
    response: AppointmentView,
    problems: ['conflict', 'appointment.in_the_past', 'unknown_reference'],
  },
  async (call) => {
    const held = await hold(call.tx, await bookingInput(call));
    return presentAppointment(held, await resourcesOf(call.tx, held.id));
  },
);

export const holdRoutes = [createHold];
