import { email, sms, type Template, type TextSource } from '../template';
import { PERSON } from '../variables';

// What a person on the waitlist is told. "1" and "2" are what offer-reply.ts reads.

// Nobody asked for it at that moment: the gate takes it for marketing, and the law wants the way out in it.
const person = { messageClass: 'marketing', variables: PERSON, needsWhen: false, speaksOfOptOut: false } as const;
const offered = {
  ...person,
  variables: [...PERSON, 'staff_name', 'service_name', 'location_name', 'visit', 'visit_details', 'when', 'link'],
  needsWhen: true,
} as const;

const WHAT = '{% if visit %}: {{ visit }}{% endif %}.';
const letter = (subject: string, ...lines: string[]): TextSource => email(subject, '{{ greeting }}', ...lines);

const LOST_EN = 'We are sorry, the time on {{ when }} is no longer free.';
const LOST_ES = 'Lo sentimos, la hora del {{ when }} ya no está libre.';
const REMOVED_EN =
  'We asked you three times and had no answer, so you are no longer on our waitlist. Call or write to us to be on it again.';
const REMOVED_ES =
  'Le preguntamos tres veces sin respuesta, así que ya no está en nuestra lista de espera. Llámenos o escríbanos para volver a ella.';

export const waitlistTemplates = {
  waitlist_offer: {
    ...offered,
    words: {
      en: {
        sms: sms(`You asked for a time, and one is free on {{ when }}${WHAT} Reply 1 to take it or 2 to pass, within 30 minutes.`, {
          greets: true,
          link: 'Take it or pass',
        }),
        email: letter(
          'A time is free: {{ when }}',
          'You asked for a time, and one is free on {{ when }}.',
          'Please answer within 30 minutes: after that the next person is asked.',
          '{{ visit_details }}',
          '[Take it or pass]({{ link }})',
        ),
      },
      es: {
        sms: sms(
          `Usted esperaba una hora y hay una libre el {{ when }}${WHAT} Responda 1 para tomarla o 2 para dejarla pasar, en 30 minutos.`,
          { greets: true, link: 'Tomarla o dejarla' },
        ),
        email: letter(
          'Hay una hora libre: {{ when }}',
          'Usted esperaba una hora y hay una libre el {{ when }}.',
          'Por favor responda en 30 minutos: después le preguntamos a otra persona.',
          '{{ visit_details }}',
          '[Tomarla o dejarla]({{ link }})',
        ),
      },
    },
  },
  waitlist_lost: {
    ...offered,
    variables: [...offered.variables, 'visits'],
    words: {
      en: {
        sms: sms(`${LOST_EN} {% if visits %}The next ones are: {{ visits }}.{% else %}You stay on our waitlist.{% endif %}`, {
          greets: true,
          link: 'Pick a time',
        }),
        email: letter(
          'That time is no longer free',
          `${LOST_EN} {% if visits %}The next ones are:{% else %}You stay on our waitlist.{% endif %}`,
          '{{ visits }}',
          '[Pick a time]({{ link }})',
        ),
      },
      es: {
        sms: sms(`${LOST_ES} {% if visits %}Las próximas son: {{ visits }}.{% else %}Usted sigue en nuestra lista de espera.{% endif %}`, {
          greets: true,
          link: 'Elegir una hora',
        }),
        email: letter(
          'Esa hora ya no está libre',
          `${LOST_ES} {% if visits %}Las próximas son:{% else %}Usted sigue en nuestra lista de espera.{% endif %}`,
          '{{ visits }}',
          '[Elegir una hora]({{ link }})',
        ),
      },
    },
  },
  waitlist_removed: {
    ...person,
    words: {
      en: { sms: sms(`${REMOVED_EN} {{ opt_out }}`, { greets: true }), email: letter('You are no longer on our waitlist', REMOVED_EN) },
      es: { sms: sms(`${REMOVED_ES} {{ opt_out }}`, { greets: true }), email: letter('Ya no está en nuestra lista de espera', REMOVED_ES) },
    },
  },
  waitlist_decline_ack: {
    ...person,
    messageClass: 'reply',
    words: {
      en: {
        sms: sms('Thank you for telling us. You stay on our waitlist.'),
        email: email('You stay on our waitlist', 'Thank you for telling us. You stay on our waitlist.'),
      },
      es: {
        sms: sms('Gracias por avisarnos. Sigue en nuestra lista de espera.'),
        email: email('Sigue en nuestra lista de espera', 'Gracias por avisarnos. Sigue en nuestra lista de espera.'),
      },
    },
  },
} as const satisfies Record<string, Template>;
