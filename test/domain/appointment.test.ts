import fc from 'fast-check';
import {
  HOLD_MS,
  LIVE_STATUSES,
  transition,
  UNDO_MS,
  type AppointmentAction,
  type AppointmentState,
  type AppointmentStatus,
  type Transition,
} from '../../domain/appointment';
import { HOUR_MS, instant, MINUTE_MS, plusMs } from '../../domain/time';

const STATUSES: AppointmentStatus[] = ['held', 'booked', 'confirmed', 'arrived', 'completed', 'cancelled', 'no_show', 'expired'];
const ACTIONS: AppointmentAction[] = ['book', 'confirm', 'arrive', 'complete', 'no_show', 'cancel', 'reschedule', 'expire', 'undo'];

const startsAt = '2027-03-16T14:00:00.000Z';
const before = plusMs(startsAt, -HOUR_MS);
const after = plusMs(startsAt, HOUR_MS);

const anAppointment = (some: Partial<AppointmentState> = {}): AppointmentState => ({
  status: 'booked',
  previousStatus: null,
  statusChangedAt: plusMs(startsAt, -24 * HOUR_MS),
  startsAt,
  zone: 'America/New_York',
  holdExpiresAt: null,
  ...some,
});

/** The new status, or the code of the refusal. */
const outcome = (result: Transition): string => ('status' in result ? result.status : result.refused.replace('appointment.', '! '));

describe('transition', () => {
  const table: [AppointmentStatus, Record<AppointmentAction, string>][] = [
    [
      'booked',
      {
        book: '! already_booked',
        confirm: 'confirmed',
        arrive: 'arrived',
        complete: '! not_started',
        no_show: '! not_started',
        cancel: 'cancelled',
        reschedule: 'booked',
        expire: '! already_booked',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'confirmed',
      {
        book: '! already_booked',
        confirm: 'confirmed',
        arrive: 'arrived',
        complete: '! not_started',
        no_show: '! not_started',
        cancel: 'cancelled',
        reschedule: 'booked',
        expire: '! already_booked',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'arrived',
      {
        book: '! already_arrived',
        confirm: 'arrived',
        arrive: '! already_arrived',
        complete: 'completed',
        no_show: '! already_arrived',
        cancel: 'cancelled',
        reschedule: 'booked',
        expire: '! already_arrived',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'completed',
      {
        book: '! already_completed',
        confirm: '! already_completed',
        arrive: '! already_completed',
        complete: '! already_completed',
        no_show: '! already_completed',
        cancel: '! already_completed',
        reschedule: '! already_completed',
        expire: '! already_completed',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'cancelled',
      {
        book: '! already_cancelled',
        confirm: '! already_cancelled',
        arrive: '! already_cancelled',
        complete: '! already_cancelled',
        no_show: '! already_cancelled',
        cancel: '! already_cancelled',
        reschedule: '! already_cancelled',
        expire: '! already_cancelled',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'no_show',
      {
        book: '! already_no_show',
        confirm: '! already_no_show',
        arrive: '! already_no_show',
        complete: '! already_no_show',
        no_show: '! already_no_show',
        cancel: '! already_no_show',
        reschedule: '! already_no_show',
        expire: '! already_no_show',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'expired',
      {
        book: '! hold_expired',
        confirm: '! hold_expired',
        arrive: '! hold_expired',
        complete: '! hold_expired',
        no_show: '! hold_expired',
        cancel: '! hold_expired',
        reschedule: '! hold_expired',
        expire: '! hold_expired',
        undo: '! nothing_to_undo',
      },
    ],
    [
      'held',
      {
        book: 'booked',
        confirm: '! not_booked',
        arrive: '! not_booked',
        complete: '! not_booked',
        no_show: '! not_booked',
        cancel: '! not_booked',
        reschedule: '! not_booked',
        expire: '! hold_not_expired',
        undo: '! nothing_to_undo',
      },
    ],
  ];

  it.each(table.flatMap(([status, row]) => ACTIONS.map((action) => [status, action, row[action]] as const)))(
    'makes of a %s appointment an hour before its start by %s: %s',
    (status, action, expected) => {
      expect(outcome(transition(anAppointment({ status, holdExpiresAt: startsAt }), action, before))).toBe(expected);
    },
  );

  it.each<{ title: string; some: Partial<AppointmentState>; action: AppointmentAction; now: string; expected: string }>([
    { title: 'completes a visit from its start on', some: {}, action: 'complete', now: startsAt, expected: 'completed' },
    { title: 'notes a no-show from the start on', some: { status: 'confirmed' }, action: 'no_show', now: startsAt, expected: 'no_show' },
    { title: 'does not confirm a visit that has begun', some: {}, action: 'confirm', now: startsAt, expected: '! already_started' },
    {
      title: 'lets a confirmed visit be confirmed again, even late',
      some: { status: 'confirmed' },
      action: 'confirm',
      now: after,
      expected: 'confirmed',
    },
    {
      title: 'lets somebody arrive from the start of the visit’s local day on',
      some: {},
      action: 'arrive',
      now: '2027-03-16T04:00:00.000Z',
      expected: 'arrived',
    },
    {
      title: 'lets nobody arrive the day before, however short the night',
      some: {},
      action: 'arrive',
      now: '2027-03-16T03:59:59.999Z',
      expected: '! not_today',
    },
    {
      title: 'takes the day of the venue, not of the reader',
      some: { startsAt: '2027-03-16T14:00:00.000Z', zone: 'Pacific/Auckland' },
      action: 'arrive',
      now: '2027-03-16T10:59:59.999Z',
      expected: '! not_today',
    },
    { title: 'lets somebody arrive late', some: {}, action: 'arrive', now: after, expected: 'arrived' },
    {
      title: 'books a hold in its last millisecond',
      some: { status: 'held', holdExpiresAt: plusMs(before, 1) },
      action: 'book',
      now: before,
      expected: 'booked',
    },
    {
      title: 'does not book a hold that has just run out',
      some: { status: 'held', holdExpiresAt: before },
      action: 'book',
      now: before,
      expected: '! hold_expired',
    },
    {
      title: 'expires a hold that has just run out',
      some: { status: 'held', holdExpiresAt: before },
      action: 'expire',
      now: before,
      expected: 'expired',
    },
    { title: 'takes a hold without an end for expired', some: { status: 'held' }, action: 'book', now: before, expected: '! hold_expired' },
  ])('$title', ({ some, action, now, expected }) => {
    expect(outcome(transition(anAppointment(some), action, now))).toBe(expected);
  });

  it.each<{ title: string; some: Partial<AppointmentState>; waitMs: number; expected: string }>([
    {
      title: 'undoes a no-show in the last millisecond of ten minutes',
      some: { status: 'no_show', previousStatus: 'confirmed' },
      waitMs: 10 * MINUTE_MS - 1,
      expected: 'confirmed',
    },
    {
      title: 'undoes no no-show after ten minutes',
      some: { status: 'no_show', previousStatus: 'confirmed' },
      waitMs: 10 * MINUTE_MS,
      expected: '! undo_too_late',
    },
    {
      title: 'undoes a completion back to arrived',
      some: { status: 'completed', previousStatus: 'arrived' },
      waitMs: MINUTE_MS,
      expected: 'arrived',
    },
    {
      title: 'undoes an arrival in the last millisecond of ten minutes',
      some: { status: 'arrived', previousStatus: 'confirmed' },
      waitMs: 10 * MINUTE_MS - 1,
      expected: 'confirmed',
    },
    {
      title: 'undoes no arrival after ten minutes',
      some: { status: 'arrived', previousStatus: 'booked' },
      waitMs: 10 * MINUTE_MS,
      expected: '! undo_too_late',
    },
    { title: 'undoes no walk-in', some: { status: 'arrived' }, waitMs: 0, expected: '! nothing_to_undo' },
    {
      title: 'does not undo into a status that could not be completed',
      some: { status: 'completed', previousStatus: 'cancelled' },
      waitMs: 0,
      expected: '! nothing_to_undo',
    },
  ])('$title', ({ some, waitMs, expected }) => {
    expect(outcome(transition(anAppointment({ ...some, statusChangedAt: after }), 'undo', plusMs(after, waitMs)))).toBe(expected);
  });

  it('stays in the table whatever is done in whatever order', () => {
    const allowed: Record<AppointmentStatus, AppointmentStatus[]> = {
      held: ['booked', 'expired'],
      booked: ['booked', 'confirmed', 'arrived', 'completed', 'no_show', 'cancelled'],
      confirmed: ['booked', 'confirmed', 'arrived', 'completed', 'no_show', 'cancelled'],
      arrived: ['arrived', 'booked', 'confirmed', 'completed', 'cancelled'],
      completed: ['booked', 'confirmed', 'arrived'],
      no_show: ['booked', 'confirmed'],
      cancelled: [],
      expired: [],
    };
    const step = fc.record({ action: fc.constantFrom(...ACTIONS), waitMs: fc.constantFrom(0, MINUTE_MS, UNDO_MS, HOUR_MS) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const began = Date.parse(before);
        let state = anAppointment({ status: 'held', statusChangedAt: before, holdExpiresAt: instant(began + HOLD_MS) });
        let now = before;
        for (const { action, waitMs } of steps) {
          now = plusMs(now, waitMs);
          const result = transition(state, action, now);
          if ('refused' in result) {
            expect(result.refused).toMatch(/^appointment\.[a-z_]+$/);
            continue;
          }
          expect(allowed[state.status]).toContain(result.status);
          state = { ...state, status: result.status, previousStatus: state.status, statusChangedAt: now };
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never leads out of cancelled or expired', () => {
    for (const status of ['cancelled', 'expired'] as const) {
      for (const action of ACTIONS)
        expect(transition(anAppointment({ status, previousStatus: 'booked', statusChangedAt: after }), action, after)).toHaveProperty(
          'refused',
        );
    }
  });
});

describe('LIVE_STATUSES', () => {
  it('are those that can still be served', () => {
    expect(STATUSES.filter((status) => (LIVE_STATUSES as AppointmentStatus[]).includes(status))).toEqual([
      'held',
      'booked',
      'confirmed',
      'arrived',
    ]);
  });
});
