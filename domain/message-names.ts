import type { Locale, MessageRule } from './message';

/** What people call a message: "7-day reminder". */
const NAMES: Record<MessageRule, Record<Locale, string>> = {
  confirmation: { en: 'Confirmation', es: 'Confirmación' },
  '7d': { en: '7-day reminder', es: 'Recordatorio de 7 días' },
  '3d': { en: '3-day reminder', es: 'Recordatorio de 3 días' },
  '1d': { en: '1-day reminder', es: 'Recordatorio de 1 día' },
  '2h': { en: '2-hour reminder', es: 'Recordatorio de 2 horas' },
  change_notice: { en: 'Change notice', es: 'Aviso de cambio' },
  cancellation_notice: { en: 'Cancellation notice', es: 'Aviso de cancelación' },
  no_show_followup: { en: 'No-show follow-up', es: 'Seguimiento por ausencia' },
  staff_new_booking: { en: 'New booking', es: 'Nueva cita' },
  staff_change: { en: 'Booking changed', es: 'Cita cambiada' },
  staff_cancellation: { en: 'Booking canceled', es: 'Cita cancelada' },
  staff_cancel_question: { en: 'Cancel the visit?', es: '¿Cancelar la cita?' },
  staff_daily_schedule: { en: 'Schedule of the day', es: 'Agenda del día' },
  confirm_ack: { en: 'Answer: confirmed', es: 'Respuesta: confirmada' },
  which_visit: { en: 'Answer: which visit?', es: 'Respuesta: ¿qué cita?' },
  reschedule_link: { en: 'Answer: pick another time', es: 'Respuesta: elija otra hora' },
  opt_out_ack: { en: 'Answer: opted out', es: 'Respuesta: baja' },
  opt_in_ack: { en: 'Answer: opted in', es: 'Respuesta: alta' },
  help: { en: 'Answer: help', es: 'Respuesta: ayuda' },
  handoff: { en: 'Answer: a person takes over', es: 'Respuesta: atiende una persona' },
  manual: { en: 'Written by hand', es: 'Escrito a mano' },
  sign_in_link: { en: 'Link to sign in', es: 'Enlace para iniciar sesión' },
  template_test: { en: 'Test of a template', es: 'Prueba de una plantilla' },
  waitlist_offer: { en: 'Waitlist: a free time', es: 'Lista de espera: hora libre' },
  waitlist_lost: { en: 'Waitlist: no longer free', es: 'Lista de espera: ya no está libre' },
  waitlist_removed: { en: 'Waitlist: taken off', es: 'Lista de espera: fuera de la lista' },
  waitlist_decline_ack: { en: 'Answer: stays on the waitlist', es: 'Respuesta: sigue en la lista de espera' },
  cadence_never_answered_1: { en: 'Never answered: 1', es: 'Sin respuesta: 1' },
  cadence_never_answered_2: { en: 'Never answered: 2', es: 'Sin respuesta: 2' },
  cadence_never_answered_3: { en: 'Never answered: 3', es: 'Sin respuesta: 3' },
  cadence_no_show_1: { en: 'No-show recovery: 1', es: 'Recuperar ausencia: 1' },
  cadence_no_show_2: { en: 'No-show recovery: 2', es: 'Recuperar ausencia: 2' },
  cadence_winback_1: { en: 'Winback: 1', es: 'Reencuentro: 1' },
  cadence_winback_2: { en: 'Winback: 2', es: 'Reencuentro: 2' },
  cadence_step: { en: 'Cadence: a step', es: 'Secuencia: un paso' },
};

export const messageName = (rule: MessageRule, locale: Locale): string => NAMES[rule][locale];

/** All of them in one language. */
export const namesIn = (locale: Locale): Record<MessageRule, string> =>
  Object.fromEntries(Object.entries(NAMES).map(([rule, names]) => [rule, names[locale]])) as Record<MessageRule, string>;
