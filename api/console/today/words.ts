import type { NeedsPerson } from '../../../domain/conversation';
import type { Locale } from '../../../domain/message';

type TodayWords = {
  today: string;
  visits: (day: string) => string;
  none: string;
  noneHint: string;
  book: string;
  before: string;
  after: string;
  days: string;
  print: string;
  columns: { time: string; contact: string; service: string; staff: string; status: string; actions: string };
  summary: (count: { ahead: number; here: number; done: number }) => string;
  needs: string;
  needsNone: string;
  wrote: (name: string) => string;
  why: Record<NeedsPerson, string>;
  unread: (count: number) => string;
  seeVisit: string;
  about: (what: string, name: string | null) => string;
  gaps: string;
  gapsNone: string;
  gap: (staff: string, service: string) => string;
  waiting: (count: number) => string;
  offer: string;
  offered: string;
  note: string;
};

const english: TodayWords = {
  today: 'Today',
  visits: (day) => `Visits on ${day}`,
  none: 'No visits on this day.',
  noneHint: 'Book one here, or let people book by the links in their messages.',
  book: 'Book a visit',
  before: 'Day before',
  after: 'Day after',
  days: 'Days',
  print: 'Day sheet to print',
  columns: { time: 'Time', contact: 'Contact', service: 'Service', staff: 'With', status: 'Status', actions: 'Now' },
  summary: ({ ahead, here, done }) => `${String(ahead)} to come, ${String(here)} here, ${String(done)} done`,
  needs: 'Needs a person',
  needsNone: 'Nothing: every message went out and nobody waits for an answer.',
  wrote: (name) => `${name} wrote.`,
  why: { message: 'Waits for an answer.', cancel_visit: 'May want to cancel a visit.', loop: 'A machine seems to answer our messages.' },
  unread: (count) => (count === 1 ? 'One unread message.' : `${String(count)} unread messages.`),
  seeVisit: 'See the visit',
  about: (what, name) => `${name === null ? what : `${what} to ${name}`}.`,
  gaps: 'Free times the waitlist could fill',
  gapsNone: 'None: no free time today suits anybody on the waitlist.',
  gap: (staff, service) => `${service} with ${staff}`,
  waiting: (count) => (count === 1 ? 'One person waits for this.' : `${String(count)} people wait for this.`),
  offer: 'Offer it',
  offered: 'It is offered, to one after the other: 30 minutes each.',
  note: 'Note',
};

const spanish: TodayWords = {
  today: 'Hoy',
  visits: (day) => `Citas del ${day}`,
  none: 'No hay citas este día.',
  noneHint: 'Reserve una aquí, o deje que la gente reserve con los enlaces de sus mensajes.',
  book: 'Reservar una cita',
  before: 'Día anterior',
  after: 'Día siguiente',
  days: 'Días',
  print: 'Hoja del día para imprimir',
  columns: { time: 'Hora', contact: 'Persona', service: 'Servicio', staff: 'Con', status: 'Estado', actions: 'Ahora' },
  summary: ({ ahead, here, done }) => `${String(ahead)} por venir, ${String(here)} aquí, ${String(done)} terminadas`,
  needs: 'Necesita a una persona',
  needsNone: 'Nada: todos los mensajes salieron y nadie espera respuesta.',
  wrote: (name) => `${name} escribió.`,
  why: {
    message: 'Espera respuesta.',
    cancel_visit: 'Quizás quiere cancelar una cita.',
    loop: 'Parece que una máquina responde a nuestros mensajes.',
  },
  unread: (count) => (count === 1 ? 'Un mensaje sin leer.' : `${String(count)} mensajes sin leer.`),
  seeVisit: 'Ver la cita',
  about: (what, name) => `${name === null ? what : `${what} a ${name}`}.`,
  gaps: 'Horas libres que la lista de espera podría llenar',
  gapsNone: 'Ninguna: ninguna hora libre de hoy le sirve a alguien de la lista de espera.',
  gap: (staff, service) => `${service} con ${staff}`,
  waiting: (count) => (count === 1 ? 'Una persona espera esto.' : `${String(count)} personas esperan esto.`),
  offer: 'Ofrecer',
  offered: 'Se ofrece, a una persona tras otra: 30 minutos cada una.',
  note: 'Nota',
};

export const todayWords = (locale: Locale): TodayWords => (locale === 'es' ? spanish : english);
