import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { readConfig } from '../config';
import { signTwilio } from '../providers/twilio/signature';
import { STATUS_PATH, SIGNED_ORIGIN, type Asked, type Door } from './ingest-door';
import type { Report } from './measure';
import { fixed, ratios, spread } from './measure';
import { startBench } from './setup';

const CONNECTIONS = 64;
const ROUND_MS = 4_000;
const ROUNDS = 5;
const OPEN_RATES = [250, 500, 1_000, 2_000];
const OPEN_MS = 5_000;

type OpenRound = { rate: number; p50Ms: number; p99Ms: number };
type Round = { rate: number; p50Ms: number; p99Ms: number; cpuUs: number; walBytes: number };
type Variant = { name: string; door: Door };

const VARIANTS: Variant[] = [
  { name: 'usher', door: 'usher' },
  { name: 'stored', door: 'stored' },
  { name: 'single', door: 'single' },
  { name: 'control', door: 'single' },
  { name: 'naive', door: 'naive' },
  { name: 'nothing', door: 'nothing' },
];

/** B1: signed webhooks a second, through the product's own door, against one plain INSERT, four trips, and no store at all. */
export async function ingest(): Promise<Report> {
  const bench = await startBench();
  const servers = new Map<string, Server>();
  try {
    await bench.owner.raw(TABLES);
    for (const { name, door } of VARIANTS) servers.set(name, await startServer({ door, databaseUrl: bench.postgres.url }));
    const rounds = new Map<string, Round[]>(VARIANTS.map(({ name }) => [name, []]));
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const { name } of VARIANTS) {
        const measured = await closedLoop(servers.get(name) as Server, bench.owner);
        await quiet(servers.get(name) as Server);
        if (round > 0) rounds.get(name)?.push(measured); // the first warms up
      }
    }
    const open: OpenRound[] = [];
    for (const rate of OPEN_RATES) {
      open.push({ rate, ...(await openLoop(servers.get('usher') as Server, rate)) });
      await quiet(servers.get('usher') as Server);
    }
    return report(rounds, open);
  } finally {
    for (const { child } of servers.values()) child.kill('SIGKILL');
    await bench.close();
  }
}

/** As webhook_events has them; the second as a tenant's table. */
const columns = `business_id uuid not null, id uuid primary key, provider text not null, event_id text not null, kind text not null, payload bytea not null, key_id text not null,
  status text not null default 'received', next_attempt_at timestamptz not null default now(), received_at timestamptz not null default now(), unique (provider, event_id)`;
const table = (name: string): string => `create table ${name} (${columns});
  create index on ${name} (next_attempt_at) where status = 'received'; create index on ${name} (received_at); grant insert, select on ${name} to usher_app;`;
const TABLES = `${table('bench_events')} ${table('bench_tenant_events')}
  alter table bench_tenant_events enable row level security; alter table bench_tenant_events force row level security;
  create policy business on bench_tenant_events using (business_id = (select current_business()));`;

type Server = { child: ChildProcess; port: number; agent: Agent };

async function startServer(asked: Asked): Promise<Server> {
  const child = fork(join(__dirname, 'ingest-server.js'), [JSON.stringify(asked)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port, agent: new Agent({ keepAlive: true, maxSockets: 4 * CONNECTIONS }) };
}

async function cpuOf({ child }: Server): Promise<number> {
  child.send('cpu');
  const [{ cpuUs }] = (await once(child, 'message')) as [{ cpuUs: number }];
  return cpuUs;
}

/** Usher handles what it took in after its answer: the next round must not pay for it. */
async function quiet(server: Server): Promise<void> {
  for (let [before, now] = [-Infinity, await cpuOf(server)]; now - before > 5_000; [before, now] = [now, await cpuOf(server)])
    await new Promise((resolve) => setTimeout(resolve, 250));
}

const walOf = async (owner: Knex): Promise<number> => {
  const { rows } = await owner.raw<{ rows: { bytes: number }[] }>(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes`);
  return rows[0]?.bytes ?? 0;
};

async function closedLoop(server: Server, owner: Knex): Promise<Round> {
  await owner.raw('checkpoint');
  const [cpuBefore, walBefore] = [await cpuOf(server), await walOf(owner)];
  const times: number[] = [];
  const from = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - from < ROUND_MS) times.push(await deliver(server));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const tookMs = performance.now() - from;
  const count = times.length;
  return {
    rate: (count * 1_000) / tookMs,
    ...answered(times),
    cpuUs: ((await cpuOf(server)) - cpuBefore) / count,
    walBytes: ((await walOf(owner)) - walBefore) / count,
  };
}

/** Arrivals at fixed instants, whatever the answers take: a closed loop hides waiting (performance.md 4). */
async function openLoop(server: Server, rate: number): Promise<{ p50Ms: number; p99Ms: number }> {
  const times: number[] = [];
  const under: Promise<void>[] = [];
  const from = performance.now();
  for (let sent = 0; performance.now() - from < OPEN_MS;) {
    const due = Math.floor(((performance.now() - from) * rate) / 1_000);
    for (; sent < due; sent += 1) {
      const dueAt = from + (sent * 1_000) / rate;
      under.push(deliver(server).then(() => void times.push(performance.now() - dueAt)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  return answered(times);
}

function answered(times: number[]): { p50Ms: number; p99Ms: number } {
  const { median, p99 } = spread(times);
  return { p50Ms: median, p99Ms: p99 };
}

const TOKEN = readConfig({}).TWILIO_AUTH_TOKEN;
const PATH = `${STATUS_PATH}?message_id=01930000-0000-7000-8000-000000000002`;

/** One status callback of some 600 bytes, signed, of a message that nobody knows. Answers how long the 200 took, in ms. Throws for any other answer. */
function deliver({ port, agent }: Server): Promise<number> {
  const sid = `SM${randomBytes(16).toString('hex')}`;
  const form = new URLSearchParams({
    ...{ MessageSid: sid, SmsSid: sid, MessageStatus: 'delivered', SmsStatus: 'delivered' },
    ...{ AccountSid: `AC${'0'.repeat(32)}`, From: '+12125550102', To: '+16465551003', ApiVersion: '2010-04-01' },
    RawDlrDoneDate: 'x'.repeat(320),
  });
  const body = form.toString();
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(body),
    'X-Twilio-Signature': signTwilio(TOKEN, SIGNED_ORIGIN + PATH, form),
  };
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const sending = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200
          ? resolve(performance.now() - from)
          : reject(new Error(`the door answered ${String(response.statusCode)}`)),
      );
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

const NAMES: Record<string, string> = {
  usher: 'Usher: encrypted, stored once, handled',
  stored: 'Usher, without the handling',
  single: 'one plain INSERT, no policy, no encryption',
  control: 'the same once more (control)',
  naive: 'row-level security in four trips, no encryption',
  nothing: 'no store',
};

function report(rounds: Map<string, Round[]>, open: OpenRound[]): Report {
  const rates = new Map([...rounds].map(([name, measured]) => [name, measured.map(({ rate }) => rate)]));
  const median = (name: string, of: keyof Round): number => spread((rounds.get(name) ?? []).map((round) => round[of])).median;
  const ratio = (name: string): string => {
    const { min, median: middle, max } = ratios(rates, [name, 'single']);
    return `${fixed(min, 2)} / ${fixed(middle, 2)} / ${fixed(max, 2)}`;
  };
  return {
    title: 'Webhooks taken in (B1)',
    method: `${String(CONNECTIONS)} connections in a closed loop, ${String(ROUND_MS / 1_000)} s a round, ${String(ROUNDS)} interleaved rounds after a warm-up: status callbacks of 600 bytes, each signed and of its own id. Every server is Koa in a process of its own and checks the signature; the generator is one more, PostgreSQL the third, on the same cores. No Temporal runs: taking in never touches it. CPU is the server process's.`,
    rows: [
      ['door', 'requests/s', 'against one INSERT, min / median / max', 'p50 ms', 'p99 ms', 'CPU µs/request', 'WAL bytes/request'],
      ...VARIANTS.map(({ name }) => [
        NAMES[name] ?? name,
        fixed(median(name, 'rate'), 0),
        ratio(name),
        fixed(median(name, 'p50Ms')),
        fixed(median(name, 'p99Ms')),
        fixed(median(name, 'cpuUs'), 0),
        fixed(median(name, 'walBytes'), 0),
      ]),
    ],
    notes: [
      `Open loop for ${String(OPEN_MS / 1_000)} s at Usher's door, handling included, from the instant at which each was due: ${open
        .map(({ rate, p50Ms, p99Ms }) => `${String(rate)}/s p50 ${fixed(p50Ms)} ms, p99 ${fixed(p99Ms)} ms`)
        .join('; ')}. The aim is a p99 of 100 ms at 2,000/s.`,
    ],
  };
}
