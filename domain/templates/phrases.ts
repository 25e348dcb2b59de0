import type { Locale } from '../message';

/** A language's small phrases: variables that are made of others, and the words of a letter's frame. */
type Phrases = {
  greeting: (name: string | null) => { sms: string | null; email: string };
  withStaff: (name: string) => string;
  labels: { when: string; service: string; staff: string; place: string; phone: string };
  /** how to confirm: by answering a text, or by telephone where a letter has no link */
  ask: { sms: string; call: (phone: string) => string };
  optOut: string;
  /** what the link at the foot of an e-mail is called */
  unsubscribe: string;
  andMore: (count: number) => string;
};

/**
 * Every text stays in GSM-7 and never asks for a reply with a carrier's word (R32). Spanish is spelled properly; texts are spelled plainly where an
 * accent would double their price (sms-segments.ts). The vendor knows START, STOP and HELP only.
 */
export const PHRASES: Record<Locale, Phrases> = {
  en: {
    greeting: (name) => (name ? { sms: `Hi ${name}.`, email: `Hi ${name},` } : { sms: null, email: 'Hello,' }),
    withStaff: (name) => `with ${name}`,
    labels: { when: 'When', service: 'Service', staff: 'With', place: 'Where', phone: 'Phone' },
    ask: {
      sms: 'Reply 1 or C to confirm, 2 or R to reschedule.',
      call: (phone) => `To confirm your visit, please call ${phone}.`,
    },
    optOut: 'Reply STOP to opt out.',
    unsubscribe: 'Unsubscribe',
    andMore: (count) => `and ${count} more`,
  },
  es: {
    greeting: (name) => (name ? { sms: `Hola, ${name}.`, email: `Hola, ${name}:` } : { sms: null, email: 'Hola:' }),
    withStaff: (name) => `con ${name}`,
    labels: { when: 'Cuándo', service: 'Servicio', staff: 'Con', place: 'Dónde', phone: 'Teléfono' },
    ask: {
      sms: 'Responda 1 o C para confirmar, 2 o R para cambiarla.',
      call: (phone) => `Para confirmar su cita, llame al ${phone}.`,
    },
    optOut: 'Responda STOP para no recibir más.',
    unsubscribe: 'Darse de baja',
    andMore: (count) => `y ${count} más`,
  },
};
