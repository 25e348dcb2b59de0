import { email, sms, type Template, type TextSource } from '../template';
import { PERSON } from '../variables';

// What follows somebody up (R52). An answer ends it, so each text asks for one; the law wants the way out in it.

const person = { messageClass: 'marketing', variables: PERSON, needsWhen: false, speaksOfOptOut: false } as const;
/** About the visit that they missed: its page books another. */
const missed = { ...person, variables: [...PERSON, 'when', 'service_name', 'link'] } as const;

const letter = (subject: string, ...lines: string[]): TextSource => email(subject, '{{ greeting }}', ...lines);
const text = (says: string): TextSource => sms(`${says} {{ opt_out }}`, { greets: true });

const EN_CALL = 'Just answer this e-mail{% if phone %} or call {{ phone }}{% endif %}.';
const ES_CALL = 'Responda a este correo{% if phone %} o llame al {{ phone }}{% endif %}.';
const EN_LINK = '[Pick a new time]({{ link }})';
const ES_LINK = '[Elegir otra hora]({{ link }})';

/** A template of plain words: a text, and a letter that says the same with a subject. */
const plain = (en: { says: string; subject: string }, es: { says: string; subject: string }): Template => ({
  ...person,
  words: {
    en: { sms: text(`${en.says} Reply to this text and we will help.`), email: letter(en.subject, en.says, EN_CALL) },
    es: { sms: text(`${es.says} Responda y le ayudamos.`), email: letter(es.subject, es.says, ES_CALL) },
  },
});

const again = (en: { says: string; subject: string }, es: { says: string; subject: string }): Template => ({
  ...missed,
  words: {
    en: { sms: sms(en.says, { greets: true, link: 'Pick a new time' }), email: letter(en.subject, en.says, EN_LINK) },
    es: { sms: sms(es.says, { greets: true, link: 'Elegir otra hora' }), email: letter(es.subject, es.says, ES_LINK) },
  },
});

export const cadenceTemplates = {
  cadence_never_answered_1: plain(
    { says: 'We tried to reach you about your enquiry. When would suit you?', subject: 'About your enquiry' },
    { says: 'Intentamos comunicarnos por su consulta. ¿Cuándo le viene bien?', subject: 'Sobre su consulta' },
  ),
  cadence_never_answered_2: plain(
    { says: 'Are you still looking for a time? We would be glad to find one for you.', subject: 'Still looking for a time?' },
    { says: '¿Todavía busca una hora? Con gusto le encontramos una.', subject: '¿Todavía busca una hora?' },
  ),
  cadence_never_answered_3: plain(
    { says: 'This is our last message about your enquiry. We are here whenever you need us.', subject: 'We are here when you need us' },
    { says: 'Este es nuestro último mensaje sobre su consulta. Aquí estamos cuando nos necesite.', subject: 'Aquí estamos' },
  ),
  cadence_no_show_1: again(
    {
      says: '{% if when %}Your visit on {{ when }} did not take place. {% endif %}Would another day suit you better?',
      subject: 'Would another day suit you?',
    },
    {
      says: '{% if when %}Su cita del {{ when }} no se realizó. {% endif %}¿Le viene mejor otro día?',
      subject: '¿Le viene mejor otro día?',
    },
  ),
  cadence_no_show_2: again(
    { says: 'We would still be glad to see you. Shall we find you a new time?', subject: 'Shall we find you a new time?' },
    { says: 'Nos gustaría mucho atenderle. ¿Le buscamos otra hora?', subject: '¿Le buscamos otra hora?' },
  ),
  cadence_winback_1: plain(
    { says: 'It has been a while since your last visit. Would you like to come again?', subject: 'It has been a while' },
    { says: 'Hace tiempo que no nos visita. ¿Le gustaría volver?', subject: 'Hace tiempo que no nos visita' },
  ),
  cadence_winback_2: plain(
    { says: 'We would be glad to see you again. Tell us which day suits you.', subject: 'We would be glad to see you again' },
    { says: 'Nos gustaría verle de nuevo. Díganos qué día le viene bien.', subject: 'Nos gustaría verle de nuevo' },
  ),
} satisfies Record<string, Template>;
