import type { Locale } from '../../../domain/message';
import { PHONE_NEEDED } from '../../phone';
import { PROBLEMS, type ProblemCode } from '../../problem-codes';
import { IN_THE_PAST } from '../../problem-codes-appointment';

type Words = Record<Locale, string>;

/** What a problem says to whoever sits at the desk, where its own words are for who writes programs. */
const DETAILS: Partial<Record<ProblemCode, Words>> = {
  invalid: { en: 'Something here is missing or cannot be so.', es: 'Aquí falta algo o algo no puede ser así.' },
  conflict: {
    en: 'That time is not free any more. Pick another time or another person.',
    es: 'Esa hora ya no está libre. Elija otra hora u otra persona.',
  },
  changed_meanwhile: {
    en: 'Somebody changed this meanwhile, so nothing was done. This is how it stands now.',
    es: 'Alguien cambió esto mientras tanto, así que no se hizo nada. Así está ahora.',
  },
  idempotency_key_reused: {
    en: 'This form was sent already. Open the page again before you send something else.',
    es: 'Este formulario ya se envió. Abra la página otra vez antes de enviar otra cosa.',
  },
  unknown_reference: {
    en: 'Something that was chosen here does not exist any more. Open the page again.',
    es: 'Algo de lo elegido aquí ya no existe. Abra la página otra vez.',
  },
  cross_site: {
    en: 'This form must come from this site, and from your own log-in. Open the page again and repeat it.',
    es: 'Este formulario debe venir de este sitio y de su propia sesión. Abra la página otra vez y repítalo.',
  },
  too_many: { en: 'Too much at once. Wait a little and try again.', es: 'Demasiado de una vez. Espere un poco e inténtelo de nuevo.' },
};

/** The same for single fields, by the words that a client of the API reads. */
const FIELDS: Record<string, Words> = {
  [PHONE_NEEDED]: {
    en: 'This is no phone number. Write it as (212) 555-0100 or +12125550100',
    es: 'Esto no es un número de teléfono. Escríbalo como (212) 555-0100 o +12125550100',
  },
  [IN_THE_PAST]: { en: 'This time has passed', es: 'Esta hora ya pasó' },
};

/** What is said of a refusal, in a page. */
export const refusalWords = (code: ProblemCode, locale: Locale): string => (DETAILS[code] ?? PROBLEMS[code].detail)[locale];

/** What is said of one field, in a page. */
export const fieldWords = (message: string, locale: Locale): string => FIELDS[message]?.[locale] ?? message;
