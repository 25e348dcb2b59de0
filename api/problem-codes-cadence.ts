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
  'cadence.key_taken': entry(
    409,
    ['Key in use', 'Clave en uso'],
    [
      'You have a cadence of this key: choose another, or change that one.',
      'Ya tiene una secuencia con esta clave: elija otra o cambie aquella.',
    ],
  ),
  'cadence.too_many': entry(
    409,
    ['Too many cadences', 'Demasiadas secuencias'],
    ['Take away a cadence of your own that you no longer use.', 'Quite una secuencia propia que ya no use.'],
  ),
  'cadence.built_in': entry(
    409,
    ['Every business has it', 'Todos los negocios la tienen'],
    [
      'This cadence cannot be taken away: switch it off with enabled: false.',
      'Esta secuencia no se puede quitar: apáguela con enabled: false.',
    ],
  ),
} as const satisfies Record<string, ProblemEntry>;
