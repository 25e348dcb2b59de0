import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import type { PlannedRow } from '../../db/messages';
import { dropMessage, findMessage, savePlanned, skipMessage } from '../../db/messages';
import {
  deferMessage,
  holdMessage,
  markSending,
  noteAccepted,
  noteLook,
  noteRefused,
  noteReport,
  noteUnknown,
  releaseHeld,
  reopenFailed,
  returnToPlan,
} from '../../db/sending';
import type { Tx } from '../../db/tenancy';
import { withBusiness } from '../../db/tenancy';
import { decideUnknown } from '../../db/unknown-messages';
import { readConfig } from '../../config';
import type { MessageStatus } from '../../domain/message';
import { openDatabase, type OpenDatabase } from '../support/database';
import { aSalon, type Salon } from '../support/salon';
import { after, attemptOf, FAILED, step, vendorIdOf, type Line, type Step, type StepOf } from './ledger-model';

let database: OpenDatabase;
let salon: Salon;
beforeAll(async () => {
  database = await openDatabase();
  salon = await aSalon(database.db, { now: NOW, appSecret: readConfig({}).APP_SECRET });
});
afterAll(() => database.close());

const NOW = '2027-03-02T15:00:00.000Z';
const LATER = '2027-03-02T16:00:00.000Z';
const DECISION = { rulesVersion: 'v', answer: { kind: 'send' }, facts: {} } as never;

const inSalon = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => withBusiness(database.db, salon.id, work);

const planned = (id: string, as: PlannedRow['status']): PlannedRow => ({
  ...{ id, sendKey: id, appointmentId: null, contactId: salon.contactId, staffId: null },
  ...{ rule: 'handoff', messageClass: 'notice', channel: 'sms', scheduleVersion: null },
  ...{ status: as, reason: REASONS[as], dueAt: NOW, sendAt: NOW, notAfter: LATER },
});
const REASONS = { planned: null, held: 'registration_pending', skipped: 'cancelled' } as const;

const LETTER = {
  ...{ toAddress: '+12125550100', fromAddress: '+12125550101', fromName: null, subject: null, body: 'See you.', html: null },
  ...{ locale: 'en', templateId: 'handoff', asksConfirmation: false, segments: 1, vendor: 'twilio', decision: null },
  ...{ markedAt: NOW, now: NOW },
};

const read = async (tx: Tx, id: string): Promise<Line> => {
  const row = await findMessage(tx, id);
  const { pastVendorIds, countedAt } = row as unknown as { pastVendorIds: string[]; countedAt: string | null };
  const plain = (vendorId: string): string => vendorId.replace(`${id}/`, '');
  return {
    status: row.status as MessageStatus,
    settled: row.settledAt !== null,
    attempt: row.attempt,
    rank: row.vendorRank,
    vendorId: row.vendorId === null ? null : plain(row.vendorId),
    past: pastVendorIds.map(plain),
    counted: countedAt !== null,
  };
};

type Found = { tx: Tx; id: string; line: Line };

/** The step as the code takes it. `line`: what it found, which says what attempts there were. */
async function take(found: Found, taken: Step): Promise<unknown> {
  const steps = { ...BY_US, ...BY_THE_VENDOR };
  const code = steps[taken.do] as (found: Found, taken: Step) => Promise<unknown>;
  return code(found, taken);
}

type Code<Do extends Step['do']> = { [Each in Do]: (found: Found, taken: StepOf<Each>) => Promise<unknown> };

const BY_US: Code<'plan' | 'drop' | 'skip' | 'hold' | 'defer' | 'release' | 'mark' | 'decide'> = {
  plan: ({ tx, id }, { as }) => savePlanned(tx, [planned(id, as)], NOW),
  drop: ({ tx, id }) => dropMessage(tx, { id, reason: 'superseded', now: NOW }),
  skip: ({ tx, id }) => skipMessage(tx, { id, reason: 'too_late', decision: null, now: NOW }),
  hold: ({ tx, id }) => holdMessage(tx, { id, reason: 'registration_pending', decision: DECISION, now: NOW }),
  defer: ({ tx, id }) => deferMessage(tx, { id, until: LATER, reason: 'quiet_hours', decision: DECISION, now: NOW }),
  release: ({ tx }) => releaseHeld(tx, { reason: 'registration_pending', now: NOW }),
  mark: ({ tx, id }) =>
    markSending(tx, { id, ...LETTER }).catch((error: unknown) => expect(String(error)).toMatch(/the message is no longer planned/)),
  decide: ({ tx, id }, { decision }) => decideUnknown(tx, { id, decision, now: NOW }),
};

const BY_THE_VENDOR: Code<'accept' | 'give up' | 'look' | 'refuse' | 'report' | 'report and reopen'> = {
  accept: (found, { of }) => spoken(found, of, (about, vendorId) => noteAccepted(found.tx, { ...about, vendorId })),
  'give up': (found, { of }) => spoken(found, of, (about) => noteUnknown(found.tx, about)),
  look: (found, { of }) => spoken(found, of, (about) => noteLook(found.tx, about)),
  refuse: (found, { of, as }) =>
    spoken(found, of, (about) =>
      as === 'planned'
        ? returnToPlan(found.tx, { ...about, deferredUntil: LATER, reason: null })
        : noteRefused(found.tx, {
            ...about,
            status: as,
            reason: as === 'held' ? REASONS.held : as === 'failed' ? null : 'suppressed',
            vendorCode: '1',
          }),
    ),
  report: (found, { of, word }) => spoken(found, of, ({ id }, vendorId) => noteReport(found.tx, { ...REPORT, ...word, id, vendorId })),
  'report and reopen': ({ tx, ...found }, { of, as }) =>
    spoken({ tx, ...found }, of, async ({ id }, vendorId) => {
      const moved = await noteReport(tx, { ...REPORT, ...FAILED, id, vendorId });
      if (moved) await reopenFailed(tx, { id, status: as, reason: REASONS[as], deferredUntil: LATER, now: NOW });
    }),
};

const REPORT = { vendor: 'twilio', vendorCode: null, now: NOW };
type About = { id: string; attempt: number; now: string };

/** A word on an attempt, under the id that the vendor gave it, unlike any other message's. Nothing when there was no such attempt. */
async function spoken(
  { id, line }: Found,
  of: StepOf<'look'>['of'],
  say: (about: About, vendorId: string) => Promise<unknown>,
): Promise<void> {
  const attempt = attemptOf(line, of);
  if (attempt !== null) await say({ id, attempt, now: NOW }, `${id}/${vendorIdOf(attempt)}`);
}

const FRESH: Line = { status: 'planned', settled: false, attempt: 0, rank: 0, vendorId: null, past: [], counted: false };

async function aLine(tx: Tx): Promise<{ id: string; line: Line }> {
  const id = newId();
  await savePlanned(tx, [planned(id, 'planned')], NOW);
  return { id, line: FRESH };
}

/** Takes the steps one after the other; after each the line is what the model says. */
async function walk(tx: Tx, from: { id: string; line: Line }, steps: Step[]): Promise<Line> {
  let line = from.line;
  for (const taken of steps) {
    const next = after(line, taken);
    await take({ tx, id: from.id, line }, taken);
    expect({ after: taken, of: line, line: await read(tx, from.id) }).toEqual({ after: taken, of: line, line: next });
    expectLawful({ before: line, now: next, by: taken.do });
    line = next;
  }
  return line;
}

const SEED = { seed: Number(process.env['PROPERTY_SEED'] ?? 20270302) };
const seen = { statuses: new Set<string>(), ways: new Set<string>() };

type Moved = { before: Line; now: Line; by: Step['do'] };
const SPOKEN: Step['do'][] = ['accept', 'report', 'report and reopen'];

/** What holds of every step, whatever the model says. */
const LAWS: Record<string, (moved: Moved) => boolean> = {
  'within one attempt the rank never goes back': ({ before, now, by }) =>
    now.attempt > before.attempt || by === 'report and reopen' || now.rank >= before.rank,
  'an attempt begins with its mark, and only from planned or held': ({ before, now, by }) =>
    now.attempt === before.attempt ||
    (by === 'mark' && now.attempt === before.attempt + 1 && ['planned', 'held'].includes(before.status) && now.status === 'sending'),
  'what was delivered stays delivered': ({ before, now }) => before.status !== 'delivered' || now.status === 'delivered',
  'only the vendor moves what is settled, and a person what is unknown': ({ before, now, by }) =>
    !before.settled || now.status === before.status || SPOKEN.includes(by) || (before.status === 'unknown' && by === 'decide'),
  'what is under way waits for a word on it': ({ before, now, by }) =>
    before.status !== 'sending' || now.status === 'sending' || [...SPOKEN, 'refuse', 'give up'].includes(by),
};

function expectLawful(moved: Moved): void {
  const { before, now } = moved;
  seen.statuses.add(now.status);
  if (now.status !== before.status) seen.ways.add(`${before.status} → ${now.status}`);
  const broken = Object.entries(LAWS).flatMap(([law, holds]) => (holds(moved) ? [] : [law]));
  expect({ ...moved, broken }).toEqual({ ...moved, broken: [] });
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

describe('a message’s line in the ledger', () => {
  it('is what its rules say after every step, in any order of plans, marks, answers, reports and decisions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), async (steps) => {
        await inSalon(async (tx) => walk(tx, await aLine(tx), steps));
      }),
      { ...SEED, numRuns: Number(process.env['PROPERTY_RUNS'] ?? 120) },
    );
    // Nothing of this would mean much if the walks stayed at home.
    expect([...seen.statuses].sort()).toEqual(['delivered', 'failed', 'held', 'planned', 'sending', 'sent', 'skipped', 'unknown']);
    expect(seen.ways.size).toBeGreaterThan(20);
  });

  it('ends as after one of their orders when three take hold of it in the same instant', async () => {
    const three = fc.tuple(step, step, step);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), three, async (before, together) => {
        const start = await inSalon(async (tx) => {
          const begun = await aLine(tx);
          return { id: begun.id, line: await walk(tx, begun, [{ do: 'mark' }, ...before]) };
        });
        await Promise.all(together.map((taken) => inSalon((tx) => take({ tx, ...start }, taken))));
        const end = await inSalon((tx) => read(tx, start.id));
        const possible = ORDERS.map((order) => order.reduce((line, i) => after(line, about(start.line, together[i]!)), start.line));
        expect(possible).toContainEqual(end);
      }),
      { ...SEED, numRuns: 60 },
    );
  });
});

/** The three speak of the attempt that they found, not of one that another began meanwhile. */
const about = (found: Line, taken: Step): Step => ('of' in taken ? { ...taken, of: attemptOf(found, taken.of) ?? 0 } : taken);
