import type { CadenceTrigger } from './cadence';

/**
 * How somebody stands with the business: a closed list, each a thing that a front desk does something else about. new: enquired, nobody has been reached yet.
 * no_answer: we tried. engaged: they wrote or talked. booked: a visit lies ahead. visited: was here. no_show: did not come. lapsed: has not come for long.
 * opted_out: wants no messages. lost: will not come, which only a person says.
 */
export const BUCKETS = ['new', 'no_answer', 'engaged', 'booked', 'visited', 'no_show', 'lapsed', 'opted_out', 'lost'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** What moves somebody by itself. `cancelled`: with nothing else ahead. `returned`: took an opt-out back. */
export type LeadFact =
  'enquired' | 'unanswered' | 'replied' | 'booked' | 'cancelled' | 'visited' | 'no_show' | 'lapsed' | 'opted_out' | 'returned';

/** What a cadence's start says of a person. */
export const FACT_OF_START: Partial<Record<CadenceTrigger, LeadFact>> = { never_answered: 'unanswered', winback: 'lapsed' };

/** Where a fact leaves those that it does not move. Facts about the calendar and opt-outs move everybody. */
const STAYS: Partial<Record<LeadFact, readonly Bucket[]>> = {
  enquired: ['engaged', 'booked', 'opted_out'],
  unanswered: ['booked', 'opted_out'],
  // Who confirms a visit by text is booked as before; only START takes an opt-out back.
  replied: ['booked', 'visited', 'opted_out'],
  lapsed: ['booked', 'opted_out'],
};
const MOVES: Record<LeadFact, Bucket> = {
  enquired: 'new',
  unanswered: 'no_answer',
  replied: 'engaged',
  booked: 'booked',
  cancelled: 'engaged',
  visited: 'visited',
  no_show: 'no_show',
  lapsed: 'lapsed',
  opted_out: 'opted_out',
  returned: 'engaged',
};

/** Where somebody stands after a fact; null before any. */
export function bucketAfter(current: Bucket | null, fact: LeadFact): Bucket | null {
  if (fact === 'cancelled' && current !== 'booked') return current;
  if (fact === 'returned' && current !== 'opted_out') return current;
  if (current !== null && STAYS[fact]?.includes(current)) return current;
  return MOVES[fact];
}
