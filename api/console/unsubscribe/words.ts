import type { Locale } from '../../../domain/message';
import type { Scope } from '../../unsubscribing';

type Words = {
  title: (business: string) => string;
  lead: (address: string) => string;
  question: string;
  scopes: Record<Scope, { label: string; note: string }>;
  button: string;
  done: { title: string; texts: Record<Scope, (business: string) => string> };
  undo: { question: string; button: string; title: string; text: (business: string) => string };
};

const english: Words = {
  title: (business) => `E-mails from ${business}`,
  lead: (address) => `They go to ${address}.`,
  question: 'Which e-mails do you want to end?',
  scopes: {
    marketing: { label: 'Offers and news', note: 'You still get e-mails about your own visits.' },
    all: { label: 'All e-mails', note: 'Also those about your own visits, such as reminders.' },
  },
  button: 'Unsubscribe',
  done: {
    title: 'You are unsubscribed',
    texts: {
      marketing: (business) => `${business} will send you no more offers or news by e-mail. You need not do anything else.`,
      all: (business) => `${business} will send you no more e-mails. You need not do anything else.`,
    },
  },
  undo: {
    question: 'Was that a mistake?',
    button: 'Undo',
    title: 'You get e-mails again',
    text: (business) => `${business} may write to you as before.`,
  },
};

const spanish: Words = {
  title: (business) => `Correos de ${business}`,
  lead: (address) => `Llegan a ${address}.`,
  question: '¿Qué correos ya no quiere recibir?',
  scopes: {
    marketing: { label: 'Ofertas y novedades', note: 'Seguirá recibiendo correos sobre sus propias citas.' },
    all: { label: 'Todos los correos', note: 'También los de sus propias citas, como los recordatorios.' },
  },
  button: 'Darme de baja',
  done: {
    title: 'Se ha dado de baja',
    texts: {
      marketing: (business) => `${business} ya no le enviará ofertas ni novedades por correo. No tiene que hacer nada más.`,
      all: (business) => `${business} ya no le enviará correos. No tiene que hacer nada más.`,
    },
  },
  undo: {
    question: '¿Fue un error?',
    button: 'Deshacer',
    title: 'Vuelve a recibir correos',
    text: (business) => `${business} puede escribirle como antes.`,
  },
};

/** What the pages that end e-mails say in a language. */
export const unsubscribeWords = (locale: Locale): Words => ({ en: english, es: spanish })[locale];
