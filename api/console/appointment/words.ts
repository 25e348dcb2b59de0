import type { AppointmentStatus, HandAction } from '../../../domain/appointment';
import type { Locale } from '../../../domain/message';

export type VisitWords = {
  statuses: Record<AppointmentStatus, string>;
  actions: Record<HandAction, string>;
  /** What a page says after it. */
  said: Record<HandAction, string>;
  day: string;
  with: string;
  service: string;
  phone: string;
  note: string;
  messages: string;
  noMessages: string;
  byChannel: (channel: string) => string;
  toName: (name: string) => string;
  cancelTitle: string;
  cancelLead: string;
  cancelNo: string;
  nothingNow: string;
};

const english: VisitWords = {
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
  actions: {
    confirm: 'Confirm',
    arrive: 'Check in',
    complete: 'Complete',
    no_show: 'Mark no-show',
    reschedule: 'Move',
    cancel: 'Cancel visit',
    undo: 'Undo',
  },
  said: {
    confirm: 'The visit is confirmed.',
    arrive: 'Marked as arrived.',
    complete: 'Marked as completed.',
    no_show: 'Marked as a no-show.',
    reschedule: 'The visit is moved. Its reminders moved with it.',
    cancel: 'The visit is canceled. One notice goes out.',
    undo: 'Taken back.',
  },
  day: 'To the day',
  with: 'With',
  service: 'Service',
  phone: 'Phone',
  note: 'Note',
  messages: 'Messages of this visit',
  noMessages: 'Nothing is planned yet. A visit is planned within a second of its booking: open this page again.',
  byChannel: (channel) => `by ${channel}`,
  toName: (name) => `to ${name}`,
  cancelTitle: 'Cancel this visit?',
  cancelLead: 'Its pending reminders are dropped and one notice goes out. This cannot be undone; you can book again.',
  cancelNo: 'Keep the visit',
  nothingNow: 'Nothing can be done with this visit now.',
};

const spanish: VisitWords = {
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
  actions: {
    confirm: 'Confirmar',
    arrive: 'Marcar llegada',
    complete: 'Completar',
    no_show: 'Marcar que no vino',
    reschedule: 'Mover',
    cancel: 'Cancelar la cita',
    undo: 'Deshacer',
  },
  said: {
    confirm: 'La cita está confirmada.',
    arrive: 'Anotado: llegó.',
    complete: 'Anotado: completada.',
    no_show: 'Anotado: no vino.',
    reschedule: 'La cita se movió, y sus recordatorios con ella.',
    cancel: 'La cita está cancelada. Sale un aviso.',
    undo: 'Deshecho.',
  },
  day: 'Ver el día',
  with: 'Con',
  service: 'Servicio',
  phone: 'Teléfono',
  note: 'Nota',
  messages: 'Mensajes de esta cita',
  noMessages: 'Aún no hay nada planeado. Una cita se planea en menos de un segundo: abra esta página otra vez.',
  byChannel: (channel) => `por ${channel}`,
  toName: (name) => `a ${name}`,
  cancelTitle: '¿Cancelar esta cita?',
  cancelLead: 'Se descartan sus recordatorios pendientes y sale un aviso. No se puede deshacer; puede reservar otra vez.',
  cancelNo: 'Conservar la cita',
  nothingNow: 'Ahora no se puede hacer nada con esta cita.',
};

export const visitWords = (locale: Locale): VisitWords => (locale === 'es' ? spanish : english);
