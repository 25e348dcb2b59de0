import { entry, type ProblemEntry } from './problem-entry';

/** What may be refused of cadences (R52). */
export const CADENCE_PROBLEMS = {
  'cadence.outranked': entry(
    409,
    ['In another cadence', 'Ya está en otra secuencia'],
    [
      'This person is in a cadence of the same or a higher priority: stop that one first.',
      'Esta persona está en una secuencia de igual o mayor prioridad: deténgala primero.',
    ],
  ),
  'cadence.off': entry(
    409,
    ['Cadence is off', 'La secuencia está apagada'],
    ['This cadence is switched off: enable it first.', 'Esta secuencia está apagada: actívela primero.'],
  ),
  'cadence.not_enrolled': entry(
    404,
    ['Never in this cadence', 'Nunca estuvo en esta secuencia'],
    ['This person was never in this cadence.', 'Esta persona nunca estuvo en esta secuencia.'],
  ),
} as const satisfies Record<string, ProblemEntry>;
