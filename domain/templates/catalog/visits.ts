import { email, sms, type Template, type TextSource, type Words } from '../template';
import { PERSON, VISIT } from '../variables';

// What a contact is told about one visit. A new family of rules: a file like this one, and a line in catalog.ts.

const facts = { variables: VISIT, needsWhen: true, speaksOfOptOut: false } as const;
const { notice, reminder } = { notice: { ...facts, messageClass: 'notice' }, reminder: { ...facts, messageClass: 'reminder' } } as const;

/** "…: Haircut with Marco, Main Street." */
const WHAT = '{% if visit %}: {{ visit }}{% endif %}.';
const EN = { greets: true, asks: true, link: 'Details or changes' };
const ES = { greets: true, asks: true, link: 'Detalles o cambios' };
const EN_LINK = '[{% if ask_confirm %}Confirm or change your visit{% else %}Details or changes{% endif %}]({{ link }})';
const ES_LINK = '[{% if ask_confirm %}Confirmar o cambiar su cita{% else %}Detalles o cambios{% endif %}]({{ link }})';
const EN_CALENDAR = '[Add to your calendar]({{ calendar_link }})';
const ES_CALENDAR = '[Agregar a su calendario]({{ calendar_link }})';

/** A letter about a visit: greeting, what there is to say, how to confirm, the visit, links. */
const letter = (subject: string, says: string, ...links: string[]): TextSource =>
  email(subject, '{{ greeting }}', says, '{{ how_to_confirm }}', '{{ visit_details }}', ...links);

const REMINDER_EN: Words = {
  sms: sms(`A reminder of your visit on {{ when }}${WHAT}`, EN),
  email: letter('Reminder: your visit on {{ when }}', 'A reminder of your visit on {{ when }}.', EN_LINK),
};
const REMINDER_ES: Words = {
  sms: sms(`Le recordamos su cita del {{ when }}${WHAT}`, ES),
  email: letter('Recordatorio: su cita del {{ when }}', 'Le recordamos su cita del {{ when }}.', ES_LINK),
};
const REMINDER: Template = { ...reminder, words: { en: REMINDER_EN, es: REMINDER_ES } };

const MOVED_EN =
  '{% if old_when %}Your visit has moved from {{ old_when }} to {{ when }}{% else %}Your visit has changed. It is now on {{ when }}{% endif %}';
const MOVED_ES =
  '{% if old_when %}Su cita pasa del {{ old_when }} al {{ when }}{% else %}Su cita ha cambiado. Ahora es el {{ when }}{% endif %}';

export const visitTemplates = {
  confirmation: {
    ...notice,
    words: {
      en: {
        sms: sms(`Your visit is booked for {{ when }}${WHAT}`, EN),
        email: letter('Your visit is booked: {{ when }}', 'Your visit is booked for {{ when }}.', EN_LINK, EN_CALENDAR),
      },
      es: {
        sms: sms(`Su cita queda reservada para el {{ when }}${WHAT}`, ES),
        email: letter('Su cita queda reservada: {{ when }}', 'Su cita queda reservada para el {{ when }}.', ES_LINK, ES_CALENDAR),
      },
    },
  },
  '7d': REMINDER,
  '3d': REMINDER,
  '1d': REMINDER,
  '2h': {
    ...reminder,
    // Not "in two hours": quiet hours may have moved the message (R4).
    words: {
      en: {
        sms: sms(`See you soon. Your visit is on {{ when }}${WHAT}`, EN),
        email: letter('See you soon: {{ when }}', 'See you soon. Your visit is on {{ when }}.', EN_LINK),
      },
      es: {
        sms: sms(`Le esperamos pronto. Su cita es el {{ when }}${WHAT}`, ES),
        email: letter('Le esperamos: {{ when }}', 'Le esperamos pronto. Su cita es el {{ when }}.', ES_LINK),
      },
    },
  },
  change_notice: {
    ...notice,
    variables: [...VISIT, 'old_when'],
    words: {
      en: {
        sms: sms(`${MOVED_EN}${WHAT}`, EN),
        email: letter('Your visit has changed: {{ when }}', `${MOVED_EN}.`, EN_LINK, EN_CALENDAR),
      },
      es: {
        sms: sms(`${MOVED_ES}${WHAT}`, ES),
        email: letter('Su cita ha cambiado: {{ when }}', `${MOVED_ES}.`, ES_LINK, ES_CALENDAR),
      },
    },
  },
  cancellation_notice: {
    ...notice,
    words: {
      en: {
        sms: sms(`Your visit on {{ when }} is canceled${WHAT}`, { greets: true, link: 'Book again' }),
        email: email(
          'Your visit on {{ when }} is canceled',
          '{{ greeting }}',
          'Your visit on {{ when }} is canceled.',
          '{{ visit_details }}',
          '[Book again]({{ link }})',
        ),
      },
      es: {
        sms: sms(`Su cita del {{ when }} queda cancelada${WHAT}`, { greets: true, link: 'Reservar otra vez' }),
        email: email(
          'Su cita del {{ when }} queda cancelada',
          '{{ greeting }}',
          'Su cita del {{ when }} queda cancelada.',
          '{{ visit_details }}',
          '[Reservar otra vez]({{ link }})',
        ),
      },
    },
  },
  no_show_followup: {
    ...notice,
    variables: [...PERSON, 'when', 'service_name', 'staff_name', 'location_name', 'link'],
    words: {
      en: {
        sms: sms('We missed you on {{ when }}. We would be glad to see you another day.', { greets: true, link: 'Pick a new time' }),
        email: email(
          'We missed you',
          '{{ greeting }}',
          'We missed you on {{ when }}. We would be glad to see you another day.',
          '[Pick a new time]({{ link }})',
        ),
      },
      es: {
        sms: sms('No pudimos verle el {{ when }}. Nos gustaría atenderle otro día.', { greets: true, link: 'Elegir otra hora' }),
        email: email(
          'No pudimos verle',
          '{{ greeting }}',
          'No pudimos verle el {{ when }}. Nos gustaría atenderle otro día.',
          '[Elegir otra hora]({{ link }})',
        ),
      },
    },
  },
} as const satisfies Record<string, Template>;
