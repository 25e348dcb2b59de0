import { entry, type ProblemEntry } from './problem-entry';

/** What may be refused of the waitlist (R60). */
export const WAITLIST_PROBLEMS = {
  'waitlist.slot_not_free': entry(
    409,
    ['Time is not free', 'La hora no está libre'],
    [
      'That time is booked or outside working hours: there is nothing to offer.',
      'Esa hora está ocupada o fuera de horario: no hay nada que ofrecer.',
    ],
  ),
  'waitlist.too_close': entry(
    422,
    ['Too close', 'Demasiado pronto'],
    ['A time is offered at least 60 minutes ahead.', 'Una hora se ofrece con al menos 60 minutos de anticipación.'],
  ),
  'waitlist.entry_closed': entry(
    409,
    ['No longer on the list', 'Ya no está en la lista'],
    ['This entry is booked or removed. Make a new one.', 'Esta entrada ya tiene cita o fue quitada. Cree una nueva.'],
  ),
  'waitlist.offer_ended': entry(
    409,
    ['Offer has ended', 'La oferta terminó'],
    [
      'This offer has ended: it ran out, was withdrawn, or somebody else was faster.',
      'Esta oferta terminó: venció, se retiró u otra persona respondió antes.',
    ],
  ),
} as const satisfies Record<string, ProblemEntry>;
