import type { Locale } from '../../../domain/message';

type BookingWords = {
  title: string;
  what: string;
  service: string;
  staff: string;
  anyone: string;
  date: string;
  showTimes: string;
  times: string;
  noTimes: string;
  noTimesHint: string;
  nextDay: string;
  noServices: string;
  noServicesHint: string;
  who: string;
  search: string;
  searchHint: string;
  find: string;
  nobody: string;
  newPerson: string;
  name: string;
  phone: string;
  email: string;
  agreed: string;
  statement: string;
  note: string;
  book: string;
  walkIn: string;
  walkInHint: string;
  booked: string;
  walkedIn: string;
  pickTime: string;
  pickPerson: string;
  twoPeople: string;
  moveTitle: string;
  move: string;
  keep: string;
};

const english: BookingWords = {
  title: 'Book a visit',
  what: 'What and when',
  service: 'Service',
  staff: 'With',
  anyone: 'Anyone free',
  date: 'Day',
  showTimes: 'Show times',
  times: 'Free times',
  noTimes: 'Nothing is free on this day.',
  noTimesHint: 'Try another day or another person.',
  nextDay: 'Next day',
  noServices: 'There is no service to book yet.',
  noServicesHint: 'Add a service and who gives it, through the API: POST /api/v1/services.',
  who: 'Who',
  search: 'Somebody we know',
  searchHint: 'Name, phone or e-mail',
  find: 'Find',
  nobody: 'Nobody found. Add them below.',
  newPerson: 'Somebody new',
  name: 'Name',
  phone: 'Phone',
  email: 'E-mail',
  agreed: 'They agreed to messages about their visits.',
  statement: 'Agreed at the front desk to messages about visits.',
  note: 'Note',
  book: 'Book',
  walkIn: 'Walk-in: they are here now',
  walkInHint: 'Begins now, with whoever is free.',
  booked: 'The visit is booked.',
  walkedIn: 'The walk-in is noted as arrived.',
  pickTime: 'Pick a time, or choose walk-in.',
  pickPerson: 'Choose somebody, or enter a new person’s name.',
  twoPeople: 'You chose somebody we know and entered somebody new. Choose “Somebody new”, or empty these fields.',
  moveTitle: 'Move this visit',
  move: 'Move here',
  keep: 'Leave it where it is',
};

const spanish: BookingWords = {
  title: 'Reservar una cita',
  what: 'Qué y cuándo',
  service: 'Servicio',
  staff: 'Con',
  anyone: 'Quien esté libre',
  date: 'Día',
  showTimes: 'Ver horas',
  times: 'Horas libres',
  noTimes: 'No hay nada libre este día.',
  noTimesHint: 'Pruebe otro día u otra persona.',
  nextDay: 'Día siguiente',
  noServices: 'Aún no hay ningún servicio que reservar.',
  noServicesHint: 'Agregue un servicio y quién lo da, con la API: POST /api/v1/services.',
  who: 'Quién',
  search: 'Alguien que conocemos',
  searchHint: 'Nombre, teléfono o correo',
  find: 'Buscar',
  nobody: 'No se encontró a nadie. Agréguelo abajo.',
  newPerson: 'Alguien nuevo',
  name: 'Nombre',
  phone: 'Teléfono',
  email: 'Correo',
  agreed: 'Aceptó recibir mensajes sobre sus citas.',
  statement: 'Aceptó en la recepción recibir mensajes sobre sus citas.',
  note: 'Nota',
  book: 'Reservar',
  walkIn: 'Sin cita: está aquí ahora',
  walkInHint: 'Empieza ahora, con quien esté libre.',
  booked: 'La cita está reservada.',
  walkedIn: 'Anotado: llegó sin cita.',
  pickTime: 'Elija una hora, o marque que llegó sin cita.',
  pickPerson: 'Elija a alguien, o escriba el nombre de alguien nuevo.',
  twoPeople: 'Eligió a alguien que conocemos y escribió a alguien nuevo. Elija «Alguien nuevo» o vacíe estos campos.',
  moveTitle: 'Mover esta cita',
  move: 'Mover aquí',
  keep: 'Dejarla donde está',
};

export const bookingWords = (locale: Locale): BookingWords => (locale === 'es' ? spanish : english);
