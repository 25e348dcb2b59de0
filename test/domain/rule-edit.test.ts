import fc from 'fast-check';
import { isPlanChanged } from '../../domain/rule-edit';
import { DEFAULT_REMINDER_RULES, type ReminderRule } from '../../domain/reminders';
import { aRow, aVisit, fates } from './visit-facts';

const edited = (rule: string, edit: Partial<ReminderRule>): ReminderRule[] =>
  DEFAULT_REMINDER_RULES.map((one) => (one.rule === rule ? { ...one, ...edit } : one));
const twoDays = edited('1d', { offset: { days: 2 } });

describe('an edited rule', () => {
  it('changes a visit whose reminder is still to come', () => expect(isPlanChanged(aVisit(), twoDays)).toBe(true));

  it('changes nothing when it says what it said', () => expect(isPlanChanged(aVisit(), [...DEFAULT_REMINDER_RULES])).toBe(false));

  it('changes nothing for a visit whose reminder has gone out', () => {
    const sent = aVisit({ now: '2027-06-14T20:00:00.000Z', outcomes: [aRow('1d')] });
    expect(isPlanChanged(sent, edited('1d', { offset: { hours: 20 } }))).toBe(false);
  });

  it('changes nothing for a visit booked too late for it, before and after', () => {
    const late = aVisit({ appointment: { bookedAt: '2027-06-15T14:00:00.000Z' } });
    expect(isPlanChanged(late, twoDays)).toBe(false);
  });

  it('changes nothing by an order of channels of which only one is open', () => {
    const textsOnly = aVisit({ contact: { reach: { sms: 'ok' } } });
    expect(isPlanChanged(textsOnly, edited('1d', { channels: ['email', 'sms'] }))).toBe(false);
    expect(isPlanChanged(aVisit(), edited('1d', { channels: ['email', 'sms'] }))).toBe(true);
  });

  it('changes a visit exactly when what is to come differs', () => {
    const offset = fc.oneof(
      fc.integer({ min: 1, max: 10 }).map((days) => ({ days })),
      fc.integer({ min: 1, max: 72 }).map((hours) => ({ hours })),
    );
    const edit = fc.record({ offset, enabled: fc.boolean(), lastUsefulMs: fc.integer({ min: 0, max: 86_400_000 }) });
    fc.assert(
      fc.property(fc.constantFrom('7d', '3d', '1d', '2h'), edit, (...[rule, change]) => {
        const rules = edited(rule, change);
        const sendable = (over: ReminderRule[]) =>
          Object.entries(fates(aVisit({ rules: over })))
            .filter(([, fate]) => fate.endsWith('Z'))
            .sort();
        const differs = JSON.stringify(sendable(rules)) !== JSON.stringify(sendable([...DEFAULT_REMINDER_RULES]));
        expect(isPlanChanged(aVisit(), rules)).toBe(differs);
      }),
    );
  });
});
