import type { AppointmentStatus } from '../../../domain/appointment';
import type { Locale } from '../../../domain/message';

export type DeskWords = {
  signIn: string;
  email: string;
  password: string;
  wrong: string;
  tooMany: string;
  signOut: string;
  today: string;
  visits: (day: string) => string;
  none: string;
  /** Only where there is a handset. */
  noneYet: string;
  before: string;
  after: string;
  columns: { time: string; contact: string; service: string; staff: string; status: string };
  statuses: Record<AppointmentStatus, string>;
  messages: string;
  noMessages: string;
  by: (channel: string) => string;
  to: (name: string) => string;
  back: string;
};

const english: DeskWords = {
  signIn: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  wrong: 'E-mail or password is wrong.',
  tooMany: 'Too many attempts. Wait ten minutes and try again.',
  signOut: 'Sign out',
  today: 'Today',
  visits: (day) => `Visits on ${day}`,
  none: 'No visits on this day.',
  noneYet: 'Book one through the API or on the handset.',
  before: 'Day before',
  after: 'Day after',
  columns: { time: 'Time', contact: 'Contact', service: 'Service', staff: 'With', status: 'Status' },
  statuses: {
    held: 'Held',
    booked: 'Booked',
    confirmed: 'Confirmed',
    arrived: 'Arrived',
    completed: 'Completed',
    cancelled: 'Canceled',
    no_show: 'No-show',
    expired: 'Expired',
  },
  messages: 'Messages of this visit',
  noMessages: 'Nothing is planned yet. A visit is planned within a second of its booking.',
  by: (channel) => `by ${channel}`,
  to: (name) => `to ${name}`,
  back: 'Back to the day',
};

const spanish: DeskWords = {
  signIn: 'Iniciar sesión',
  email: 'Correo',
  password: 'Contraseña',
  wrong: 'El correo o la contraseña no son correctos.',
  tooMany: 'Demasiados intentos. Espere diez minutos y vuelva a intentarlo.',
  signOut: 'Cerrar sesión',
  today: 'Hoy',
  visits: (day) => `Citas del ${day}`,
  none: 'No hay citas este día.',
  noneYet: 'Reserve una con la API o en el teléfono de prueba.',
  before: 'Día anterior',
  after: 'Día siguiente',
  columns: { time: 'Hora', contact: 'Persona', service: 'Servicio', staff: 'Con', status: 'Estado' },
  statuses: {
    held: 'Apartada',
    booked: 'Reservada',
    confirmed: 'Confirmada',
    arrived: 'Llegó',
    completed: 'Completada',
    cancelled: 'Cancelada',
    no_show: 'No vino',
    expired: 'Vencida',
  },
  messages: 'Mensajes de esta cita',
  noMessages: 'Aún no hay nada planeado. Una cita se planea en menos de un segundo.',
  by: (channel) => `por ${channel}`,
  to: (name) => `a ${name}`,
  back: 'Volver al día',
};

export const deskWords = (locale: Locale): DeskWords => (locale === 'es' ? spanish : english);
