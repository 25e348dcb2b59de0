import { email, sms, type Template, type Words } from '../template';
import { STAFF_VISIT } from '../variables';

// What members of staff are told.

const facts = { messageClass: 'staff', variables: STAFF_VISIT, needsWhen: true, speaksOfOptOut: false } as const;
const WHAT = '{% if visit %}: {{ visit }}{% endif %}.';
const WHO_EN = '{{ contact_name | default: "one contact" }}';
const WHO_ES = '{{ contact_name | default: "un contacto" }}';

/** A line about a visit, and in a letter its details. */
const about = (subject: string, says: string): Words => ({
  sms: sms(`${says}${WHAT}`),
  email: email(subject, `${says}.`, '{{ visit_details }}'),
});

export const staffTemplates = {
  staff_new_booking: {
    ...facts,
    words: {
      en: about('New booking: {{ when }}', `New booking: ${WHO_EN}, {{ when }}`),
      es: about('Nueva cita: {{ when }}', `Nueva cita: ${WHO_ES}, {{ when }}`),
    },
  },
  staff_change: {
    ...facts,
    variables: [...STAFF_VISIT, 'old_when'],
    words: {
      en: about(
        'Booking changed: {{ when }}',
        `{% if old_when %}Booking moved: ${WHO_EN}, from {{ old_when }} to {{ when }}{% else %}Booking changed: ${WHO_EN}, {{ when }}{% endif %}`,
      ),
      es: about(
        'Cita cambiada: {{ when }}',
        `Cita cambiada: ${WHO_ES}, {% if old_when %}del {{ old_when }} al {{ when }}{% else %}{{ when }}{% endif %}`,
      ),
    },
  },
  staff_cancellation: {
    ...facts,
    words: {
      en: about('Booking canceled: {{ when }}', `Booking canceled: ${WHO_EN}, {{ when }}`),
      es: about('Cita cancelada: {{ when }}', `Cita cancelada: ${WHO_ES}, {{ when }}`),
    },
  },
  staff_cancel_question: {
    ...facts,
    words: {
      en: about(
        'Does this visit still stand? {{ when }}',
        `${WHO_EN} ended our messages with a word that may mean the visit on {{ when }} too. Nothing was canceled: cancel it if it was meant`,
      ),
      es: about(
        '¿Sigue en pie esta cita? {{ when }}',
        `${WHO_ES} dejó nuestros mensajes con una palabra que también puede referirse a la cita del {{ when }}. Nada se ha cancelado: cancélela si era eso`,
      ),
    },
  },
  staff_daily_schedule: {
    ...facts,
    variables: ['business_name', 'when', 'visits'],
    words: {
      en: {
        sms: sms('{% if visits %}Schedule for {{ when }}: {{ visits }}.{% else %}No visits on {{ when }}.{% endif %}'),
        email: email(
          'Schedule for {{ when }}',
          '{% if visits %}Schedule for {{ when }}.{% else %}No visits on {{ when }}.{% endif %}',
          '{{ visits }}',
        ),
      },
      es: {
        sms: sms('{% if visits %}Agenda del {{ when }}: {{ visits }}.{% else %}No hay citas el {{ when }}.{% endif %}'),
        email: email(
          'Agenda del {{ when }}',
          '{% if visits %}Agenda del {{ when }}.{% else %}No hay citas el {{ when }}.{% endif %}',
          '{{ visits }}',
        ),
      },
    },
  },
} as const satisfies Record<string, Template>;
