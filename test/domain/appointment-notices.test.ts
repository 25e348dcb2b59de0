import type { PlannedAppointment } from '../../domain/appointment-facts';
import { causedByRecipientAt } from '../../domain/appointment-notices';
import type { ReminderRule } from '../../domain/reminders';
import { ANNA, aRow, aVisit, fates, only, OWNER, planned } from './visit-facts';

const MOVED_AT = '2027-06-03T16:00:00.000Z';
const moved: Partial<PlannedAppointment> = {
  startsAt: '2027-06-16T18:00:00.000Z',
  scheduleVersion: 2,
  scheduleChangedAt: MOVED_AT,
  scheduleChangedBy: 'staff',
};
const off = (rule: ReminderRule['rule']): ReminderRule => ({
  rule,
  offset: { hours: 0 },
  channels: ['sms'],
  lastUsefulMs: 0,
  enabled: false,
});

describe('a visit that is moved', () => {
  it('gets one change notice a minute later and all its reminders anew', () => {
    const facts = aVisit({ appointment: moved, now: MOVED_AT, outcomes: [aRow('confirmation'), aRow('7d')] });
    expect(fates(facts)).toEqual({
      change_notice: '2027-06-03T16:01:00.000Z',
      '7d': '2027-06-09T18:00:00.000Z',
      '3d': '2027-06-13T18:00:00.000Z',
      '1d': '2027-06-15T18:00:00.000Z',
      '2h': '2027-06-16T16:00:00.000Z',
    });
    expect(only(facts, 'change_notice')).toMatchObject({ scheduleVersion: 2, change: MOVED_AT });
  });

  it('counts past due from the change', () => {
    const appointment = { ...moved, scheduleChangedAt: '2027-06-13T17:55:00.000Z' };
    expect(fates(aVisit({ appointment, now: '2027-06-13T17:55:00.000Z' }))).toMatchObject({
      '7d': 'past_due',
      '3d': 'past_due',
      '1d': '2027-06-15T18:00:00.000Z',
    });
  });

  it('gets its confirmation, not a change notice, when none ever went', () => {
    const never = [aRow('confirmation', { status: 'skipped', reason: 'quiet_no_room' }), aRow('confirmation', { status: 'failed' })];
    for (const outcomes of [[], [never[0]!], [never[1]!]]) {
      const plan = fates(aVisit({ appointment: moved, outcomes }));
      expect(plan).toMatchObject({ confirmation: '2027-06-03T16:01:00.000Z' });
      expect(plan).not.toHaveProperty('change_notice');
    }
  });

  it('keeps that confirmation once it went, and tells of the next move by a change notice', () => {
    const confirmed = aRow('confirmation', { scheduleVersion: 2, change: MOVED_AT });
    expect(fates(aVisit({ appointment: moved, outcomes: [confirmed] }))).not.toHaveProperty('change_notice');
    const again = { ...moved, scheduleVersion: 3, scheduleChangedAt: '2027-06-04T16:00:00.000Z' };
    expect(fates(aVisit({ appointment: again, outcomes: [confirmed] }))).toMatchObject({ change_notice: '2027-06-04T16:01:00.000Z' });
  });

  it('takes a confirmation whose fate is unknown for one that went', () => {
    const outcomes = [aRow('confirmation', { status: 'unknown' })];
    expect(fates(aVisit({ appointment: moved, outcomes }))).toHaveProperty('change_notice');
  });

  it('says nothing of a change made while it was only a hold', () => {
    const plan = fates(aVisit({ appointment: { ...moved, scheduleChangedAt: '2027-06-01T15:00:00.000Z' } }));
    expect(plan).toMatchObject({ confirmation: '2027-06-01T16:00:00.000Z' });
  });

  it('tells of the move even where confirmations are switched off', () => {
    expect(fates(aVisit({ appointment: moved, rules: [off('confirmation')] }))).toEqual({ change_notice: '2027-06-03T16:01:00.000Z' });
    expect(planned(aVisit({ rules: [off('confirmation')] }))).toEqual([]);
  });

  it('writes at night to the contact who moved it at night', () => {
    const appointment = { ...moved, scheduleChangedAt: '2027-06-04T03:00:00.000Z', scheduleChangedBy: 'contact' } as const;
    const facts = aVisit({ appointment, outcomes: [aRow('confirmation')] });
    expect(fates(facts).change_notice).toBe('2027-06-04T03:01:00.000Z');
  });
});

describe('a visit that another member of staff takes over', () => {
  const handedOn = { staffChangedAt: '2027-06-03T16:00:00.000Z' };
  const told = [aRow('confirmation'), aRow('staff_new_booking', { recipientId: 'owner' })];

  it('is no news to the contact, a new booking to the new one and a change to the owner', () => {
    const facts = aVisit({ appointment: handedOn, staff: [ANNA, OWNER], outcomes: told });
    expect(fates(facts)).toMatchObject({
      confirmation: '2027-06-01T16:00:00.000Z',
      'staff_new_booking anna': '2027-06-03T16:01:00.000Z',
      'staff_change owner': '2027-06-03T16:01:00.000Z',
    });
    expect(fates(facts)).not.toHaveProperty('change_notice');
  });

  it('is told once to each', () => {
    const change = handedOn.staffChangedAt;
    const outcomes = [
      ...told,
      aRow('staff_new_booking', { recipientId: 'anna', channel: 'email', change }),
      aRow('staff_change', { recipientId: 'owner', change }),
    ];
    const rules = planned(aVisit({ appointment: handedOn, staff: [ANNA, OWNER], outcomes })).map(
      ({ rule, recipient }) => `${rule} ${recipient.id}`,
    );
    expect(rules.filter((rule) => rule.startsWith('staff'))).toEqual(['staff_new_booking anna', 'staff_change owner']);
  });

  it('is told together with a move a moment later', () => {
    const facts = aVisit({ appointment: { ...moved, staffChangedAt: '2027-06-03T16:00:30.000Z' }, staff: [OWNER], outcomes: told });
    expect(only(facts, 'staff_change')).toMatchObject({ change: '2027-06-03T16:00:30.000Z', dueAt: '2027-06-03T16:01:30.000Z' });
  });
});

describe('a visit that is cancelled', () => {
  const cancelled = { status: 'cancelled', cancelledAt: '2027-06-05T16:00:00.000Z', cancelledBy: 'staff' } as const;

  it('gets one notice at once, and staff and owner theirs', () => {
    const facts = aVisit({ appointment: cancelled, staff: [ANNA, OWNER] });
    expect(fates(facts)).toEqual({
      cancellation_notice: '2027-06-05T16:00:00.000Z',
      'staff_cancellation anna': '2027-06-05T16:00:00.000Z',
      'staff_cancellation owner': '2027-06-05T16:00:00.000Z',
    });
    expect(only(facts, 'cancellation_notice')).toMatchObject({ messageClass: 'notice', notAfter: '2027-06-15T18:00:00.000Z' });
  });

  it('tells nobody of a hold that was dropped', () => {
    expect(planned(aVisit({ appointment: { ...cancelled, bookedAt: null }, staff: [ANNA] }))).toEqual([]);
  });

  it('tells nobody after the start', () => {
    expect(fates(aVisit({ appointment: { ...cancelled, cancelledAt: '2027-06-15T18:00:00.000Z' } })).cancellation_notice).toBe('too_late');
  });
});

describe('a no-show', () => {
  const noShow = { status: 'no_show', noShowAt: '2027-06-15T19:00:00.000Z' } as const;

  it('is followed up after 48 hours, of use for three days', () => {
    expect(planned(aVisit({ appointment: noShow, staff: [ANNA] }))).toMatchObject([
      {
        rule: 'no_show_followup',
        messageClass: 'notice',
        sendAt: '2027-06-17T19:00:00.000Z',
        notAfter: '2027-06-20T19:00:00.000Z',
        skip: null,
      },
    ]);
  });

  it('is not followed up when the business does not want it', () => {
    expect(planned(aVisit({ appointment: noShow, rules: [off('no_show_followup')] }))).toEqual([]);
  });

  it('is followed up in the morning when 48 hours end at night', () => {
    const facts = aVisit({ appointment: { ...noShow, noShowAt: '2027-06-16T02:00:00.000Z' } });
    expect(fates(facts).no_show_followup!.slice(0, 14)).toBe('2027-06-18T12:');
  });
});

describe('causedByRecipientAt', () => {
  const appointment = {
    ...aVisit().appointment,
    bookedBy: 'contact',
    cancelledAt: '2027-06-05T16:00:00.000Z',
    cancelledBy: 'contact',
  } as const;

  it('is when the contact booked, moved or cancelled', () => {
    expect(causedByRecipientAt('confirmation', appointment)).toBe(appointment.bookedAt);
    expect(causedByRecipientAt('cancellation_notice', appointment)).toBe(appointment.cancelledAt);
    expect(causedByRecipientAt('change_notice', { ...appointment, ...moved, scheduleChangedBy: 'contact' })).toBe(MOVED_AT);
  });

  it('is null for what the front desk did, and for reminders', () => {
    expect(causedByRecipientAt('change_notice', { ...appointment, ...moved })).toBeNull();
    expect(causedByRecipientAt('confirmation', { ...appointment, bookedBy: 'api' })).toBeNull();
    expect(causedByRecipientAt('cancellation_notice', { ...appointment, cancelledBy: 'staff' })).toBeNull();
    expect(causedByRecipientAt('2h', appointment)).toBeNull();
  });
});
