import type { Locale } from '../../domain/message';
import type { FindingCode } from '../../domain/templates/check';

/** What is wrong, for the person who writes. Where it stands and what could stand there instead are beside it. */
export const FINDING_WORDS: Record<FindingCode, Record<Locale, string>> = {
  liquid_syntax: {
    en: 'This is not valid here. Use {{ variable }} and {% if variable %} … {% endif %}.',
    es: 'Esto no es válido aquí. Use {{ variable }} y {% if variable %} … {% endif %}.',
  },
  unknown_variable: { en: 'This template has no such variable.', es: 'Esta plantilla no tiene esa variable.' },
  missing_language: { en: 'Both English and Spanish are needed.', es: 'Se necesitan el inglés y el español.' },
  missing_subject: { en: 'An e-mail needs a subject.', es: 'Un correo necesita un asunto.' },
  empty_text: { en: 'There is no text.', es: 'No hay texto.' },
  too_long: {
    en: 'A text message may have 1,600 characters, an e-mail 10,000.',
    es: 'Un mensaje de texto admite 1,600 caracteres, un correo 10,000.',
  },
  opt_out_missing: {
    en: 'A marketing text must say how to opt out.',
    es: 'Un mensaje de marketing debe decir cómo dejar de recibirlos.',
  },
  carrier_word_requested: {
    en: 'Carriers take this word for an opt-out and block the number. Ask for 1 or C, 2 or R, or offer the link.',
    es: 'Los operadores toman esta palabra como baja y bloquean el número. Pida 1 o C, 2 o R, u ofrezca el enlace.',
  },
  business_not_named: { en: 'A text message must say who writes.', es: 'Un mensaje de texto debe decir quién escribe.' },
  when_missing: { en: 'It does not say when the visit is.', es: 'No dice cuándo es la cita.' },
  non_gsm_characters: {
    en: 'These characters make a text more than twice as dear. A plainer spelling costs less.',
    es: 'Estos caracteres encarecen el mensaje a más del doble. Una escritura más sencilla cuesta menos.',
  },
  several_segments: { en: 'The text is long: each segment is paid for.', es: 'El texto es largo: se paga por cada segmento.' },
  shared_short_link: {
    en: 'Carriers block addresses of public link shorteners.',
    es: 'Los operadores bloquean las direcciones de acortadores públicos.',
  },
};
