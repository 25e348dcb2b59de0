import { readConfig } from '../config';
import { findPermissionFacts } from '../db/permission-facts';
import { withBusiness } from '../db/tenancy';
import { gate } from '../domain/gate';
import { gateFactsOf, type PermissionAsked } from '../domain/permission';
import { HOUR_MS, plusMs } from '../domain/time';
import { aSalon } from '../test/support/salon';
import type { Report } from './measure';
import { fixed, spread, timed } from './measure';
import { startBench } from './setup';

const NOW = '2027-03-01T15:00:00.000Z';
const DECISIONS = 20_000;
const ASKS = 2_000;
const AT_ONCE = 10;
const ROUNDS = 7;

/** How many decisions of the gate a second: the pure function alone, and with its facts gathered by the one query in a transaction of the business. */
export async function gateDecisions(): Promise<Report> {
  const bench = await startBench({ connections: AT_ONCE });
  try {
    const salon = await aSalon(bench.db, { appSecret: readConfig({}).APP_SECRET });
    const ask = (now: string): PermissionAsked => ({
      ...{ now, notAfter: plusMs(now, HOUR_MS), rule: '1d', messageClass: 'reminder', channel: 'sms', causedAt: null, spreadKey: 'a' },
    });
    const gather = () =>
      withBusiness(bench.db, salon.id, (tx) => findPermissionFacts(tx, { contactId: salon.contactId, now: NOW, dncSince: null }));
    const facts = await gather();
    const decide = (turn: number): string => gate(gateFactsOf(facts, ask(plusMs(NOW, turn * 7_001)))).kind; // another instant each time, day and night
    const pure: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const pureMs = await timed(() => {
        for (let turn = 0; turn < DECISIONS; turn += 1) decide(turn);
        return Promise.resolve();
      });
      const wholeMs = await timed(() =>
        Promise.all(
          Array.from({ length: AT_ONCE }, async (_, lane) => {
            for (let turn = 0; turn < ASKS / AT_ONCE; turn += 1) gate(gateFactsOf(await gather(), ask(plusMs(NOW, lane * turn))));
          }),
        ),
      );
      if (round === 0) continue; // warms up
      pure.push((DECISIONS * 1_000) / pureMs);
      whole.push((ASKS * 1_000) / wholeMs);
    }
    const row = (name: string, rates: number[]): string[] => {
      const { min, median, max } = spread(rates);
      return [name, fixed(min, 0), fixed(median, 0), fixed(max, 0)];
    };
    return {
      title: 'Decisions of the gate',
      method: `${String(ROUNDS)} rounds after a warm-up. Alone: ${String(DECISIONS)} decisions on one core over the same facts, each at another instant. With its facts: ${String(ASKS)} questions, ${String(AT_ONCE)} at a time, each one transaction of the business with one query.`,
      rows: [['', 'min /s', 'median /s', 'max /s'], row('the pure function', pure), row('with its facts from PostgreSQL', whole)],
    };
  } finally {
    await bench.close();
  }
}
