import { canChange, linkEndsAt, visitState } from '../../api/console/visit/state';
import type { AppointmentStatus } from '../../domain/appointment';

const [BEFORE, STARTS, ENDS] = ['2027-03-10T14:59:59.999Z', '2027-03-10T15:00:00.000Z', '2027-03-10T16:00:00.000Z'] as const;
const state = (status: AppointmentStatus, now: string) => visitState({ status, startsAt: STARTS, endsAt: ENDS }, now);

describe('visitState', () => {
  it.each<[AppointmentStatus, ...string[]]>([
    ['booked', 'open', 'begun', 'over'],
    ['confirmed', 'confirmed', 'begun', 'over'],
    ['arrived', 'arrived', 'arrived', 'over'],
    ['completed', 'over', 'over', 'over'],
    ['cancelled', 'cancelled', 'cancelled', 'cancelled'],
    ['expired', 'cancelled', 'cancelled', 'cancelled'],
    ['no_show', 'missed', 'missed', 'missed'],
  ])('shows a %s visit as %s before it, %s from its start and %s from its end', (status, ...shown) => {
    expect([BEFORE, STARTS, ENDS].map((now) => state(status, now))).toEqual(shown);
  });

  it('lets the contact change only what is ahead of them', () => {
    const states = ['open', 'confirmed', 'arrived', 'begun', 'over', 'cancelled', 'missed'] as const;
    expect(states.filter(canChange)).toEqual(['open', 'confirmed']);
  });
});

describe('linkEndsAt', () => {
  it('ends a link 24 h after the visit, cancelled or not', () => {
    for (const status of ['booked', 'cancelled', 'completed'] as const)
      expect(linkEndsAt({ status, endsAt: ENDS, noShowAt: null })).toBe('2027-03-11T16:00:00.000Z');
  });

  it("keeps a no-show's link until its follow-up, two days later, is of no more use", () => {
    expect(linkEndsAt({ status: 'no_show', endsAt: ENDS, noShowAt: STARTS })).toBe('2027-03-17T15:00:00.000Z');
  });
});
