import fc from 'fast-check';
import { gate, type Cap, type GateAnswer, type GateFacts } from '../../domain/gate';
import type { Reason } from '../../domain/message';
import { contactHours, DEFAULT_QUIET_HOURS, isAllowed, type ContactHours } from '../../domain/quiet-hours';
import { STATE_RULES } from '../../domain/state-rules';
import { instant, isBefore, plusMs } from '../../domain/time';

/** The order of R23. */
const ORDER: Reason[] = [
  'business_inactive',
  'suppressed',
  'dnc',
  'no_consent',
  'channel_unusable',
  'no_postal_address',
  'quiet_hours',
  'velocity_per_min',
  'velocity_daily',
  'contact_cap',
  'international_blocked',
  'trial_outbound_disabled',
  'registration_pending',
  'too_late',
];
const RANK: Record<GateAnswer['kind'], number> = { send: 0, defer: 1, hold: 2, skip: 3 };

const minute = fc.integer({ min: 0, max: 1439 });
const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 11, 31) }).map(instant);

const hours: fc.Arbitrary<ContactHours> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<ContactHours>({ kind: 'always' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('windows' as const),
      zones: fc.uniqueArray(
        fc.constantFrom('America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'Europe/Madrid', 'Pacific/Honolulu'),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      quiet: fc.array(fc.record({ startMinute: minute, endMinute: minute }), { minLength: 1, maxLength: 2 }),
      rows: fc.uniqueArray(fc.constantFrom(...STATE_RULES.map(({ id }) => id)), { maxLength: 3 }),
      free: fc.constant(null),
    }),
  },
);

const cap = (now: string): fc.Arbitrary<Cap> =>
  fc
    .record({ used: fc.integer({ min: 0, max: 6 }), limit: fc.integer({ min: 0, max: 5 }), inMs: fc.integer({ min: 1, max: 86_400_000 }) })
    .map(({ used, limit, inMs }) => ({ used, limit, freesAt: used >= limit && limit > 0 ? plusMs(now, inMs) : null }));

const facts: fc.Arbitrary<GateFacts> = at.chain((now) =>
  fc.record({
    now: fc.constant(now),
    notAfter: fc.integer({ min: -3_600_000, max: 7 * 86_400_000 }).map((ms) => plusMs(now, ms)),
    rule: fc.constantFrom(null, '1d' as const, 'opt_out_ack' as const, 'help' as const, 'confirm_ack' as const),
    messageClass: fc.constantFrom('reply', 'notice', 'reminder', 'review', 'marketing', 'call', 'staff'),
    channel: fc.constantFrom('sms', 'whatsapp', 'email', 'voice'),
    businessStatus: fc.constantFrom('active', 'active', 'active', 'paused', 'canceled'),
    suppressed: often(false),
    onOwnDncList: often(false),
    dncCheck: fc.constantFrom('off', 'clear', 'listed', 'unknown'),
    consent: often(true),
    postalAddressKnown: fc.boolean(),
    channelUsable: often(true),
    hours,
    zoneSource: fc.constantFrom('stated', 'area_code', null),
    callsPerMin: cap(now),
    callsPerDay: cap(now),
    contactCap: cap(now),
    abroad: often(false),
    international: fc.constantFrom('none', 'visits', 'all'),
    trialOutboundDisabled: often(false),
    registrationPending: often(false),
    spreadKey: fc.uuid(),
  }),
);

function often(value: boolean): fc.Arbitrary<boolean> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(!value) });
}

/** One prohibition more than before. */
const PROHIBITIONS: Record<string, (before: GateFacts) => Partial<GateFacts>> = {
  paused: ({ businessStatus }) => ({ businessStatus: businessStatus === 'canceled' ? 'canceled' : 'paused' }),
  canceled: () => ({ businessStatus: 'canceled' }),
  'opted out': () => ({ suppressed: true }),
  "on the business's list": () => ({ onOwnDncList: true }),
  'on the external list': () => ({ dncCheck: 'listed' }),
  'no answer of the list': ({ dncCheck }) => ({ dncCheck: dncCheck === 'listed' ? 'listed' : 'unknown' }),
  'no consent': () => ({ consent: false }),
  'dead channel': () => ({ channelUsable: false }),
  'quiet all day': (before) => ({ hours: narrowed(before.hours) }),
  'five calls this minute': ({ callsPerMin, now }) => ({ callsPerMin: filled(callsPerMin, now) }),
  'fifty calls today': ({ callsPerDay, now }) => ({ callsPerDay: filled(callsPerDay, now) }),
  'three messages today': ({ contactCap, now }) => ({ contactCap: filled(contactCap, now) }),
  abroad: () => ({ abroad: true }),
  'no business abroad': () => ({ international: 'none' }),
  trial: () => ({ trialOutboundDisabled: true }),
  'registration under way': () => ({ registrationPending: true }),
  'an earlier end': ({ now }) => ({ notAfter: now }),
};

const filled = (before: Cap, now: string): Cap => ({
  ...before,
  used: Math.max(before.used, before.limit),
  freesAt: before.freesAt ?? plusMs(now, 60_000),
});

const narrowed = (before: ContactHours): ContactHours => {
  if (before.kind === 'always')
    return { kind: 'windows', zones: ['UTC'], quiet: [{ startMinute: 480, endMinute: 1260 }], rows: [], free: null };
  return { ...before, quiet: [...before.quiet, { startMinute: 480, endMinute: 1260 }] };
};

describe('the gate, whatever the facts', () => {
  it.each(Object.entries(PROHIBITIONS))('never lets more through because of one prohibition more: %s', (_, prohibit) => {
    fc.assert(
      fc.property(facts, (before) => {
        const [free, forbidden] = [gate(before), gate({ ...before, ...prohibit(before) })];
        expect(RANK[forbidden.kind]).toBeGreaterThanOrEqual(RANK[free.kind]);
      }),
      { numRuns: 200 },
    );
  });

  it('names the first reason of the order when one prohibition is added: never a later one than before, within a kind', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...Object.keys(PROHIBITIONS)), (before, name) => {
        const [one, two] = [gate(before), gate({ ...before, ...PROHIBITIONS[name]!(before) })];
        if (one.kind === 'send' || two.kind === 'send' || one.kind !== two.kind || one.reason === 'too_late') return;
        expect(ORDER.indexOf(two.reason)).toBeLessThanOrEqual(ORDER.indexOf(one.reason));
      }),
      { numRuns: 1_000 },
    );
  });

  it('says final over held over deferred', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const answer = gate(given);
        const final = gate({ ...given, suppressed: true, rule: null });
        if (given.messageClass !== 'staff') expect(final.kind).toBe('skip');
        const held = gate({ ...given, registrationPending: true });
        if (answer.kind === 'defer' && given.messageClass !== 'call') expect(held.kind).toBe('hold');
        if (answer.kind === 'skip' && answer.reason !== 'too_late') expect(held.kind).toBe('skip');
      }),
      { numRuns: 1_000 },
    );
  });

  it('defers to an allowed minute ahead, before the message is of no use, at which nothing it waited for stands in the way', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const answer = gate(given);
        if (answer.kind !== 'defer') return;
        expect(isBefore(given.now, answer.until)).toBe(true);
        expect(isBefore(answer.until, given.notAfter)).toBe(true);
        expect(isAllowed(given.hours, answer.until)).toBe(true);
        const { freesAt } = given.contactCap;
        if (answer.reason === 'contact_cap' && freesAt !== null) expect(isBefore(answer.until, freesAt)).toBe(false);
        const later = gate({ ...given, now: answer.until, dncCheck: 'clear', contactCap: { ...given.contactCap, used: 0, limit: 3 } });
        expect(later).toEqual({ kind: 'send' });
      }),
      { numRuns: 2_000 },
    );
  });

  it('sends only with consent, inside hours, to somebody who is not opted out, unless the class is free of it', () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (gate(given).kind !== 'send') return;
        const unasked = given.messageClass !== 'reply' && given.messageClass !== 'staff';
        if (unasked)
          expect([given.consent, given.suppressed, given.channel !== 'email' && given.onOwnDncList]).toEqual([true, false, false]);
        expect([given.channelUsable, given.businessStatus]).toEqual([true, 'active']);
        if (given.messageClass !== 'call') expect(given.registrationPending).toBe(false);
        expect(isAllowed(given.hours, given.now)).toBe(true);
        expect(isBefore(given.now, given.notAfter)).toBe(true);
        if (given.messageClass === 'call')
          for (const cap of [given.callsPerMin, given.callsPerDay]) expect(cap.used).toBeLessThan(cap.limit);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds offers and review requests back at the cap, and reminders, notices and answers never', () => {
    const reached = { cap: 0, past: 0 };
    fc.assert(
      fc.property(facts, (given) => {
        const answer = gate(given);
        const isFull = given.contactCap.used >= given.contactCap.limit;
        const waits = given.messageClass === 'review' || given.messageClass === 'marketing';
        if (waits && answer.kind === 'send') expect(isFull).toBe(false);
        if (!waits && answer.kind !== 'send') expect(answer.reason).not.toBe('contact_cap');
        if (answer.kind !== 'send' && answer.reason === 'contact_cap') reached.cap += 1;
        if (!waits && isFull && answer.kind === 'send') reached.past += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(reached.cap, reached.past)).toBeGreaterThan(0);
  });

  it('lets nothing through that the law’s hours forbid, whatever hours a business sets: it only narrows them', () => {
    const place = fc.record({
      source: fc.constant('stated' as const),
      zones: fc.uniqueArray(fc.constantFrom('America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu'), { maxLength: 2 }),
      states: fc.constantFrom<string[]>([], ['FL'], ['TX', 'CA']),
      countries: fc.constant<string[]>(['US']),
    });
    const own = fc.record({ startMinute: minute, endMinute: minute });
    const narrowedBy = { count: 0 };
    fc.assert(
      fc.property(facts, place, own, (given, recipient, quiet) => {
        const { messageClass, channel } = given;
        const hoursBy = (set: typeof quiet): ContactHours =>
          contactHours({ messageClass, channel, place: recipient, quiet: set, causedByRecipientAt: null });
        const [law, business] = [hoursBy(DEFAULT_QUIET_HOURS), hoursBy(quiet)];
        expect(isAllowed(business, given.now) && !isAllowed(law, given.now)).toBe(false);
        const [byLaw, byBusiness] = [gate({ ...given, hours: law }), gate({ ...given, hours: business })];
        expect(RANK[byBusiness.kind]).toBeGreaterThanOrEqual(RANK[byLaw.kind]);
        if (RANK[byBusiness.kind] > RANK[byLaw.kind]) narrowedBy.count += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(narrowedBy.count).toBeGreaterThan(0);
  });
});
