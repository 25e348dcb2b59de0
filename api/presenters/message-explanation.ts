import type { MessageRow } from '../../db/messages';
import { assertNever } from '../../domain/assert-never';
import type { Locale, Reason } from '../../domain/message';
import { formatDay } from '../../domain/templates/when';
import { localDate, localTime, type Instant } from '../../domain/time';

type Seen = Pick<MessageRow, 'status' | 'reason' | 'sendAt' | 'sentAt' | 'deliveredAt' | 'failedAt' | 'resolution'> & {
  waitingUntil: Instant | null;
};
type Reader = { now: Instant; locale: Locale; zone?: string };

/** One sentence for a person: what will happen with a message, or what happened, and why. */
export function explainMessage(message: Seen, reader: Reader): string {
  const words = WORDS[reader.locale];
  const at = (instant: Instant | null): string => when(instant ?? reader.now, reader);
  const why = reasonOf(message, reader);
  switch (message.status) {
    case 'planned':
      return explainPlanned(message, reader, why);
    case 'held':
      return words.held(why ?? words.noReason);
    case 'sending':
      return words.sending;
    case 'sent':
      return words.sent(at(message.sentAt));
    case 'delivered':
      return words.delivered(at(message.deliveredAt));
    case 'failed':
      return words.failed(at(message.failedAt));
    case 'skipped':
      return words.skipped(why ?? words.noReason);
    case 'unknown':
      return words.unknown[fateOf(message)];
    case 'received':
      return words.received;
    default:
      return assertNever(message.status);
  }
}

const fateOf = ({ resolution }: Seen): 'left' | 'open' => (resolution === 'leave_it' ? 'left' : 'open');

const reasonOf = ({ reason }: Seen, { locale }: Reader): string | null => (reason === null ? null : REASONS[reason][locale]);

function explainPlanned({ sendAt, waitingUntil }: Seen, reader: Reader, why: string | null): string {
  const words = WORDS[reader.locale];
  if (waitingUntil === null) return sendAt > reader.now ? words.planned(when(sendAt, reader)) : words.due;
  const until = when(waitingUntil, reader);
  return why === null ? words.waiting(until) : words.waitingFor(until, why);
}

function when(at: Instant, { locale, zone = 'UTC' }: Reader): string {
  return `${formatDay({ date: localDate(at, zone), locale })}, ${localTime(at, zone)} (${zone.replaceAll('_', ' ')})`;
}

const WORDS = {
  en: {
    planned: (at: string) => `Goes out ${at}.`,
    due: 'Is about to go out.',
    waiting: (at: string) => `Waiting until ${at}.`,
    waitingFor: (at: string, why: string) => `Waiting until ${at}, because ${why}.`,
    held: (why: string) => `Held back, because ${why}.`,
    sending: 'Is being sent.',
    sent: (at: string) => `Sent ${at}; not yet confirmed as delivered.`,
    delivered: (at: string) => `Delivered ${at}.`,
    failed: (at: string) => `Could not be delivered (${at}).`,
    skipped: (why: string) => `Not sent, because ${why}.`,
    unknown: {
      open: 'The carrier could not say whether it took it. It is not sent again by itself.',
      left: 'The carrier could not say whether it took it, and a person decided to leave it so.',
    },
    received: 'Written by the person.',
    noReason: 'of a reason that was not noted',
  },
  es: {
    planned: (at: string) => `Sale el ${at}.`,
    due: 'Está por salir.',
    waiting: (at: string) => `En espera hasta el ${at}.`,
    waitingFor: (at: string, why: string) => `En espera hasta el ${at}, porque ${why}.`,
    held: (why: string) => `Retenido, porque ${why}.`,
    sending: 'Se está enviando.',
    sent: (at: string) => `Enviado el ${at}; aún sin confirmación de entrega.`,
    delivered: (at: string) => `Entregado el ${at}.`,
    failed: (at: string) => `No se pudo entregar (${at}).`,
    skipped: (why: string) => `No se envió, porque ${why}.`,
    unknown: {
      open: 'El operador no pudo decir si lo recibió. No se reenvía solo.',
      left: 'El operador no pudo decir si lo recibió, y una persona decidió dejarlo así.',
    },
    received: 'Lo escribió la persona.',
    noReason: 'no quedó anotado el motivo',
  },
};

const REASONS: Record<Reason, Record<Locale, string>> = {
  past_due: { en: 'its time was over before the booking', es: 'su hora ya había pasado al reservar' },
  too_late: { en: 'it would have come too late to be of use', es: 'habría llegado demasiado tarde para servir' },
  overtaken: { en: 'the next reminder was already due', es: 'ya tocaba el siguiente recordatorio' },
  superseded: { en: 'the visit was moved', es: 'la cita cambió de hora' },
  cancelled: { en: 'the visit was cancelled', es: 'la cita se canceló' },
  not_needed: { en: 'it was no longer needed', es: 'ya no hacía falta' },
  rule_off: { en: 'this reminder is switched off', es: 'este recordatorio está desactivado' },
  quiet_no_room: { en: 'quiet hours left no time for it', es: 'el horario de silencio no dejó tiempo' },
  business_inactive: { en: 'the business is paused', es: 'el negocio está en pausa' },
  suppressed: { en: 'the contact opted out', es: 'la persona pidió no recibir mensajes' },
  dnc: { en: 'the number is on the do-not-call list', es: 'el número está en la lista de no llamar' },
  no_consent: { en: 'there is no consent for this channel', es: 'no hay consentimiento para este canal' },
  no_address: { en: 'there is no number or address for it', es: 'no hay número ni dirección' },
  channel_unusable: { en: 'the number or address cannot take it', es: 'el número o la dirección no lo admite' },
  quiet_hours: { en: 'it is quiet hours for the contact', es: 'es horario de silencio para la persona' },
  velocity_per_min: { en: 'too many went out this minute', es: 'salieron demasiados en este minuto' },
  velocity_daily: { en: "the day's limit is reached", es: 'se alcanzó el límite del día' },
  contact_cap: { en: 'the contact had enough messages in 24 hours', es: 'la persona ya recibió suficientes mensajes en 24 horas' },
  international_blocked: { en: 'international numbers are blocked', es: 'los números internacionales están bloqueados' },
  trial_outbound_disabled: { en: 'a trial sends nothing', es: 'una prueba no envía nada' },
  registration_pending: { en: "the number's registration is pending", es: 'el registro del número está pendiente' },
  vendor_down: { en: 'the carrier does not answer', es: 'el operador no responde' },
  sender_busy: { en: 'many messages are leaving from this number', es: 'salen muchos mensajes de este número' },
};
