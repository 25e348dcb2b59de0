import type { PlannedAppointment } from '../../domain/appointment-facts';
import { leftoverReason } from '../../domain/appointment-plan';
import { staffHours } from '../../domain/quiet-hours';
import { DEFAULT_REMINDER_RULES } from '../../domain/reminders';
import { plusMs } from '../../domain/time';
import { ANNA, aRow, aVisit, CONTACT, fates, only, OWNER, planned } from './visit-facts';

describe('planAppointment', () => {
  it('plans the confirmation, four reminders and word to staff and owner', () => {
    expect(fates(aVisit({ staff: [ANNA, OWNER] }))).toEqual({
      confirmation: '2027-06-01T16:00:00.000Z',
      'staff_new_booking anna': '2027-06-01T16:00:00.000Z',
      'staff_new_booking owner': '2027-06-01T16:00:00.000Z',
      '7d': '2027-06-08T18:00:00.000Z',
      '3d': '2027-06-12T18:00:00.000Z',
      '1d': '2027-06-14T18:00:00.000Z',
      '2h': '2027-06-15T16:00:00.000Z',
    });
  });

  it('says for each when it is of no use any more', () => {
    const useless = Object.fromEntries(planned(aVisit({ staff: [ANNA] })).map(({ rule, notAfter }) => [rule, notAfter]));
    expect(useless).toEqual({
      confirmation: '2027-06-15T18:00:00.000Z',
      staff_new_booking: '2027-06-15T18:00:00.000Z',
      '7d': '2027-06-11T18:00:00.000Z',
      '3d': '2027-06-14T06:00:00.000Z',
      '1d': '2027-06-15T14:00:00.000Z',
      '2h': '2027-06-15T17:15:00.000Z',
    });
  });

  it('names the class, the receiver and the version of each', () => {
    const [confirmation, toAnna, ...reminders] = planned(aVisit({ staff: [ANNA] }));
    expect(confirmation).toMatchObject({
      messageClass: 'notice',
      recipient: { kind: 'contact', id: CONTACT },
      channel: 'sms',
      scheduleVersion: 1,
    });
    expect(toAnna).toMatchObject({ messageClass: 'staff', recipient: { kind: 'staff', id: 'anna' }, channel: 'email' });
    expect(new Set(reminders.map(({ messageClass }) => messageClass))).toEqual(new Set(['reminder']));
  });

  it.each(['held', 'expired', 'completed'] as const)('plans nothing for a visit that is %s', (status) => {
    expect(planned(aVisit({ appointment: { status }, staff: [ANNA] }))).toEqual([]);
  });

  it('drops no reminder when the visit is confirmed', () => {
    expect(fates(aVisit({ appointment: { status: 'confirmed' } }))).toEqual(fates(aVisit()));
  });

  it('reminds nobody who has arrived', () => {
    const facts = aVisit({ appointment: { status: 'arrived' }, outcomes: [aRow('7d')] });
    expect(fates(facts)).toMatchObject({ '7d': '2027-06-08T18:00:00.000Z', '1d': 'not_needed', '2h': 'not_needed' });
  });

  it('gives the same plan twice from the same facts', () => {
    const facts = aVisit({ staff: [ANNA, OWNER], now: '2027-06-12T03:00:00.000Z' });
    expect(planned(facts)).toEqual(planned(facts));
  });
});

describe('a visit booked at short notice', () => {
  const booked = (hoursAhead: number): Record<string, string> => {
    const startsAt = '2027-06-15T18:00:00.000Z';
    return fates(aVisit({ appointment: { startsAt, bookedAt: plusMs(startsAt, -hoursAhead * 3_600_000) } }));
  };

  it('sends only the confirmation and the 2h reminder for a visit booked three hours ahead', () => {
    expect(booked(3)).toEqual({
      confirmation: '2027-06-15T15:00:00.000Z',
      '7d': 'past_due',
      '3d': 'past_due',
      '1d': 'past_due',
      '2h': '2027-06-15T16:00:00.000Z',
    });
  });

  it('sends only the confirmation for a visit booked 90 minutes ahead', () => {
    expect(booked(1.5)).toMatchObject({ confirmation: '2027-06-15T16:30:00.000Z', '1d': 'past_due', '2h': 'past_due' });
  });

  it('takes a reminder due within ten minutes of the booking for past due, and not one due after ten', () => {
    expect(booked(2 + 9 / 60)['2h']).toBe('past_due');
    expect(booked(2 + 10 / 60)['2h']).toBe('2027-06-15T16:00:00.000Z');
  });

  it('confirms nothing to a walk-in whose visit begins at once', () => {
    const startsAt = '2027-06-15T18:00:00.000Z';
    expect(fates(aVisit({ appointment: { status: 'arrived', bookedAt: startsAt } })).confirmation).toBe('too_late');
  });
});

describe('quiet hours', () => {
  const earlyVisit = (time: string): { startsAt: string } => ({ startsAt: `2027-06-15T${time}:00.000Z` });

  it('pulls the 2h reminder of an 08:00 visit back to the evening before', () => {
    expect(fates(aVisit({ appointment: earlyVisit('12:00') }))['2h']).toBe('2027-06-15T00:59:00.000Z');
  });

  it('gives up the 2h reminder of an 08:00 visit when it was booked after that evening began to be quiet', () => {
    const appointment = { ...earlyVisit('12:00'), bookedAt: '2027-06-15T01:30:00.000Z' };
    expect(fates(aVisit({ appointment }))['2h']).toBe('quiet_no_room');
  });

  it('sends the 2h reminder of a 09:30 visit after 08:00', () => {
    const sendAt = fates(aVisit({ appointment: earlyVisit('13:30') }))['2h']!;
    expect(sendAt >= '2027-06-15T12:00:00.000Z' && sendAt < '2027-06-15T12:10:00.000Z').toBe(true);
  });

  it('confirms at 23:00 what the contact booked at 23:00, and in the morning what the front desk did', () => {
    const bookedAt = '2027-06-02T03:00:00.000Z';
    expect(fates(aVisit({ appointment: { bookedAt, bookedBy: 'contact' } })).confirmation).toBe(bookedAt);
    const sendAt = fates(aVisit({ appointment: { bookedAt, bookedBy: 'staff' } })).confirmation!;
    expect(sendAt.slice(0, 14)).toBe('2027-06-02T12:');
  });

  it('leaves the own booking of 23:00 until the morning when a quarter of an hour has passed unused', () => {
    const facts = aVisit({ appointment: { bookedAt: '2027-06-02T03:00:00.000Z', bookedBy: 'contact' }, now: '2027-06-02T03:20:00.000Z' });
    expect(fates(facts).confirmation!.slice(0, 14)).toBe('2027-06-02T12:');
  });

  it('mails at any hour', () => {
    const facts = aVisit({ appointment: { bookedAt: '2027-06-02T03:00:00.000Z' }, contact: { reach: { email: 'ok' } } });
    expect(only(facts, 'confirmation')).toMatchObject({ channel: 'email', sendAt: '2027-06-02T03:00:00.000Z' });
  });

  it('keeps to the do-not-disturb of staff', () => {
    const anna = { ...ANNA, hours: staffHours({ startMinute: 11 * 60, endMinute: 13 * 60 }, 'America/New_York') };
    expect(fates(aVisit({ staff: [anna] }))['staff_new_booking anna']!.slice(0, 14)).toBe('2027-06-01T17:');
  });
});

describe('after an outage', () => {
  const night = '2027-06-15T03:00:00.000Z';

  it('sends a confirmation that nobody sent, and no reminder whose use has passed', () => {
    expect(fates(aVisit({ now: '2027-06-14T15:00:00.000Z' }))).toMatchObject({
      confirmation: '2027-06-01T16:00:00.000Z', // due at once
      '7d': 'too_late',
      '3d': 'too_late',
      '1d': '2027-06-14T18:00:00.000Z',
    });
  });

  it('sends the newest of two reminders that are both still of use', () => {
    const rules = DEFAULT_REMINDER_RULES.map((rule) => ({ ...rule, lastUsefulMs: 0 }));
    expect(fates(aVisit({ rules, now: '2027-06-14T18:00:00.000Z' }))).toMatchObject({
      '7d': 'overtaken',
      '3d': 'overtaken',
      '1d': '2027-06-14T18:00:00.000Z',
    });
  });

  it('waits for the morning when the turn of the 1d reminder passed and it is night', () => {
    const late = only(aVisit({ now: night, outcomes: [aRow('7d'), aRow('3d')] }), '1d');
    expect(late.skip).toBeNull();
    expect(late.sendAt.slice(0, 14)).toBe('2027-06-15T12:');
  });

  it('gives up in the night what would be of no use in the morning', () => {
    const appointment = { startsAt: '2027-06-15T15:30:00.000Z' }; // 11:30 local: of use until 07:30
    expect(fates(aVisit({ appointment, now: night }))['1d']).toBe('quiet_no_room');
  });

  it('leaves the field to the 2h reminder when a late 1d would go in the same minutes', () => {
    const rules = DEFAULT_REMINDER_RULES.map((rule) => ({ ...rule, lastUsefulMs: 0 }));
    const appointment = { startsAt: '2027-06-15T13:30:00.000Z' }; // 2h is due at 07:30 and waits for 08:00
    const plan = fates(aVisit({ appointment, rules, now: night }));
    expect(plan['1d']).toBe('overtaken');
    expect(plan['2h']!.slice(0, 14)).toBe('2027-06-15T12:');
  });
});

describe('two rules of a business that meet after quiet hours', () => {
  it('sends only the later one', () => {
    const [seven, three, one, two] = DEFAULT_REMINDER_RULES;
    const rules = [seven!, three!, { ...one!, offset: { hours: 12 } }, { ...two!, offset: { hours: 10 } }];
    const plan = fates(aVisit({ rules }));
    expect(plan['1d']).toBe('overtaken');
    expect(plan['2h']!.slice(0, 14)).toBe('2027-06-15T12:');
  });

  it('sends nothing that is due when it is of no use any more', () => {
    const rules = DEFAULT_REMINDER_RULES.map((rule) => (rule.rule === '2h' ? { ...rule, lastUsefulMs: 3 * 3_600_000 } : rule));
    expect(fates(aVisit({ rules }))['2h']).toBe('too_late');
  });

  it('leaves out a rule that is switched off', () => {
    const rules = DEFAULT_REMINDER_RULES.map((rule) => ({ ...rule, enabled: rule.rule !== '3d' }));
    expect(Object.keys(fates(aVisit({ rules })))).toEqual(['confirmation', '7d', '1d', '2h']);
  });
});

describe('a paused business', () => {
  it('holds everything, and on resuming sends nothing that is of no use any more', () => {
    const paused = aVisit({ businessStatus: 'paused' });
    expect(planned(paused).map(({ hold, skip }) => [hold, skip])).toEqual(Array(5).fill(['business_inactive', null]));
    const resumed = aVisit({
      now: '2027-06-14T15:00:00.000Z',
      outcomes: [aRow('7d', { status: 'held', reason: 'business_inactive', settled: false })],
    });
    expect(fates(resumed)['7d']).toBe('too_late');
  });

  it('skips everything once it has left', () => {
    expect(new Set(Object.values(fates(aVisit({ businessStatus: 'canceled' }))))).toEqual(new Set(['business_inactive']));
  });
});

describe('leftoverReason', () => {
  const is = (status: PlannedAppointment['status'], scheduleVersion = 1): Pick<PlannedAppointment, 'status' | 'scheduleVersion'> => ({
    status,
    scheduleVersion,
  });

  it.each([
    ['superseded', '1d', is('booked', 2)],
    ['superseded', '1d', is('cancelled', 2)],
    ['cancelled', '1d', is('cancelled')],
    ['rule_off', '3d', is('confirmed')],
    ['superseded', 'staff_change', is('booked')],
    ['not_needed', '2h', is('completed')],
    ['not_needed', 'no_show_followup', is('confirmed')],
    ['not_needed', '2h', is('no_show')],
  ] as const)('is %s for a %s reminder of a visit that is %j', (reason, rule, appointment) => {
    expect(leftoverReason({ rule, scheduleVersion: 1 }, appointment)).toBe(reason);
  });
});
