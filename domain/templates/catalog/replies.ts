import { email, sms, type Template } from '../template';
import { PERSON } from '../variables';

// Answers to what a contact wrote.

const facts = { messageClass: 'reply', variables: PERSON, needsWhen: false, speaksOfOptOut: false } as const;
const ofVisit = { ...facts, variables: [...PERSON, 'when', 'link'], needsWhen: true } as const;
const ofOptOut = { ...facts, speaksOfOptOut: true } as const;

const LINK_EN =
  '{% if link %}Pick another time for your visit on {{ when }}.{% else %}We will write to you about another time for your visit on {{ when }}.{% endif %}';
const LINK_ES =
  '{% if link %}Elija otra hora para su cita del {{ when }}.{% else %}Le escribiremos para buscar otra hora para su cita del {{ when }}.{% endif %}';
const HELP_EN =
  'We write to you about your visits. {% if phone %}For help call {{ phone }}.{% else %}For help write to us here.{% endif %}';
const HELP_ES =
  'Le escribimos sobre sus citas. {% if phone %}Para ayuda llame al {{ phone }}.{% else %}Para ayuda escríbanos aquí.{% endif %}';

export const replyTemplates = {
  confirm_ack: {
    ...ofVisit,
    words: {
      en: {
        sms: sms('Thank you. Your visit on {{ when }} is confirmed.'),
        email: email('Your visit is confirmed', 'Thank you. Your visit on {{ when }} is confirmed.'),
      },
      es: {
        sms: sms('Gracias. Su cita del {{ when }} queda confirmada.'),
        email: email('Su cita queda confirmada', 'Gracias. Su cita del {{ when }} queda confirmada.'),
      },
    },
  },
  which_visit: {
    ...facts,
    variables: [...PERSON, 'choices', 'link'],
    words: {
      en: {
        sms: sms(
          'Which visit do you mean? {% if choices %}{{ choices }}.{% endif %} Reply C and its number to confirm (C1), R and its number to reschedule (R1).',
        ),
        email: email('Which visit do you mean?', 'Which visit do you mean?', '{{ choices }}', '[Your visits]({{ link }})'),
      },
      es: {
        sms: sms(
          '¿A qué cita se refiere? {% if choices %}{{ choices }}.{% endif %} Responda C y su número para confirmarla (C1), R y su número para cambiarla (R1).',
        ),
        email: email('¿A qué cita se refiere?', '¿A qué cita se refiere?', '{{ choices }}', '[Sus citas]({{ link }})'),
      },
    },
  },
  reschedule_link: {
    ...ofVisit,
    words: {
      en: {
        sms: sms(LINK_EN, { link: 'Pick a time' }),
        email: email('Another time for your visit', LINK_EN, '[Pick a time]({{ link }})'),
      },
      es: {
        sms: sms(LINK_ES, { link: 'Elegir la hora' }),
        email: email('Otra hora para su cita', LINK_ES, '[Elegir la hora]({{ link }})'),
      },
    },
  },
  opt_out_ack: {
    ...ofOptOut,
    words: {
      en: {
        sms: sms('You will get no more automatic messages from us. Reply START to get them again.'),
        email: email('You will get no more messages', 'You will get no more automatic messages from us.'),
      },
      es: {
        sms: sms('Ya no recibirá nuestros mensajes automáticos. Responda START para recibirlos otra vez.'),
        email: email('Ya no recibirá mensajes', 'Ya no recibirá nuestros mensajes automáticos.'),
      },
    },
  },
  opt_in_ack: {
    ...ofOptOut,
    words: {
      en: {
        sms: sms('You will get our messages again. Reply HELP for help, STOP to opt out.'),
        email: email('You will get our messages again', 'You will get our messages again.'),
      },
      es: {
        sms: sms('Recibirá nuestros mensajes otra vez. Responda HELP para ayuda, STOP para no recibir más.'),
        email: email('Recibirá nuestros mensajes otra vez', 'Recibirá nuestros mensajes otra vez.'),
      },
    },
  },
  help: {
    ...ofOptOut,
    words: {
      en: {
        sms: sms(`${HELP_EN} Reply STOP to opt out. Message and data rates may apply.`),
        email: email('Help', HELP_EN),
      },
      es: {
        sms: sms(`${HELP_ES} Responda STOP para no recibir más. Su operador puede cobrar por mensajes y datos.`),
        email: email('Ayuda', HELP_ES),
      },
    },
  },
  handoff: {
    ...facts,
    words: {
      en: {
        sms: sms('Thank you for your message. Somebody from our team will answer you.'),
        email: email('Thank you for your message', 'Thank you for your message. Somebody from our team will answer you.'),
      },
      es: {
        sms: sms('Gracias por su mensaje. Una persona de nuestro equipo le responderá.'),
        email: email('Gracias por su mensaje', 'Gracias por su mensaje. Una persona de nuestro equipo le responderá.'),
      },
    },
  },
} as const satisfies Record<string, Template>;
