import { localDate, MINUTE_MS, ruleInstant, type Instant } from './time';

export type AppointmentStatus = 'held' | 'booked' | 'confirmed' | 'arrived' | 'completed' | 'cancelled' | 'no_show' | 'expired';

/** They keep staff and resources: what the exclusion constraints cover. */
export const LIVE_STATUSES = ['held', 'booked', 'confirmed', 'arrived'] as const satisfies AppointmentStatus[];

/** A hold lasts so long (R12). */
export const HOLD_MS = 10 * MINUTE_MS;

/** Arrived, no-show and completed can be undone for so long, so what follows from them waits for it (R13). */
export const UNDO_MS = 10 * MINUTE_MS;

export type AppointmentAction = 'book' | 'confirm' | 'arrive' | 'complete' | 'no_show' | 'cancel' | 'reschedule' | 'expire' | 'undo';

export type TransitionRefusal =
  | 'appointment.hold_expired'
  | 'appointment.hold_not_expired'
  | 'appointment.not_booked'
  | 'appointment.not_started'
  | 'appointment.not_today'
  | 'appointment.already_started'
  | 'appointment.already_booked'
  | 'appointment.already_arrived'
  | 'appointment.already_completed'
  | 'appointment.already_cancelled'
  | 'appointment.already_no_show'
  | 'appointment.nothing_to_undo'
  | 'appointment.undo_too_late';

export type AppointmentState = {
  status: AppointmentStatus;
  /** the status before the last change; what undo goes back to */
  previousStatus: AppointmentStatus | null;
  statusChangedAt: Instant;
  startsAt: Instant;
  /** the venue's */
  zone: string;
  /** only a hold has one */
  holdExpiresAt: Instant | null;
};

export type Transition = { status: AppointmentStatus } | { refused: TransitionRefusal };

/**
 * What an action makes of an appointment (R13), or why it cannot. The new status may equal the old one: a confirmed visit confirmed again
 * (people answer by text and by link), or a booked one moved. Undo makes an appointment live again, so the database may still refuse it for a
 * slot that somebody else has taken since.
 */
export function transition(appointment: AppointmentState, action: AppointmentAction, now: Instant): Transition {
  const outcome = TABLE[appointment.status][action] ?? otherwise(appointment.status, action);
  if (typeof outcome === 'function') return result(outcome({ ...appointment, nowMs: Date.parse(now) }));
  return result(outcome);
}

const BY_HAND = ['confirm', 'arrive', 'complete', 'no_show', 'reschedule', 'cancel', 'undo'] as const satisfies AppointmentAction[];
export type HandAction = (typeof BY_HAND)[number];

/** What a front desk may do with a visit now: what is not refused and changes something, in the order of a visit's life. */
export const allowedNow = (appointment: AppointmentState, now: Instant): HandAction[] =>
  BY_HAND.filter((action) => {
    const next = transition(appointment, action, now);
    return !('refused' in next) && (action === 'reschedule' || next.status !== appointment.status);
  });

type Outcome = AppointmentStatus | TransitionRefusal;
type Rule = (seen: AppointmentState & { nowMs: number }) => Outcome;

const result = (outcome: Outcome): Transition => (isRefusal(outcome) ? { refused: outcome } : { status: outcome });
const isRefusal = (outcome: Outcome): outcome is TransitionRefusal => outcome.startsWith('appointment.');

const bookHold: Rule = ({ holdExpiresAt, nowMs }) => (nowMs < holdEnd(holdExpiresAt) ? 'booked' : 'appointment.hold_expired');
const expireHold: Rule = ({ holdExpiresAt, nowMs }) => (nowMs < holdEnd(holdExpiresAt) ? 'appointment.hold_not_expired' : 'expired');
/** A hold without an end would keep its slot for ever: it counts as expired. */
const holdEnd = (holdExpiresAt: Instant | null): number => (holdExpiresAt === null ? -Infinity : Date.parse(holdExpiresAt));

const beforeStart =
  (status: AppointmentStatus): Rule =>
  ({ startsAt, nowMs }) =>
    nowMs < Date.parse(startsAt) ? status : 'appointment.already_started';
const fromStart =
  (status: AppointmentStatus): Rule =>
  ({ startsAt, nowMs }) =>
    nowMs < Date.parse(startsAt) ? 'appointment.not_started' : status;

const undo: Rule = ({ previousStatus, statusChangedAt, nowMs }) => {
  if (previousStatus !== 'booked' && previousStatus !== 'confirmed' && previousStatus !== 'arrived') return 'appointment.nothing_to_undo';
  return nowMs - Date.parse(statusChangedAt) < UNDO_MS ? previousStatus : 'appointment.undo_too_late';
};

/** People come early, but on the day: an arrival noted days ahead would drop every reminder (R13). */
const onTheDay: Rule = ({ startsAt, zone, nowMs }) =>
  nowMs < Date.parse(ruleInstant({ date: localDate(startsAt, zone), time: '00:00' }, zone)) ? 'appointment.not_today' : 'arrived';

/** Who has arrived may be served, and leave, before the start. */
const AHEAD: Partial<Record<AppointmentAction, Outcome | Rule>> = {
  arrive: onTheDay,
  complete: fromStart('completed'),
  no_show: fromStart('no_show'),
  cancel: 'cancelled',
  // A confirmation was for the old time: the new one is asked for again.
  reschedule: 'booked',
};

const TABLE: Record<AppointmentStatus, Partial<Record<AppointmentAction, Outcome | Rule>>> = {
  held: { book: bookHold, expire: expireHold },
  booked: { ...AHEAD, confirm: beforeStart('confirmed') },
  confirmed: { ...AHEAD, confirm: 'confirmed' },
  // A late "C" from somebody who already sits in the waiting room changes nothing.
  arrived: { confirm: 'arrived', complete: 'completed', cancel: 'cancelled', reschedule: 'booked', undo },
  completed: { undo },
  no_show: { undo },
  cancelled: {},
  expired: {},
};

/** Whatever the table does not name is refused with what the appointment already is. */
const otherwise = (status: AppointmentStatus, action: AppointmentAction): TransitionRefusal =>
  action === 'undo' ? 'appointment.nothing_to_undo' : REFUSALS[status];

const REFUSALS: Record<AppointmentStatus, TransitionRefusal> = {
  held: 'appointment.not_booked',
  booked: 'appointment.already_booked',
  confirmed: 'appointment.already_booked',
  arrived: 'appointment.already_arrived',
  completed: 'appointment.already_completed',
  cancelled: 'appointment.already_cancelled',
  no_show: 'appointment.already_no_show',
  expired: 'appointment.hold_expired',
};
