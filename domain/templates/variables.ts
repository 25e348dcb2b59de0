import type { Locale } from '../message';
import type { MessageVars } from './vars';

/** What templates may name. `means` is shown to the people who write them. */
export const VARIABLES = {
  business_name: { en: 'the name of the business', es: 'el nombre del negocio' },
  contact_name: {
    en: 'the contact’s first name; for staff the whole name',
    es: 'el nombre de pila del contacto; para el personal el nombre completo',
  },
  greeting: { en: '“Hi Ana.”, in an e-mail “Hi Ana,”', es: '“Hola, Ana.”, en un correo “Hola, Ana:”' },
  staff_name: { en: 'who receives the contact', es: 'quién atiende al contacto' },
  service_name: { en: 'the service', es: 'el servicio' },
  location_name: { en: 'the name of the location', es: 'el nombre del local' },
  address: { en: 'the address of the location', es: 'la dirección del local' },
  phone: { en: 'the number to call', es: 'el teléfono para llamar' },
  when: { en: 'day and time of the visit', es: 'día y hora de la cita' },
  old_when: { en: 'day and time before it moved; empty when it did not', es: 'día y hora anteriores; vacío si no cambió' },
  visit: { en: 'service, staff and location in a few words', es: 'servicio, persona y local en pocas palabras' },
  visit_details: {
    en: 'in an e-mail: time, service, staff and place, a line each',
    es: 'en un correo: hora, servicio, persona y lugar, una línea cada uno',
  },
  visits: { en: 'the day’s visits', es: 'las citas del día' },
  choices: { en: 'the visits to choose from, numbered', es: 'las citas para elegir, numeradas' },
  ask_confirm: {
    en: 'true while the visit is not confirmed yet, for {% if %}',
    es: 'verdadero mientras la cita no está confirmada, para {% if %}',
  },
  how_to_confirm: { en: 'how to confirm, while the visit is not confirmed yet', es: 'cómo confirmar, mientras la cita no está confirmada' },
  link: { en: 'the page of the visit: confirm, change, book again', es: 'la página de la cita: confirmar, cambiar, reservar otra vez' },
  calendar_link: { en: 'adds the visit to a calendar', es: 'agrega la cita a un calendario' },
  opt_out: {
    en: 'how to opt out of texts: in the first one and in marketing; added at the end where a template leaves it out',
    es: 'cómo dejar de recibir mensajes: en el primero y en los de marketing; se agrega al final si la plantilla no lo incluye',
  },
} as const satisfies Record<string, Record<Locale, string>>;

export type VariableName = keyof typeof VARIABLES;

export const PERSON = ['business_name', 'contact_name', 'greeting', 'phone', 'opt_out'] as const satisfies VariableName[];
const PLACE = ['staff_name', 'service_name', 'location_name', 'address', 'visit', 'visit_details'] as const satisfies VariableName[];
/** What a message about one visit may say to its contact. */
export const VISIT = [
  ...PERSON,
  ...PLACE,
  'when',
  'link',
  'calendar_link',
  'ask_confirm',
  'how_to_confirm',
] as const satisfies VariableName[];
/** What staff may read about a visit: no links, as those act for the contact. */
export const STAFF_VISIT = ['business_name', 'contact_name', 'phone', ...PLACE, 'when'] as const satisfies VariableName[];

/** What a template of the business's own may say; what concerns a visit is empty in a message about none. */
export const OWN = [...PERSON, 'staff_name', 'service_name', 'location_name', 'visit', 'when', 'link'] as const satisfies VariableName[];

const visits: Record<Locale, MessageVars['visits']> = {
  en: [{ when: '10:00 AM', contactName: 'Ana Ruiz', serviceName: 'Haircut' }],
  es: [{ when: '10:00', contactName: 'Ana Ruiz', serviceName: 'Corte' }],
};
const shared = {
  businessName: 'Bella Salon',
  contactName: 'Ana',
  staffName: 'Marco',
  locationName: 'Main Street',
  address: '12 Main St, New York',
  phone: '(212) 555-0100',
  link: 'https://usher.example/v/4fK7pQ2mX9sT1wZ8',
  icsLink: 'https://usher.example/v/4fK7pQ2mX9sT1wZ8.ics',
  askConfirm: true,
  firstMessage: false,
};

/** A visit to try templates with: what the examples of variables, and the length and price of an unsaved text, are made of. */
export const EXAMPLE: Record<Locale, MessageVars> = {
  en: { ...shared, serviceName: 'Haircut', when: 'Tue, Mar 16 at 10:00 AM', oldWhen: 'Mon, Mar 15 at 9:00 AM', visits: visits.en ?? [] },
  es: { ...shared, serviceName: 'Corte', when: 'mar 16 mar, 10:00', oldWhen: 'lun 15 mar, 09:00', visits: visits.es ?? [] },
};
