import type { Locale } from '../../../domain/message';

type CalendarWords = {
  title: string;
  views: string;
  view: { day: string; week: string; list: string };
  before: { day: string; week: string; list: string };
  after: { day: string; week: string; list: string };
  today: string;
  book: string;
  week: (first: string, last: string) => string;
  filters: string;
  allStaff: string;
  allServices: string;
  allStatuses: string;
  show: string;
  none: string;
  noneHint: string;
  noStaff: string;
  noStaffHint: string;
  grid: string;
  time: string;
  dragHint: string;
  moved: string;
  undoMoved: string;
  stayed: string;
};

const english: CalendarWords = {
  title: 'Calendar',
  views: 'Views',
  view: { day: 'Day', week: 'Week', list: 'List' },
  before: { day: 'Day before', week: 'Week before', list: 'Week before' },
  after: { day: 'Day after', week: 'Week after', list: 'Week after' },
  today: 'Today',
  book: 'Book a visit',
  week: (first, last) => `${first} – ${last}`,
  filters: 'Filters',
  allStaff: 'Everyone',
  allServices: 'All services',
  allStatuses: 'Any status',
  show: 'Show',
  none: 'No visits here.',
  noneHint: 'Choose other days or filters, or book a visit.',
  noStaff: 'Nobody takes visits yet.',
  noStaffHint: 'Add staff with their hours, through the API: POST /api/v1/staff.',
  grid: 'Visits by staff and time',
  time: 'Time',
  dragHint: 'Drag a visit to move it, or open it and choose Move.',
  moved: 'The visit is moved. Its reminders moved with it.',
  undoMoved: 'The visit is back where it was.',
  stayed: 'The visit stays where it is.',
};

const spanish: CalendarWords = {
  title: 'Calendario',
  views: 'Vistas',
  view: { day: 'Día', week: 'Semana', list: 'Lista' },
  before: { day: 'Día anterior', week: 'Semana anterior', list: 'Semana anterior' },
  after: { day: 'Día siguiente', week: 'Semana siguiente', list: 'Semana siguiente' },
  today: 'Hoy',
  book: 'Reservar una cita',
  week: (first, last) => `${first} – ${last}`,
  filters: 'Filtros',
  allStaff: 'Todos',
  allServices: 'Todos los servicios',
  allStatuses: 'Cualquier estado',
  show: 'Ver',
  none: 'Aquí no hay citas.',
  noneHint: 'Elija otros días o filtros, o reserve una cita.',
  noStaff: 'Aún nadie atiende citas.',
  noStaffHint: 'Agregue personal con sus horarios, con la API: POST /api/v1/staff.',
  grid: 'Citas por persona y hora',
  time: 'Hora',
  dragHint: 'Arrastre una cita para moverla, o ábrala y elija Mover.',
  moved: 'La cita se movió, y sus recordatorios con ella.',
  undoMoved: 'La cita está otra vez donde estaba.',
  stayed: 'La cita se queda donde está.',
};

export const calendarWords = (locale: Locale): CalendarWords => (locale === 'es' ? spanish : english);
