import fc from 'fast-check';
import { allowedNow, transition, type AppointmentState, type AppointmentStatus } from '../../domain/appointment';
import { plusMs } from '../../domain/time';

const STARTS = '2027-03-16T14:00:00.000Z';
const MINUTE = 60_000;
const visit = (status: AppointmentStatus, over: Partial<AppointmentState> = {}): AppointmentState => ({
  status,
  previousStatus: 'booked',
  statusChangedAt: STARTS,
  startsAt: STARTS,
  zone: 'America/New_York',
  holdExpiresAt: null,
  ...over,
});

describe('what a front desk may do now', () => {
  it.each([
    ['a booked visit, days ahead', visit('booked'), -3 * 24 * 60, ['confirm', 'reschedule', 'cancel']],
    ['a booked visit on its morning', visit('booked'), -60, ['confirm', 'arrive', 'reschedule', 'cancel']],
    ['a confirmed visit that has begun', visit('confirmed'), 5, ['arrive', 'complete', 'no_show', 'reschedule', 'cancel']],
    ['somebody who has just arrived', visit('arrived'), 5, ['complete', 'reschedule', 'cancel', 'undo']],
    ['somebody who arrived a while ago', visit('arrived'), 11, ['complete', 'reschedule', 'cancel']],
    ['a visit just completed', visit('completed', { previousStatus: 'arrived' }), 9, ['undo']],
    ['a canceled visit', visit('cancelled'), 0, []],
  ] as const)('with %s', (...[, state, minutes, allowed]) => {
    expect(allowedNow(state, plusMs(STARTS, minutes * MINUTE))).toEqual(allowed);
  });

  it('is never refused, and always changes something', () => {
    const statuses = ['held', 'booked', 'confirmed', 'arrived', 'completed', 'cancelled', 'no_show', 'expired'] as const;
    const state = fc.record({ status: fc.constantFrom(...statuses), previousStatus: fc.option(fc.constantFrom(...statuses)) });
    fc.assert(
      fc.property(state, fc.integer({ min: -5_000, max: 5_000 }), (over, minutes) => {
        const now = plusMs(STARTS, minutes * MINUTE);
        const seen = visit(over.status, over);
        for (const action of allowedNow(seen, now)) {
          const next = transition(seen, action, now);
          expect(next).toHaveProperty('status');
          expect(action === 'reschedule' || ('status' in next && next.status !== seen.status)).toBe(true);
        }
      }),
    );
  });
});
