import type { LinkedVisit } from '../../../db/links';
import type { AppointmentStatus } from '../../../domain/appointment';
import { DAY_MS, isBefore, plusMs, type Instant } from '../../../domain/time';

/** What a visit's page is about. Only `open` and `confirmed` visits can still be changed by the contact. */
export type VisitState = 'open' | 'confirmed' | 'arrived' | 'begun' | 'over' | 'cancelled' | 'missed';

type Visit = Pick<LinkedVisit, 'status' | 'startsAt' | 'endsAt'>;

export function visitState({ status, startsAt, endsAt }: Visit, now: Instant): VisitState {
  const ended = ENDED[status];
  if (ended) return ended;
  if (!isBefore(now, endsAt)) return 'over';
  if (status === 'arrived') return 'arrived';
  if (!isBefore(now, startsAt)) return 'begun';
  return status === 'confirmed' ? 'confirmed' : 'open';
}

const ENDED: Partial<Record<AppointmentStatus, VisitState>> = {
  completed: 'over',
  cancelled: 'cancelled',
  expired: 'cancelled',
  no_show: 'missed',
};

export const canChange = (state: VisitState): boolean => state === 'open' || state === 'confirmed';

/** "Book again" and "Pick a new time" in the notices lead here: the same service may be booked anew. */
export const canBookAgain = (state: VisitState): boolean => state === 'cancelled' || state === 'missed';

/** The follow-up of a no-show carries the link, two days after it. */
const MISSED_OPEN_MS = 7 * DAY_MS;

/** When the link ends: 24 h after the visit, since whoever finds it later need not see where somebody was. */
export function linkEndsAt({ status, endsAt, noShowAt }: Pick<LinkedVisit, 'status' | 'endsAt' | 'noShowAt'>): Instant {
  if (status === 'no_show' && noShowAt !== null) return plusMs(noShowAt, MISSED_OPEN_MS);
  return plusMs(endsAt, DAY_MS);
}
