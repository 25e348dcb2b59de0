import { entry, type ProblemEntry } from './problem-entry';

/** What may be refused of wording (R8, R20, R32). */
export const TEMPLATE_PROBLEMS = {
  'template.mistakes': entry(
    422,
    ['Mistakes in the template', 'Errores en la plantilla'],
    ['The words cannot be saved so: see findings.', 'Las palabras no se pueden guardar así: vea findings.'],
  ),
  'template.fixed': entry(
    409,
    ['Fixed words', 'Palabras fijas'],
    ['The law prescribes what this message says.', 'La ley prescribe lo que dice este mensaje.'],
  ),
  'template.too_many': entry(
    409,
    ['Too many templates', 'Demasiadas plantillas'],
    ['Take away a template of your own that you no longer use.', 'Quite una plantilla propia que ya no use.'],
  ),
  'template.in_cadence': entry(
    409,
    ['In a cadence', 'En una secuencia'],
    [
      'A step of a cadence says it, and a cadence has templates of one class: give that step another template first.',
      'Un paso de una secuencia la usa, y una secuencia tiene plantillas de una sola clase: dé antes otra plantilla a ese paso.',
    ],
  ),
  'message.advertises': entry(
    422,
    ['It advertises', 'Es publicidad'],
    [
      'These words make an offer: send them as marketing, to people who agreed to that in writing.',
      'Estas palabras hacen una oferta: envíelas como marketing, a quienes lo aceptaron por escrito.',
    ],
  ),
} as const satisfies Record<string, ProblemEntry>;
