import type { TransitionRefusal } from '../domain/appointment';
import { entry, type ProblemEntry } from './problem-entry';

/** What is said of a start that has passed, beside the field. */
export const IN_THE_PAST = 'lies in the past';

/** What may be refused of a visit (R12, R13). */
export const APPOINTMENT_PROBLEMS = {
  conflict: entry(
    409,
    ['Time is taken', 'Hora ocupada'],
    ['That time is not free. Pick one of the alternatives.', 'Esa hora no está libre. Elija una de las alternativas.'],
  ),
  hold_expired: entry(
    410,
    ['Hold expired', 'Reserva temporal vencida'],
    ['The hold has run out. Ask for slots again.', 'La reserva temporal venció. Pida horarios de nuevo.'],
  ),
  'appointment.in_the_past': entry(
    422,
    ['In the past', 'En el pasado'],
    ['A visit cannot start in the past.', 'Una cita no puede empezar en el pasado.'],
  ),
  'appointment.hold_expired': entry(
    409,
    ['Hold expired', 'Reserva temporal vencida'],
    ['The hold has run out; book again.', 'La reserva temporal venció; reserve de nuevo.'],
  ),
  'appointment.hold_not_expired': entry(
    409,
    ['Hold still runs', 'Reserva temporal vigente'],
    ['The hold has not run out yet.', 'La reserva temporal aún no vence.'],
  ),
  'appointment.not_booked': entry(
    409,
    ['Only held', 'Solo reservada temporalmente'],
    ['This is a hold; book it first.', 'Es una reserva temporal; primero resérvela.'],
  ),
  'appointment.not_started': entry(409, ['Not started', 'Aún no empieza'], ['The visit has not begun yet.', 'La cita aún no empieza.']),
  'appointment.not_today': entry(
    409,
    ['Not today', 'No es hoy'],
    ['Somebody can arrive on the day of the visit only.', 'La llegada solo se puede anotar el día de la cita.'],
  ),
  'appointment.already_started': entry(409, ['Already started', 'Ya empezó'], ['The visit has already begun.', 'La cita ya empezó.']),
  'appointment.already_booked': entry(
    409,
    ['Already booked', 'Ya reservada'],
    ['The visit is booked already.', 'La cita ya está reservada.'],
  ),
  'appointment.already_arrived': entry(409, ['Already arrived', 'Ya llegó'], ['The person has arrived already.', 'La persona ya llegó.']),
  'appointment.already_completed': entry(409, ['Already completed', 'Ya terminó'], ['The visit is completed.', 'La cita ya terminó.']),
  'appointment.already_cancelled': entry(
    409,
    ['Already cancelled', 'Ya cancelada'],
    ['The visit is cancelled.', 'La cita ya está cancelada.'],
  ),
  'appointment.already_no_show': entry(
    409,
    ['No-show', 'No se presentó'],
    ['The visit is marked as a no-show.', 'La cita está marcada como ausencia.'],
  ),
  'appointment.nothing_to_undo': entry(
    409,
    ['Nothing to undo', 'Nada que deshacer'],
    ['Only arrived, completed and no-show can be undone.', 'Solo se puede deshacer «llegó», «terminada» y «ausencia».'],
  ),
  'appointment.undo_too_late': entry(
    409,
    ['Too late to undo', 'Tarde para deshacer'],
    ['It can be undone for 10 minutes only.', 'Solo se puede deshacer durante 10 minutos.'],
  ),
} as const satisfies Record<TransitionRefusal, ProblemEntry> & Record<string, ProblemEntry>;
