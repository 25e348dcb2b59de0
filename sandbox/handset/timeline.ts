import type { PersonVisit } from '../../db/handset';
import type { MessageRow } from '../../db/messages';
import { assertNever } from '../../domain/assert-never';
import type { AppointmentStatus } from '../../domain/appointment';
import type { Instant } from '../../domain/time';
import type { Times } from './times';
import type { Words } from './words';

/** One line of a visit's timeline: what, and what became or will become of it. `tone` colours it. */
export type Line = { id: string; title: string; says: string; tone: 'ahead' | 'waiting' | 'done' | 'failed' | 'skipped' };

export type VisitView = PersonVisit & { messages: MessageRow[] };

/** A person's visits, those ahead first and the nearest of them on top. */
export function sortVisits(visits: VisitView[], now: Instant): { ahead: VisitView[]; earlier: VisitView[] } {
  const isAhead = ({ status, endsAt }: VisitView): boolean => LIVE.includes(status) && endsAt > now;
  const byStart = (a: VisitView, b: VisitView): number => (a.startsAt < b.startsAt ? -1 : 1);
  return { ahead: visits.filter(isAhead).sort(byStart), earlier: visits.filter((visit) => !isAhead(visit)).sort((a, b) => byStart(b, a)) };
}

const LIVE: AppointmentStatus[] = ['held', 'booked', 'confirmed', 'arrived'];

/** The next message that this person will get, with its instant. */
export function nextMessage(visits: VisitView[]): { message: MessageRow; at: Instant } | null {
  const planned = visits
    .flatMap(({ messages }) => messages)
    .filter(({ status, contactId, direction }) => status === 'planned' && direction === 'out' && contactId !== null);
  const [first] = planned.sort((a, b) => (a.sendAt < b.sendAt ? -1 : 1));
  return first ? { message: first, at: first.sendAt } : null;
}

/** The lines of a visit: the present plan, and apart from it what a move replaced. */
export function linesOf({ messages }: VisitView, reading: Reading): { lines: Line[]; replaced: Line[] } {
  const line = (message: MessageRow): Line => ({ id: message.id, title: titleOf(message, reading.words), ...rowOf(message, reading) });
  const gone = ({ status, reason }: MessageRow): boolean => status === 'skipped' && reason === 'superseded';
  return { lines: messages.filter((message) => !gone(message)).map(line), replaced: messages.filter(gone).map(line) };
}

function titleOf({ rule, channel, direction, staffId }: MessageRow, words: Words): string {
  const channelWord = words.channels[channel];
  if (direction === 'in') return `${words.you} · ${channelWord}`;
  const title = `${words.rules[rule]} · ${channelWord}`;
  return staffId === null ? title : `${title} ${words.toStaff}`;
}

type State = Pick<Line, 'says' | 'tone'>;
type Reading = { words: Words; times: Times };

/** With why it took this channel and not the one before. */
function rowOf(message: MessageRow, reading: Reading): State {
  const { words } = reading;
  const { says, tone } = stateOf(message, reading);
  const { fallbackFrom, fallbackReason } = message;
  if (fallbackFrom === null || fallbackReason === null) return { says, tone };
  return { says: `${says}, ${words.instead(words.channels[fallbackFrom], words.reasons[fallbackReason])}`, tone };
}

function stateOf(message: MessageRow, { words, times }: Reading): State {
  const when = (at: Instant | null): string => times.moment(at ?? message.updatedAt);
  switch (message.status) {
    case 'planned':
      return plannedState(message, { words, times });
    case 'held':
      return { says: words.held(whyOf(message, words)), tone: 'waiting' };
    case 'sending':
      return { says: words.sending, tone: 'waiting' };
    case 'sent':
      return { says: words.sent(when(message.sentAt)), tone: 'done' };
    case 'delivered':
      return { says: words.delivered(when(message.deliveredAt)), tone: 'done' };
    case 'failed':
      return { says: words.failed(whyOf(message, words)), tone: 'failed' };
    case 'skipped':
      return { says: words.skipped(whyOf(message, words)), tone: 'skipped' };
    case 'unknown':
      return { says: words.unknown, tone: 'failed' };
    case 'received':
      return { says: `${words.received} ${when(message.createdAt)}`, tone: 'done' };
    default:
      return assertNever(message.status);
  }
}

function whyOf({ reason, vendorCode }: MessageRow, words: Words): string {
  if (reason !== null) return words.reasons[reason];
  return vendorCode === null ? words.noReason : words.refused(vendorCode);
}

/** Waiting: put off to later than it was due, by quiet hours or a vendor. */
function plannedState({ dueAt, sendAt, reason }: MessageRow, { words, times }: Reading): State {
  if (sendAt <= dueAt) return { says: words.planned(times.moment(sendAt)), tone: 'ahead' };
  const until = times.moment(sendAt);
  return { says: reason === null ? words.waiting(until) : words.waitingBecause(until, words.reasons[reason]), tone: 'waiting' };
}
