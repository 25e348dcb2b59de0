import type { Knex } from 'knex';
import { v7 as newId } from 'uuid';
import { readConfig } from '../config';
import { isDeadlock, isTaken, TimeTaken } from '../db/errors';
import { withBusiness, type Db } from '../db/tenancy';
import { HOUR_MS, MINUTE_MS, plusMs } from '../domain/time';
import { aSalon, type Salon } from '../test/support/salon';
import type { Report, Spread } from './measure';
import { fixed, interleaved, ratios, spread } from './measure';
import type { Bench } from './setup';
import { startBench } from './setup';

const CLIENTS = 64;
const TRIES = 12;
const ROUNDS = 5;
const NOW = '2027-03-01T15:00:00.000Z';

type Race = { name: string; startOf: (client: number, turn: number) => string };

/** 64 clients on one slot, and on one busy member of staff: our exclusion constraint against an advisory lock with a look before the insert. */
export async function bookingRace(): Promise<Report> {
  const bench = await startBench({ connections: CLIENTS });
  try {
    const salon = await aSalon(bench.db, { appSecret: readConfig({}).APP_SECRET });
    await addAdvisoryTwin(bench.owner);
    const rows: string[][] = [
      [
        'race',
        'exclusion, attempts/s (median)',
        'advisory lock, attempts/s (median)',
        'ratio min / median / max',
        'control A/A',
        'overlaps',
        'deadlocks',
      ],
    ];
    for (const race of RACES) rows.push(await runRace(bench, salon, race));
    return {
      title: 'Booking race',
      method: `${String(CLIENTS)} clients, ${String(TRIES)} attempts each, ${String(ROUNDS)} interleaved rounds after a warm-up; one transaction of the business for each attempt, tables emptied before each round. The advisory twin is the same table without the constraint: pg_advisory_xact_lock on the member of staff, a look for overlaps, an insert.`,
      rows,
    };
  } finally {
    await bench.close();
  }
}

const RACES: Race[] = [
  { name: 'one slot', startOf: (_, turn) => plusMs(NOW, turn * HOUR_MS) },
  { name: 'one busy member of staff', startOf: (client, turn) => plusMs(NOW, ((client * 7 + turn * 13) % 400) * 15 * MINUTE_MS) },
];

async function runRace(bench: Bench, salon: Salon, race: Race): Promise<string[]> {
  const counters: Counters = { overlaps: 0, deadlocks: 0 };
  const variant = (name: string, table: string, attempt: Attempt) => ({
    name,
    run: async () => {
      await bench.owner(table).delete();
      const rate = await attemptsPerSecond(bench.db, { salon, race, attempt, counters });
      counters.overlaps += await countOverlaps(bench.owner, table);
      return rate;
    },
  });
  const exclusion = variant('exclusion', 'appointments', byConstraint);
  const values = await interleaved(
    [exclusion, variant('advisory', 'appointments_advisory', byAdvisoryLock), { ...exclusion, name: 'control' }],
    ROUNDS,
  );
  const median = (name: string): string => fixed(spread(values.get(name) ?? []).median, 0);
  const shown = ({ min, median: middle, max }: Spread): string => `${fixed(min, 2)} / ${fixed(middle, 2)} / ${fixed(max, 2)}`;
  return [
    race.name,
    median('exclusion'),
    median('advisory'),
    shown(ratios(values, ['exclusion', 'advisory'])),
    shown(ratios(values, ['control', 'exclusion'])),
    String(counters.overlaps),
    String(counters.deadlocks),
  ];
}

type Attempt = (tx: Knex.Transaction, row: Record<string, unknown>) => Promise<void>;

type Round = { salon: Salon; race: Race; attempt: Attempt; counters: Counters };

async function attemptsPerSecond(db: Db, { salon, race, attempt, counters }: Round): Promise<number> {
  const client = async (number: number): Promise<void> => {
    for (let turn = 0; turn < TRIES; turn += 1) await tryOnce(db, { salon, startsAt: race.startOf(number, turn), attempt, counters });
  };
  const from = Date.now();
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return (CLIENTS * TRIES * 1_000) / (Date.now() - from);
}

type Counters = { overlaps: number; deadlocks: number };
type Try = { salon: Salon; startsAt: string; attempt: Attempt; counters: Counters };

/** A refused attempt is an answer like any other. */
async function tryOnce(db: Db, { salon, startsAt, attempt, counters }: Try): Promise<void> {
  const endsAt = plusMs(startsAt, HOUR_MS);
  const facts = {
    locationId: salon.locationId,
    contactId: salon.contactId,
    serviceId: salon.serviceId,
    staffId: salon.staffId,
    businessId: salon.id,
  };
  const times = {
    startsAt,
    endsAt,
    busyFrom: startsAt,
    busyTo: endsAt,
    statusChangedAt: NOW,
    createdAt: NOW,
    updatedAt: NOW,
    bookedAt: NOW,
  };
  const row = { id: newId(), ...facts, ...times, status: 'booked', zone: 'America/New_York' };
  const once = (): Promise<void> => withBusiness(db, salon.id, (tx) => attempt(tx, row));
  // As the API does: a deadlock is tried once more, then it is a refusal (docs/architecture.md, No double booking).
  for (const isLast of [false, true]) {
    try {
      await once();
      return;
    } catch (error) {
      if (isDeadlock(error)) counters.deadlocks += 1;
      if (isTaken(error) || (isDeadlock(error) && isLast)) return;
      if (!isDeadlock(error)) throw error;
    }
  }
}

/** As db/appointments.ts inserts. */
const byConstraint: Attempt = async (tx, row) => {
  const taken = await tx('appointments').insert(row).onConflict(tx.raw('on constraint appointments_staff_free')).ignore().returning('id');
  if (taken.length === 0) throw new TimeTaken();
};

const byAdvisoryLock: Attempt = async (tx, row) => {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [row['staffId'] as string]);
  const taken = await tx('appointmentsAdvisory')
    .where({ staffId: row['staffId'] as string, live: true })
    .whereRaw('busy && tstzrange(?, ?)', [row['busyFrom'] as string, row['busyTo'] as string])
    .limit(1)
    .select('id');
  if (taken.length === 0) await tx('appointmentsAdvisory').insert(row);
};

async function addAdvisoryTwin(owner: Knex): Promise<void> {
  await owner.raw(`
    create table appointments_advisory (like appointments including defaults including generated including constraints);
    alter table appointments_advisory add primary key (business_id, id);
    create index on appointments_advisory using gist (business_id, staff_id, busy) where live;
    create index on appointments_advisory (business_id, starts_at, id);
    create index on appointments_advisory (business_id, contact_id, starts_at);
    create index on appointments_advisory (business_id, staff_id, starts_at);
    alter table appointments_advisory enable row level security;
    alter table appointments_advisory force row level security;
    create policy business on appointments_advisory using (business_id = (select current_business())) with check (business_id = (select current_business()));
    grant select, insert, update, delete on appointments_advisory to usher_app`);
}

async function countOverlaps(owner: Knex, table: string): Promise<number> {
  const { rows } = await owner.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from ${table} a join ${table} b on a.staff_id = b.staff_id and a.id < b.id and a.busy && b.busy where a.live and b.live`,
  );
  return rows[0]?.count ?? 0;
}
