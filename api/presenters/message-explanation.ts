import type { MessageRow } from '../../db/messages';
import { assertNever } from '../../domain/assert-never';
import type { GateAnswer } from '../../domain/gate';
import type { Locale } from '../../domain/message';
import { REASONS } from '../../domain/reasons';
import { formatDay } from '../../domain/templates/when';
import { localDate, localTime, type Instant } from '../../domain/time';

type Seen = Pick<MessageRow, 'status' | 'reason' | 'sendAt' | 'sentAt' | 'deliveredAt' | 'failedAt' | 'resolution'> & {
  waitingUntil: Instant | null;
};
export type Reader = { now: Instant; locale: Locale; zone?: string };

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
    allowed: 'May go now.',
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
    allowed: 'Puede salir ahora.',
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
