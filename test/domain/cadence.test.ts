import { decideStart, lapsedBefore, outcomesToTell } from '../../domain/cadence';
import { DEFAULT_CADENCES } from '../../domain/cadence-defaults';
import { BUCKETS, bucketAfter, type Bucket, type LeadFact } from '../../domain/lead-status';
import { checkTemplate, type OwnWords } from '../../domain/templates/check';
import { cadenceTemplates } from '../../domain/templates/catalog/cadences';
import { ruleTemplate } from '../../domain/templates/wording';

describe('decideStart', () => {
  const running = { cadenceId: 'a', priority: 20 };
  it.each([
    ['begins for somebody who is in none', null, { priority: 10, enabled: true }, 'start'],
    ['takes the place of a less important one', running, { priority: 21, enabled: true }, 'supersede'],
    ['leaves a more important one alone', running, { priority: 19, enabled: true }, 'outranked'],
    ['leaves one that is as important alone: who was first stays', running, { priority: 20, enabled: true }, 'outranked'],
    ['does not begin while it is off', null, { priority: 10, enabled: false }, 'off'],
  ] as const)('%s', (...[, now, wanted, decision]) => {
    expect(decideStart(now, { cadenceId: 'b', ...wanted })).toBe(decision);
  });

  it('changes nothing for somebody who is in it already, though it was switched off or moved in importance since', () => {
    expect(decideStart(running, { cadenceId: 'a', priority: 90, enabled: false })).toBe('already');
  });
});

describe('outcomesToTell', () => {
  const sms = { messageId: 'm1', step: 1, channel: 'sms' as const, reason: null };

  it('tells of what was sent and what failed, and of nothing else', () => {
    const statuses = ['planned', 'held', 'sending', 'sent', 'delivered', 'failed', 'skipped', 'unknown'] as const;
    const told = statuses.map((status) => outcomesToTell([{ ...sms, status }], []).map(({ type }) => type));
    expect(told).toEqual([[], [], [], ['cadence.message_sent'], ['cadence.message_sent'], ['cadence.message_failed'], [], []]);
  });

  it('tells of each once, and of a failure after the sending too', () => {
    const [sent] = outcomesToTell([{ ...sms, status: 'sent' }], []);
    expect(outcomesToTell([{ ...sms, status: 'delivered' }], [sent!.mark])).toEqual([]);
    expect(outcomesToTell([{ ...sms, status: 'failed' }], [sent!.mark])).toMatchObject([{ type: 'cadence.message_failed' }]);
    expect(outcomesToTell([{ ...sms, channel: 'email', status: 'sent' }], [sent!.mark])).toHaveLength(1);
  });
});

describe('lapsedBefore', () => {
  it('is that many weeks of elapsed time ago, across a clock change too', () => {
    expect(lapsedBefore('2027-04-01T12:00:00.000Z', 12)).toBe('2027-01-07T12:00:00.000Z');
  });
});

describe('bucketAfter', () => {
  const ALL: (Bucket | null)[] = [null, ...BUCKETS];
  const after = (fact: LeadFact) => ALL.map((bucket) => bucketAfter(bucket, fact));

  it.each([
    ['booked', 'booked'],
    ['visited', 'visited'],
    ['no_show', 'no_show'],
    ['opted_out', 'opted_out'],
  ] as const)('moves everybody whom it befalls: %s', (fact, bucket) => {
    expect(new Set(after(fact))).toEqual(new Set([bucket]));
  });

  it.each([
    ['a reply makes engaged', 'replied', 'engaged', ['booked', 'visited', 'opted_out']],
    ['an enquiry makes new', 'enquired', 'new', ['engaged', 'booked', 'opted_out']],
    ['a call that nobody answers', 'unanswered', 'no_answer', ['booked', 'opted_out']],
    ['a long absence', 'lapsed', 'lapsed', ['booked', 'opted_out']],
  ] as const)('%s, but leaves those who are further', (...[, fact, bucket, stays]) => {
    for (const current of ALL) {
      const isFurther = current !== null && (stays as readonly Bucket[]).includes(current);
      expect([current, bucketAfter(current, fact)]).toEqual([current, isFurther ? current : bucket]);
    }
  });

  it('takes a cancelled visit for an engaged person, and START for one who is back; nobody else moves by them', () => {
    expect(after('cancelled')).toEqual(ALL.map((bucket) => (bucket === 'booked' ? 'engaged' : bucket)));
    expect(after('returned')).toEqual(ALL.map((bucket) => (bucket === 'opted_out' ? 'engaged' : bucket)));
  });
});

describe('the cadences that a business begins with', () => {
  it('are one for each trigger, of three different priorities, all of them marketing', () => {
    expect(DEFAULT_CADENCES.map(({ name }) => name.en)).toEqual(['Never Answered', 'No-show recovery', 'Winback']);
    expect(new Set(DEFAULT_CADENCES.map(({ trigger }) => trigger)).size).toBe(3);
    expect(new Set(DEFAULT_CADENCES.map(({ priority }) => priority)).size).toBe(3);
    expect(new Set(DEFAULT_CADENCES.map(({ messageClass }) => messageClass))).toEqual(new Set(['marketing']));
  });

  it('leave winback to the business, which must switch it on', () => {
    expect(DEFAULT_CADENCES.filter(({ enabled }) => !enabled).map(({ key }) => key)).toEqual(['winback']);
  });

  it('begin with a no-show only after the last moment of the visit’s own follow-up: 48 hours, and useful for 72', () => {
    const recovery = DEFAULT_CADENCES.find(({ trigger }) => trigger === 'no_show_recovery')!;
    expect(recovery.steps[0]!.waitMin).toBeGreaterThanOrEqual((48 + 72) * 60);
  });

  it('name templates that are there, with nothing wrong with any, in both languages', () => {
    for (const { steps } of DEFAULT_CADENCES) {
      for (const { templateKey } of steps) {
        const template = ruleTemplate(templateKey)!;
        const { en, es } = template.words;
        const words: OwnWords = { sms: { en: en.sms, es: es.sms }, email: { en: en.email, es: es.email } };
        const errors = checkTemplate(template, words).filter(({ level }) => level === 'error');
        expect([templateKey, errors]).toEqual([templateKey, []]);
      }
    }
    expect(DEFAULT_CADENCES.flatMap(({ steps }) => steps.map(({ templateKey }) => templateKey)).sort()).toEqual(
      Object.keys(cadenceTemplates).sort(),
    );
  });
});
