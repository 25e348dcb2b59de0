import fc from 'fast-check';
import type { MessageStatus, Resolution } from '../../domain/message';

/** A line of the ledger as its rules are told (docs/messaging.md), without a word of SQL. */
export type Line = {
  status: MessageStatus;
  settled: boolean;
  attempt: number;
  rank: number;
  vendorId: string | null;
  /** Vendor ids of attempts that were given up after the vendor's own report. */
  past: string[];
  /** Against the person's cap (R24). */
  counted: boolean;
};

/** Which attempt a word is about: the newest, one that was given up and whose process or vendor woke up late, or the one of that number. */
type Of = 'newest' | 'earlier' | number;
export type Word = { rank: number; status: 'sent' | 'delivered' | 'failed' };

/** Everything that anybody does to a message's line. */
type Facts = {
  plan: { as: 'planned' | 'held' | 'skipped' };
  drop: object;
  skip: object;
  hold: object;
  defer: object;
  release: object;
  mark: object;
  accept: { of: Of };
  'give up': { of: Of };
  look: { of: Of };
  refuse: { of: Of; as: 'planned' | 'held' | 'skipped' | 'failed' };
  report: { of: Of; word: Word };
  /** The vendor says that it did not arrive, and that another attempt is worth while. */
  'report and reopen': { of: Of; as: 'planned' | 'held' };
  decide: { decision: Resolution };
};
type Does = keyof Facts;
export type StepOf<Do extends Does> = { do: Do } & Facts[Do];
export type Step = { [Do in Does]: StepOf<Do> }[Does];

export const FAILED: Word = { rank: 4, status: 'failed' };
const WORDS: Word[] = [
  ...[1, 2, 3].map((rank) => ({ rank, status: 'sent' as const })),
  { rank: 4, status: 'delivered' },
  FAILED,
  { rank: 5, status: 'delivered' },
];

const of = fc.constantFrom<Of[]>('newest', 'newest', 'newest', 'earlier');
const just = <Do extends string>(does: Do) => fc.constant(does);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: just('plan'), as: fc.constantFrom('planned' as const, 'held' as const, 'skipped' as const) }) },
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'mark' }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'skip' as const, 'hold' as const, 'defer' as const) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'release' }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('accept' as const, 'give up' as const, 'give up' as const, 'look' as const), of }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: just('refuse'),
      of,
      as: fc.constantFrom('planned' as const, 'held' as const, 'skipped' as const, 'failed' as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: just('report'), of, word: fc.constantFrom(...WORDS) }) },
  { weight: 2, arbitrary: fc.record({ do: just('report and reopen'), of, as: fc.constantFrom('planned' as const, 'held' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: just('decide'),
      decision: fc.constantFrom('it_was_sent' as const, 'send_again' as const, 'leave_it' as const),
    }),
  },
);

export const vendorIdOf = (attempt: number): string => `SM-${String(attempt)}`;
/** The attempt that a word is about; null: there was none. */
export const attemptOf = ({ attempt: newest }: Line, which: Of): number | null => {
  const attempt = typeof which === 'number' ? which : which === 'newest' ? newest : newest - 1;
  return attempt < 1 ? null : attempt;
};

const isOpen = ({ status }: Line): boolean => status === 'planned' || status === 'held';
/** Nobody has heard of the newest attempt yet, so whatever the vendor says of it counts. */
const isUnheard = ({ status }: Line): boolean => ['sending', 'unknown', 'planned', 'held', 'skipped'].includes(status);

/** What becomes of a line by one step; the same line: nothing. */
export function after(line: Line, taken: Step): Line {
  const rule = RULES[taken.do] as (line: Line, taken: Step) => Line;
  return rule(line, taken);
}

type Rule<Do extends Does> = (line: Line, taken: StepOf<Do>) => Line;

const RULES: { [Do in Does]: Rule<Do> } = {
  plan: (line, { as }) => (!line.settled && (isOpen(line) || line.status === 'skipped') ? { ...line, status: as } : line),
  drop: (line) => (isOpen(line) ? { ...line, status: 'skipped' } : line),
  skip: (line) => (isOpen(line) || line.status === 'skipped' ? { ...line, status: 'skipped', settled: true } : line),
  hold: (line) => (isOpen(line) ? { ...line, status: 'held' } : line),
  defer: (line) => (isOpen(line) ? { ...line, status: 'planned' } : line),
  release: (line) => (line.status === 'held' ? { ...line, status: 'planned' } : line),
  mark: (line) => (isOpen(line) ? { ...line, status: 'sending', attempt: line.attempt + 1, rank: 0, vendorId: null, counted: true } : line),
  accept: (line, { of: which }) => accepted(line, attemptOf(line, which)),
  'give up': (line, { of: which }) => (isUnderWay(line, which) ? { ...line, status: 'unknown', settled: true } : line),
  look: (line) => line,
  refuse: (line, { of: which, as }) =>
    isUnderWay(line, which) ? { ...line, status: as, settled: as === 'failed' || as === 'skipped', counted: false } : line,
  report: (line, { of: which, word }) => reported(line, attemptOf(line, which), word),
  'report and reopen': (line, { of: which, as }) => reopened(reported(line, attemptOf(line, which), FAILED), { line, as }),
  decide: (line, { decision }) => (line.status === 'unknown' ? { ...line, ...DECIDED[decision] } : line),
};

const isUnderWay = (line: Line, which: Of): boolean => attemptOf(line, which) === line.attempt && line.status === 'sending';

function accepted(line: Line, attempt: number | null): Line {
  if (attempt === null || attempt !== line.attempt || line.past.includes(vendorIdOf(attempt))) return line;
  const unnamed = line.status === 'sent' && line.vendorId === null;
  return isUnheard(line) || unnamed ? { ...line, status: 'sent', settled: true, vendorId: vendorIdOf(attempt), counted: true } : line;
}

function reported(line: Line, attempt: number | null, { rank, status }: Word): Line {
  if (attempt === null) return line;
  const vendorId = vendorIdOf(attempt);
  if (rank <= line.rank || line.past.includes(vendorId) || (line.vendorId !== null && line.vendorId !== vendorId)) return line;
  return { ...line, status, rank, vendorId, settled: true, counted: line.counted || status !== 'failed' };
}

function reopened(told: Line, { line, as }: { line: Line; as: 'planned' | 'held' }): Line {
  if (told === line || told.vendorId === null) return line;
  return { ...told, status: as, settled: false, rank: 0, vendorId: null, past: [...line.past, told.vendorId] };
}

const DECIDED: Record<Resolution, Partial<Line>> = {
  it_was_sent: { status: 'sent' },
  send_again: { status: 'planned', settled: false },
  leave_it: {},
};
