import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa, { type Context } from 'koa';
import { v7 as newId } from 'uuid';
import { webhookRouter } from '../api/webhooks/router';
import { createStore } from '../api/webhooks/intake';
import { readRaw } from '../api/payload';
import { readConfig } from '../config';
import { createPool } from '../db/knex';
import type { Role } from '../db/roles';
import { verifyTwilio } from '../providers/twilio/signature';
import { apiDeps } from '../test/support/api';
import { SIGNED_ORIGIN, type Asked, type Door } from './ingest-door';

const POOL = 10;

const { door, databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as Asked;
const config = readConfig({});
const poolOf = (role: Role | 'owner', max = POOL) =>
  createPool(databaseUrl, { ...(role !== 'owner' && { role }), rolePassword: config.databaseRolePassword, max });
const pool = poolOf('app');
const base = apiDeps({ db: { pool, wakeRelay: () => undefined }, poolOf }, { now: () => new Date().toISOString() });
const deps = { ...base, settings: { ...base.settings, webhookUrl: SIGNED_ORIGIN } };

const BENCH_BUSINESS = '01930000-0000-7000-8000-000000000001';

const INSERT = (table: string): string =>
  `insert into ${table} (business_id, id, provider, event_id, kind, payload, key_id) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;

const storeGrouped = createStore(deps);

type Row = { id: string; event_id: string; payload: Buffer };

/** One after the other, as code without our helpers would: begin, set the business, insert, commit. */
async function insertNaively({ id, event_id, payload }: Row): Promise<void> {
  await pool.transaction(async (tx) => {
    await tx.raw(`select set_config('app.business_id', ?, true)`, [BENCH_BUSINESS]);
    await tx.raw(INSERT('bench_tenant_events'), [BENCH_BUSINESS, id, 'twilio', event_id, 'status', payload, 'k']);
  });
}

const DOORS: Record<Exclude<Door, 'usher'>, (row: Row) => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  single: ({ id, event_id, payload }) => pool.raw(INSERT('bench_events'), [BENCH_BUSINESS, id, 'twilio', event_id, 'status', payload, 'k']),
  naive: insertNaively,
  stored: ({ event_id, payload }) => storeGrouped('twilio', [{ eventId: event_id, kind: 'status', payload: payload.toString('utf8') }]),
};

const app = new Koa();
if (door === 'usher') app.use(webhookRouter(deps).routes());
else app.use((ctx) => receive(ctx, DOORS[door]));

/** Every variant checks the signature of the same form. */
async function receive(ctx: Context, keep: (row: Row) => Promise<unknown>): Promise<void> {
  const body = (await readRaw(ctx)).toString('utf8');
  const url = SIGNED_ORIGIN + ctx.url;
  if (!verifyTwilio({ signature: ctx.get('X-Twilio-Signature'), url, body, authTokens: [config.TWILIO_AUTH_TOKEN] }))
    return void (ctx.status = 401);
  const form = new URLSearchParams(body);
  const eventId = `${form.get('MessageSid') ?? ''}/${form.get('MessageStatus') ?? ''}`;
  await keep({ id: newId(), event_id: eventId, payload: Buffer.from(JSON.stringify({ url, body })) });
  ctx.type = 'text/xml';
  ctx.body = '<Response/>';
}

const handle = app.callback();
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ cpuUs: cpuUs() }));
process.on('disconnect', () => process.exit(0));

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
