import { sweepWebhooks } from '../../api/webhooks/handle';
import { forgetWebhooks } from '../../db/sweeps';
import { findMessage } from '../../db/messages';
import { withBusiness } from '../../db/tenancy';
import { readConfig } from '../../config';
import { reprocessFailed } from '../../scripts/webhooks-reprocess-failed';
import { OPERATOR_KEY, startApi, type TestApi } from '../support/api';
import { aSentMessage, newSid } from '../support/deliveries';
import { aSalon, type Salon } from '../support/salon';
import { aWebhookEvent } from '../support/webhook-events';

let api: TestApi;
let salon: Salon;
beforeAll(async () => {
  api = await startApi();
  salon = await aSalon(api.database.db, { now: api.now(), appSecret: readConfig({}).APP_SECRET });
});
beforeEach(() => api.useKey(OPERATOR_KEY));
afterAll(() => api.close());

type View = { id: string; status: string; attempts: number; error: string | null; next_attempt_at: string | null; provider: string };
const path = (id: string, rest = '') => `/admin/webhook_events/${id}${rest}`;
const owner = () => api.database.poolOf('owner', 1);
const see = async (id: string): Promise<View> => (await api.get<View>(path(id))).body;
const audits = (subjectId: string | null) =>
  owner()('platformAuditLogs')
    .where({ subjectId })
    .orderBy('id')
    .select<{ action: string; reason: string; actorKind: string; asked: object }[]>('*');

type Changed = { status?: string; errorCode?: string; receivedAt?: string };
async function anEvent(changed: Changed = {}, made: Parameters<typeof aWebhookEvent>[1] = {}): Promise<string> {
  const id = await aWebhookEvent(api.deps, made);
  const past = { receivedAt: new Date(Date.now() - 60_000).toISOString() };
  await owner()('webhookEvents')
    .where({ id })
    .update({ ...past, ...changed });
  return id;
}

describe('The webhook inspector', () => {
  it('is for the operator: others are told that there is no such thing', async () => {
    const id = await anEvent();
    for (const asked of ['/admin/webhook_events', path(id)]) {
      expect((await api.get(asked, { key: salon.apiKey })).status).toBe(404);
      expect((await api.get(asked, { key: null })).status).toBe(401);
    }
    expect((await api.post(path(id, '/reprocess'), {}, { key: salon.apiKey })).status).toBe(404);
    expect(await see(id)).toMatchObject({ status: 'received' });
  });

  it('lists by provider, kind, status, error, event id and time, newest first, by pages', async () => {
    const [first, second] = [await anEvent({ status: 'failed', errorCode: 'Odd' }, { kind: 'odd' }), await anEvent({}, { kind: 'odd' })];
    const listed = async (query: string) =>
      (await api.get<{ data: View[] }>(`/admin/webhook_events?kind=odd&${query}`)).body.data.map(({ id }) => id);
    expect(await listed('provider=twilio')).toEqual([second, first]);
    expect(await listed('provider=sendgrid')).toEqual([]);
    expect(await listed('status=failed')).toEqual([first]);
    expect(await listed('error=Odd')).toEqual([first]);
    expect(await listed('to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await listed(`event_id=${newSid()}`)).toEqual([]);
    const page = await api.get<{ next_cursor: string }>('/admin/webhook_events?kind=odd&limit=1');
    expect(await listed(`cursor=${page.body.next_cursor}`)).toEqual([first]);
  });

  it('answers within 200 ms with a thousand of them', async () => {
    await owner().raw(
      `insert into webhook_events (id, provider, event_id, kind, payload, key_id, status)
       select gen_random_uuid(), 'twilio', 'many ' || n, 'many', 'x', 'dev', 'processed' from generate_series(1, 1000) n`,
    );
    const tookMs: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const startedAt = performance.now();
      expect((await api.get<{ data: View[] }>('/admin/webhook_events?kind=many&status=processed')).body.data).toHaveLength(50);
      tookMs.push(performance.now() - startedAt);
    }
    expect(Math.min(...tookMs)).toBeLessThan(200); // a machine under load may stall any single one
    await owner()('webhookEvents').where({ kind: 'many' }).delete();
  });

  it('shows what the vendor sent with every personal value masked', async () => {
    const body = `MessageSid=SM1&SmsStatus=received&From=%2B12125550142&Body=${encodeURIComponent('Ana has a rash')}&FromCity=Queens`;
    const id = await anEvent({}, { payload: JSON.stringify({ url: 'https://usher.example/webhooks/twilio/inbound', body }) });
    const { body: seen } = await api.get<{ fields: object[] }>(path(id));
    expect(seen.fields).toEqual([
      { name: 'url', value: 'https://usher.example/webhooks/twilio/inbound', masked: false },
      { name: 'MessageSid', value: 'SM1', masked: false },
      { name: 'SmsStatus', value: 'received', masked: false },
      { name: 'From', value: '•••42', masked: true },
      { name: 'Body', value: '•••', masked: true },
      { name: 'FromCity', value: '•••', masked: true },
    ]);
  });

  it("masks an e-mail's event, however deep its values lie", async () => {
    const raw = [
      { event: 'bounce', email: 'ana@example.com', m: 'm1', reason: '550 ana@example.com', unique: { ip: '10.0.0.9', status: '5.1.1' } },
    ];
    const id = await anEvent({}, { provider: 'sendgrid', payload: JSON.stringify(raw) });
    const { body: seen } = await api.get(path(id));
    expect(JSON.stringify(seen)).not.toMatch(/ana@|10\.0\.0/);
    expect(seen).toMatchObject({ fields: expect.arrayContaining([{ name: '0.unique.status', value: '5.1.1', masked: false }]) });
  });

  it('opens a payload for a reason, which is written down, and for none without', async () => {
    const id = await anEvent({}, { payload: JSON.stringify({ url: 'u', body: 'Body=Ana' }) });
    expect((await api.post(path(id, '/payload'), {})).body).toMatchObject({ code: 'invalid', errors: [{ path: 'reason' }] });
    expect(await audits(id)).toEqual([]);
    const opened = await api.post(path(id, '/payload'), { reason: 'ticket 42: the text is missing' });
    expect(opened.body).toEqual({ id, payload: JSON.stringify({ url: 'u', body: 'Body=Ana' }) });
    expect(await audits(id)).toMatchObject([
      { action: 'webhook_event.payload_read', actorKind: 'operator', reason: 'ticket 42: the text is missing', asked: {} },
    ]);
  });

  it('still lists one whose key is gone', async () => {
    const id = await anEvent();
    await owner()('webhookEvents').where({ id }).update({ keyId: 'retired' });
    expect((await api.get(path(id))).body).toMatchObject({ fields: null, status: 'received' });
  });
});

describe('Reprocessing', () => {
  async function aReport(status = 'delivered'): Promise<{ id: string; messageId: string }> {
    const { id: messageId, vendorId } = await aSentMessage(api.database.db, salon, { now: api.now() });
    const payload = {
      url: `https://usher.example/webhooks/twilio/status?m=${messageId}`,
      body: `MessageSid=${vendorId}&MessageStatus=${status}`,
    };
    return { messageId, id: await anEvent({ status: 'failed', errorCode: 'TypeError' }, { payload: JSON.stringify(payload) }) };
  }
  const message = (id: string) => withBusiness(api.database.db, salon.id, (tx) => findMessage(tx, id));

  it('puts an event back to received, and the same handler handles it', async () => {
    const { id, messageId } = await aReport();
    const queued = await api.post(path(id, '/reprocess'), { reason: 'the fix is out' });
    expect(queued).toMatchObject({
      status: 202,
      body: { message: 'Event queued for reprocessing', event: { status: 'received', attempts: 0 } },
    });
    await sweepWebhooks(api.deps);
    expect(await see(id)).toMatchObject({ status: 'processed', attempts: 1, error: null, next_attempt_at: null });
    expect(await message(messageId)).toMatchObject({ status: 'delivered' });
    expect(await audits(id)).toMatchObject([{ action: 'webhook_event.reprocessed', reason: 'the fix is out' }]);
  });

  it('needs no body, and does nothing new to what was processed before', async () => {
    const { id, messageId } = await aReport();
    const before = await withBusiness(api.database.db, salon.id, async (tx) => tx('messages').count('* as count'));
    for (let i = 0; i < 3; i += 1) {
      expect((await api.post(path(id, '/reprocess'))).status).toBe(202);
      await sweepWebhooks(api.deps);
      expect(await see(id)).toMatchObject({ status: 'processed' });
    }
    expect(await message(messageId)).toMatchObject({ status: 'delivered', vendorRank: 4 });
    expect(await withBusiness(api.database.db, salon.id, async (tx) => tx('messages').count('* as count'))).toEqual(before);
  });

  it('gives an event that is put back a day of its own, however old it is', async () => {
    const id = await anEvent({ status: 'failed', receivedAt: new Date(Date.now() - 5 * 86_400_000).toISOString() });
    await api.post(path(id, '/reprocess'));
    await sweepWebhooks(api.deps);
    expect(await see(id)).toMatchObject({ status: 'unmatched', attempts: 1, error: 'unknown_subject' });
  });

  it('as a dry run says what would come of it, and changes nothing', async () => {
    const { id, messageId } = await aReport();
    expect((await api.post(path(id, '/reprocess?dry_run=true'))).body).toMatchObject({
      event: { status: 'failed' },
      would: { outcome: 'processed', error: null },
    });
    expect(await message(messageId)).toMatchObject({ status: 'sent' });
    expect(await see(id)).toMatchObject({ status: 'failed', error: 'TypeError' });
    expect(await audits(id)).toEqual([]);

    const nobodys = await anEvent({ status: 'failed' });
    expect((await api.post(path(nobodys, '/reprocess?dry_run=true'))).body).toMatchObject({ would: { outcome: 'unmatched' } });
    const broken = await anEvent({ status: 'failed' }, { payload: 'not JSON' });
    expect((await api.post(path(broken, '/reprocess?dry_run=true'))).body).toMatchObject({
      would: { outcome: 'failed', error: 'SyntaxError' },
    });
  });

  it('leaves alone what is being handled at this moment', async () => {
    const id = await anEvent({ status: 'processing' });
    await owner()('webhookEvents')
      .where({ id })
      .update({ nextAttemptAt: new Date(Date.now() + 30_000).toISOString() });
    expect((await api.post(path(id, '/reprocess'))).status).toBe(409);
    expect((await api.post(path('01900000-0000-7000-8000-000000000000', '/reprocess'))).status).toBe(404);
  });
});

describe('Reprocessing all that failed', () => {
  const all = (body: object, query = '') => api.post<{ count: number }>(`/admin/webhook_events/reprocess_failed${query}`, body);

  it('counts first, then puts back those that match, and writes down who asked for what and why', async () => {
    await owner()('webhookEvents').delete();
    const [mine, other] = [await anEvent({ status: 'failed', errorCode: 'Late' }), await anEvent({ status: 'failed', errorCode: 'Other' })];
    const done = await anEvent({ status: 'processed', errorCode: 'Late' });
    const asked = { error: 'Late', provider: 'twilio', from: '2020-01-01T00:00:00Z', reason: 'after the outage' };
    expect((await all(asked, '?dry_run=true')).body).toMatchObject({ count: 1 });
    expect(await see(mine)).toMatchObject({ status: 'failed' });
    expect(await all(asked)).toMatchObject({ status: 202, body: { count: 1 } });
    expect([await see(mine), await see(other), await see(done)].map(({ status }) => status)).toEqual(['received', 'failed', 'processed']);
    expect((await all(asked)).body).toMatchObject({ count: 0 });
    expect(await audits(null)).toMatchObject([
      { action: 'webhook_event.reprocessed_failed', reason: 'after the outage', asked: { error: 'Late', status: 'failed' } },
      { asked: { provider: 'twilio' } },
    ]);
    expect((await all({ error: 'Late' })).status).toBe(422); // no reason
  });

  it('is a command too', async () => {
    await owner()('webhookEvents').delete();
    const id = await anEvent({ status: 'failed' }, { kind: 'inbound' });
    const lines: string[] = [];
    const run = (...args: string[]) => reprocessFailed({ db: api.database.db, now: api.now, say: (line) => lines.push(line) }, args);
    expect(await run('--status', 'processed')).toBe(1);
    expect(await run('--kind', 'inbound', '--dry-run')).toBe(0);
    expect(lines.at(-1)).toBe('1 webhooks match.');
    expect(await see(id)).toMatchObject({ status: 'failed' });
    expect(await run('--kind', 'inbound', '--from', '2020-01-01', '--reason', 'by hand')).toBe(0);
    expect(lines.at(-1)).toMatch(/^1 queued/);
    expect(await see(id)).toMatchObject({ status: 'received' });
    expect((await audits(null)).at(-1)).toMatchObject({ actorKind: 'command', reason: 'by hand', asked: { kind: 'inbound', count: 1 } });
  });
});

describe('Retention', () => {
  it('keeps webhooks for 30 days, and traces of refused ones for a day', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const [old, young] = [await anEvent({ receivedAt: daysAgo(30.01) }), await anEvent({ receivedAt: daysAgo(29.9) })];
    const rejected = { provider: 'twilio', reason: 'bad_signature', bodySha256: 'x', byteLength: 1 };
    await owner()('rejectedWebhooks').insert([
      { id: old, ...rejected, receivedAt: daysAgo(1.01) },
      { id: young, ...rejected, receivedAt: daysAgo(0.9) },
    ]);
    expect(await forgetWebhooks(api.deps.sweeper)).toBe(2);
    expect((await api.get(path(old))).status).toBe(404);
    expect((await api.get(path(young))).status).toBe(200);
    expect(await owner()('rejectedWebhooks').select<{ id: string }[]>('id')).toEqual([{ id: young }]);
  });
});
