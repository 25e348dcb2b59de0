import type { Locale } from '../../../domain/message';

/** How an offer stands, for the person who has it. */
export type OfferState = 'open' | 'yours' | 'declined' | 'gone';

/** What the page says after a tap. */
export type Said = 'late' | 'taken' | 'again' | 'booked';

type OfferWords = {
  title: (business: string) => string;
  states: Record<OfferState, { label: string; text: string }>;
  /** Until when to answer. */
  until: (hour: string) => string;
  take: string;
  pass: string;
  /** The way to the visit's own page. */
  toVisit: string;
  nextTitle: string;
  nextNone: string;
  nextPick: string;
  /** Who was booked by another way. */
  booked: string;
  said: Record<Said, string>;
};

const WORDS: Record<Locale, OfferWords> = {
  en: {
    title: (business) => `A free time at ${business}`,
    states: {
      open: { label: 'Free', text: 'You asked to hear of a free time. Would you like this one?' },
      yours: { label: 'Booked', text: 'This time is yours. See you then!' },
      declined: { label: 'Passed', text: 'You let this time pass and stay on the waitlist.' },
      gone: { label: 'No longer free', text: 'We are sorry: this time is not offered to you any more.' },
    },
    until: (hour) => `Please answer by ${hour}: after that the next person is asked.`,
    take: 'Yes, book it for me',
    pass: 'No, thank you',
    toVisit: 'See or change my visit',
    nextTitle: 'The next free times',
    nextNone: 'There are no free times in the next two weeks. You stay on the waitlist.',
    nextPick: 'Tap a time to book it.',
    booked: 'You are no longer on the waitlist for this.',
    said: {
      booked: 'Done: your visit is booked. A confirmation is on its way.',
      late: 'That time was given to somebody else a moment ago.',
      taken: 'That time is not free any more. Nothing was booked.',
      again: 'Somebody else was changing this. Nothing was done. Please try again.',
    },
  },
  es: {
    title: (business) => `Una hora libre en ${business}`,
    states: {
      open: { label: 'Libre', text: 'Usted pidió que le avisáramos. ¿Quiere esta hora?' },
      yours: { label: 'Reservada', text: 'Esta hora es suya. ¡Le esperamos!' },
      declined: { label: 'La dejó pasar', text: 'Dejó pasar esta hora y sigue en la lista de espera.' },
      gone: { label: 'Ya no está libre', text: 'Lo sentimos: esta hora ya no se le ofrece.' },
    },
    until: (hour) => `Por favor responda antes de las ${hour}: después le preguntamos a otra persona.`,
    take: 'Sí, resérvela para mí',
    pass: 'No, gracias',
    toVisit: 'Ver o cambiar mi cita',
    nextTitle: 'Las próximas horas libres',
    nextNone: 'No hay horas libres en las próximas dos semanas. Usted sigue en la lista de espera.',
    nextPick: 'Toque una hora para reservarla.',
    booked: 'Ya no está en la lista de espera para esto.',
    said: {
      booked: 'Listo: su cita queda reservada. Le enviamos una confirmación.',
      late: 'Esa hora se le dio a otra persona hace un momento.',
      taken: 'Esa hora ya no está libre. No se reservó nada.',
      again: 'Otra persona estaba cambiando esto. No se hizo nada. Inténtelo otra vez.',
    },
  },
};

/** What the page of a waitlist offer says in a language. */
export const offerWords = (locale: Locale): OfferWords => WORDS[locale];
