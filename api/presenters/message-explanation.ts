import type { MessageRow } from '../../db/messages';
import { assertNever } from '../../domain/assert-never';
import type { GateAnswer } from '../../domain/gate';
import type { Channel, Locale } from '../../domain/message';
import { REASONS } from '../../domain/reasons';
import { formatDay, formatHour } from '../../domain/templates/when';
import { localDate, type Instant } from '../../domain/time';

type Seen = Pick<
  MessageRow,
  | 'channel'
  | 'status'
  | 'reason'
  | 'vendorCode'
  | 'fallbackFrom'
  | 'fallbackReason'
  | 'sendAt'
  | 'sentAt'
  | 'deliveredAt'
  | 'failedAt'
  | 'resolution'
> & { waitingUntil: Instant | null };
export type Reader = { now: Instant; locale: Locale; zone?: string };

/** For a person: what will happen with a message, or what happened, and why; and, where it took another channel, why that. */
export function explainMessage(message: Seen, reader: Reader): string {
  return [explainState(message, reader), ...explainChannel(message, reader)].join(' ');
}

function explainChannel({ channel, fallbackFrom, fallbackReason }: Seen, { locale }: Reader): string[] {
  if (fallbackFrom === null || fallbackReason === null) return [];
  const { instead } = WORDS[locale];
  return [instead(CHANNEL_WORDS[channel][locale], CHANNEL_WORDS[fallbackFrom][locale], REASONS[fallbackReason].because[locale])];
}

function explainState(message: Seen, reader: Reader): string {
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
      return explainFailed(message, reader, why);
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

/** One sentence for a person: what the gate says of a message or call that has not been sent. */
export function explainAnswer(answer: GateAnswer, reader: Reader): string {
  const words = WORDS[reader.locale];
  if (answer.kind === 'send') return words.allowed;
  const why = REASONS[answer.reason].because[reader.locale];
  switch (answer.kind) {
    case 'hold':
      return words.held(why);
    case 'defer':
      return words.waitingFor(when(answer.until, reader), why);
    case 'skip':
      return words.skipped(why);
  }
}

const fateOf = ({ resolution }: Seen): 'left' | 'open' => (resolution === 'leave_it' ? 'left' : 'open');

const reasonOf = ({ reason }: Seen, { locale }: Reader): string | null => (reason === null ? null : REASONS[reason].because[locale]);

/** A code that we have no word for is shown as the vendor gave it. */
function explainFailed({ failedAt, vendorCode }: Seen, reader: Reader, why: string | null): string {
  const words = WORDS[reader.locale];
  return words.failed(when(failedAt ?? reader.now, reader), why ?? (vendorCode === null ? null : words.code(vendorCode)));
}

function explainPlanned({ sendAt, waitingUntil }: Seen, reader: Reader, why: string | null): string {
  const words = WORDS[reader.locale];
  if (waitingUntil === null) return sendAt > reader.now ? words.planned(when(sendAt, reader)) : words.due;
  const until = when(waitingUntil, reader);
  return why === null ? words.waiting(until) : words.waitingFor(until, why);
}

function when(at: Instant, { locale, zone = 'UTC' }: Reader): string {
  return `${formatDay({ date: localDate(at, zone), locale })}, ${formatHour({ startsAt: at, venueZone: zone, locale })} (${zone.replaceAll('_', ' ')})`;
}

const WORDS = {
  en: {
    allowed: 'May go now.',
    planned: (at: string) => `Goes out ${at}.`,
    due: 'Is about to go out.',
    waiting: (at: string) => `Waiting until ${at}.`,
    waitingFor: (at: string, why: string) => `Waiting until ${at}, because ${why}.`,
    held: (why: string) => `Held back, because ${why}.`,
    sending: 'Is being sent.',
    sent: (at: string) => `Sent ${at}; not yet confirmed as delivered.`,
    delivered: (at: string) => `Delivered ${at}.`,
    failed: (at: string, why: string | null) =>
      why === null ? `Could not be delivered (${at}).` : `Could not be delivered (${at}), because ${why}.`,
    code: (code: string) => `the vendor says ${code}`,
    instead: (channel: string, from: string, why: string) => `By ${channel} instead of ${from}, because ${why}.`,
    skipped: (why: string) => `Not sent, because ${why}.`,
    unknown: {
      open: 'The carrier could not say whether it took it. It is not sent again by itself.',
      left: 'The carrier could not say whether it took it, and a person decided to leave it so.',
    },
    received: 'Written by the person.',
    noReason: 'of a reason that was not noted',
  },
  es: {
    allowed: 'Puede salir ahora.',
    planned: (at: string) => `Sale el ${at}.`,
    due: 'Está por salir.',
    waiting: (at: string) => `En espera hasta el ${at}.`,
    waitingFor: (at: string, why: string) => `En espera hasta el ${at}, porque ${why}.`,
    held: (why: string) => `Retenido, porque ${why}.`,
    sending: 'Se está enviando.',
    sent: (at: string) => `Enviado el ${at}; aún sin confirmación de entrega.`,
    delivered: (at: string) => `Entregado el ${at}.`,
    failed: (at: string, why: string | null) =>
      why === null ? `No se pudo entregar (${at}).` : `No se pudo entregar (${at}), porque ${why}.`,
    code: (code: string) => `el proveedor responde ${code}`,
    instead: (channel: string, from: string, why: string) => `Por ${channel} en vez de ${from}, porque ${why}.`,
    skipped: (why: string) => `No se envió, porque ${why}.`,
    unknown: {
      open: 'El operador no pudo decir si lo recibió. No se reenvía solo.',
      left: 'El operador no pudo decir si lo recibió, y una persona decidió dejarlo así.',
    },
    received: 'Lo escribió la persona.',
    noReason: 'no quedó anotado el motivo',
  },
};

/** What people call a channel. */
export const CHANNEL_WORDS: Record<Channel, Record<Locale, string>> = {
  sms: { en: 'text', es: 'mensaje de texto' },
  whatsapp: { en: 'WhatsApp', es: 'WhatsApp' },
  email: { en: 'e-mail', es: 'correo' },
};
