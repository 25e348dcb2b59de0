import fc from 'fast-check';
import { plusMs } from '../../domain/time';
import { closedAs, isOffTheList, offerTurn, slotState, type OpenOffer, type SlotFactsNow } from '../../domain/waitlist-offer';

const ASKED = '2027-03-15T17:00:00.000Z';
const STARTS = '2027-03-15T20:00:00.000Z';
const after = (minutes: number): string => plusMs(ASKED, minutes * 60_000);

const offer = (message: Partial<OpenOffer['message']> = {}): OpenOffer => ({
  createdAt: ASKED,
  message: { status: 'delivered', reason: null, sendAt: ASKED, sentAt: ASKED, ...message },
});

describe('offerTurn', () => {
  it('gives half an hour to answer, and not a moment more', () => {
    expect(offerTurn(offer(), after(29))).toEqual({ kind: 'wait', askedAt: ASKED, until: after(30) });
    expect(offerTurn(offer(), after(30))).toEqual({ kind: 'ignored' });
  });

  it('counts the half hour from when it was sent', () => {
    expect(offerTurn(offer({ sentAt: after(4) }), after(31))).toEqual({ kind: 'wait', askedAt: after(4), until: after(34) });
  });

  it.each<[string, Partial<OpenOffer['message']>, ReturnType<typeof offerTurn>]>([
    ['sends what waits', { status: 'planned', sentAt: null }, { kind: 'send', at: after(1) }],
    [
      'sends again in a moment when the vendor asks for it',
      { status: 'planned', sentAt: null, sendAt: after(3) },
      { kind: 'send', at: after(3) },
    ],
    ['finds out what became of one under way', { status: 'sending', sentAt: null }, { kind: 'send', at: after(1) }],
    [
      'passes over whom the gate would let wait for hours',
      { status: 'planned', sentAt: null, sendAt: after(600), reason: 'contact_cap' },
      { kind: 'passed_over', reason: 'contact_cap' },
    ],
    ['passes over who opted out', { status: 'skipped', sentAt: null, reason: 'suppressed' }, { kind: 'passed_over', reason: 'suppressed' }],
    [
      'passes over when the number is held',
      { status: 'held', reason: 'registration_pending' },
      { kind: 'passed_over', reason: 'registration_pending' },
    ],
    [
      'does not hold a text that never arrived against its person',
      { status: 'failed', reason: 'channel_unusable' },
      { kind: 'passed_over', reason: 'channel_unusable' },
    ],
  ])('%s', (_, message, expected) => {
    expect(offerTurn(offer(message), after(1))).toEqual(expected);
  });

  it('does not count one against its person of which nobody knows whether it was sent', () => {
    expect(offerTurn(offer({ status: 'unknown', sentAt: null }), after(29))).toMatchObject({ kind: 'wait' });
    expect(offerTurn(offer({ status: 'unknown', sentAt: null }), after(30))).toEqual({ kind: 'passed_over', reason: null });
  });
});

describe('slotState', () => {
  const slot = (more: Partial<SlotFactsNow> = {}): SlotFactsNow => ({
    status: 'open',
    startsAt: STARTS,
    isFree: true,
    open: 0,
    batchSize: 1,
    ...more,
  });

  it.each<[string, Partial<SlotFactsNow>, number, ReturnType<typeof slotState>]>([
    ['asks while nobody is asked', {}, 0, 'free'],
    ['waits while somebody is asked', { open: 1 }, 0, 'asking'],
    ['asks more when a batch has room', { open: 2, batchSize: 3 }, 0, 'free'],
    ['is taken when somebody else booked it', { isFree: false, open: 1 }, 0, 'taken'],
    ['is too close an hour before, less a minute', {}, 121, 'too_close'],
    ['is not too close an hour before', {}, 120, 'free'],
    ['lets an offer that is open run on within the last hour', { open: 1, batchSize: 3 }, 121, 'asking'],
    ['has losers when an offer was accepted', { status: 'filled', isFree: false, open: 1 }, 0, 'filled'],
    ['is over when it is filled and nobody is left to be told', { status: 'filled', isFree: false }, 0, 'over'],
    ['is over once nobody was left', { status: 'nobody' }, 0, 'over'],
    ['is over once it was taken', { status: 'taken', isFree: false }, 0, 'over'],
  ])('%s', (...[, more, minutes, expected]) => {
    expect(slotState(slot(more), after(minutes))).toBe(expected);
  });

  it('never asks for a slot that is gone, too close, or full of offers', () => {
    const facts = fc.record({
      status: fc.constantFrom('open' as const, 'filled' as const, 'taken' as const, 'too_close' as const, 'nobody' as const),
      isFree: fc.boolean(),
      open: fc.integer({ min: 0, max: 4 }),
      batchSize: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 200 }), (some, minutes) => {
        if (slotState(slot(some), after(minutes)) !== 'free') return;
        expect(some).toMatchObject({ status: 'open', isFree: true });
        expect(some.open).toBeLessThan(some.batchSize);
        expect(minutes).toBeLessThanOrEqual(120);
      }),
    );
  });
});

describe('what ends an offer', () => {
  it('is lost to a faster one, withdrawn otherwise', () => {
    expect((['filled', 'taken', 'too_close', 'nobody'] as const).map(closedAs)).toEqual(['lost', 'withdrawn', 'withdrawn', 'withdrawn']);
  });

  it('takes a person off the list the third time they do not answer', () => {
    expect([1, 2, 3, 4].map(isOffTheList)).toEqual([false, false, true, true]);
  });
});
