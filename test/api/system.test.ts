import { createTemporalProbe } from '../../api/temporal';
import { createPool } from '../../db/knex';
import { databaseAnswers } from '../../db/health';
import { aBusiness, aContact, anApiKey, anAppointment } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
const temporal = { reachable: true };
beforeAll(async () => (api = await startApi({ temporalReachable: () => temporal.reachable })));
afterAll(() => api.close());

const ask = async (path: string): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${api.url}${path}`);
  return { status: response.status, body: await response.json() };
};

describe('Health', () => {
  it('says that the process is alive, and what runs', async () => {
    expect(await ask('/healthz')).toEqual({ status: 200, body: { status: 'ok', sha: 'test' } });
  });

  it('names each part, those of later capabilities as absent', async () => {
    const parts = { redis: 'disabled', openai: false, posthog: false, sentry: false, contexts: [], tools: [] };
    expect(await ask('/health')).toEqual({ status: 200, body: { status: 'ok', db: 'ok', temporal: 'ok', ...parts } });
  });

  it('is not ready without Temporal, and names it', async () => {
    temporal.reachable = false;
    expect(await ask('/ready')).toEqual({ status: 503, body: { ready: false, checks: { db: 'ok', temporal: 'error', draining: false } } });
    expect((await ask('/health')).body).toMatchObject({ status: 'degraded', temporal: 'error' });
    temporal.reachable = true;
    expect(await ask('/ready')).toMatchObject({ status: 200, body: { ready: true } });
  });

  it('is not ready while it drains', async () => {
    api.deps.state.draining = true;
    expect(await ask('/ready')).toMatchObject({ status: 503, body: { checks: { draining: true } } });
    api.deps.state.draining = false;
  });

  it('knows a database that is not there, and a Temporal that is not there, within seconds', async () => {
    const pool = createPool('postgres://usher_app@127.0.0.1:9/none', { max: 1 });
    expect(await databaseAnswers({ pool, wakeRelay: () => undefined })).toBe(false);
    await pool.destroy();
    const probe = createTemporalProbe({ address: '127.0.0.1:9', apiKey: null, nowMs: () => Date.now() });
    expect(await probe.reachable()).toBe(false);
    await probe.close();
  });

  it('knows a Temporal that is there', async () => {
    const address = process.env['TEST_TEMPORAL_ADDRESS'];
    expect(address).toBeDefined();
    const probe = createTemporalProbe({ address: address!, apiKey: null, nowMs: () => Date.now() });
    expect(await probe.reachable()).toBe(true);
    await probe.close();
  });
});

describe('Metrics', () => {
  it('count requests by pattern, never by address, and the doorbells of all businesses that wait', async () => {
    const { id } = await aBusiness(api.database.db);
    api.useKey(await anApiKey(api.database.db, id));
    const contact = await aContact(api.database.db, id);
    await anAppointment(api.database.db, id, { contactId: contact.id });
    await api.patch(`/contacts/${contact.id}`, { locale: 'es' });
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toContain('usher_http_request_seconds_count{method="PATCH",route="/api/v1/contacts/:id",status="200"} 1');
    expect(text).not.toContain(contact.id);
    expect(text).toContain('usher_doorbells_waiting 1');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
