import { findCompliance } from '../../db/compliance';
import { aBusiness, aContact, anApiKey, anAppointment, inBusiness } from '../factories';
import { OPERATOR_KEY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

const path = () => `/businesses/${businessId}/compliance`;

describe('The compliance settings of a business', () => {
  it('are the rules until it sets its own', async () => {
    expect((await api.get(path())).body).toMatchObject({
      business_id: businessId,
      quiet_hours: { from: '21:00', to: '08:00' },
      outbound_per_min_cap: 5,
      outbound_daily_cap: 50,
      contact_daily_cap: 3,
      international: 'visits',
      trial_outbound: true,
      recording_announce: true,
      retain_transcripts_days: 90,
      dnc: { numbers: 0, external_list: false },
      audits: [],
    });
  });

  it('change one by one, and the defaults of the rest are those of the table', async () => {
    const changed = await api.post(path(), { contact_daily_cap: 1, international: 'none' });
    expect(changed).toMatchObject({ status: 200, body: { contact_daily_cap: 1, international: 'none', outbound_daily_cap: 50 } });
    expect((await api.post(path(), { outbound_daily_cap: 10 })).body).toMatchObject({ contact_daily_cap: 1, outbound_daily_cap: 10 });
    expect(await inBusiness(api.database.db, businessId, findCompliance)).toEqual({
      outboundPerMinCap: 5,
      outboundDailyCap: 10,
      contactDailyCap: 1,
      international: 'none',
      trialOutbound: true,
      recordingAnnounce: true,
      retainTranscriptsDays: 90,
    });
  });

  it('may narrow what law sets and never widen it', async () => {
    expect((await api.post(path(), { quiet_hours: { from: '20:00', to: '09:00' } })).body).toMatchObject({
      quiet_hours: { from: '20:00', to: '09:00' },
    });
    for (const wider of [
      { quiet_hours: { from: '22:00', to: '08:00' } },
      { quiet_hours: { from: '21:00', to: '07:00' } },
      { contact_daily_cap: 4 },
    ])
      expect((await api.post(path(), wider)).status).toBe(422);
    for (const absurd of [
      { outbound_per_min_cap: -1 },
      { outbound_daily_cap: 1_001 },
      { retain_transcripts_days: 0 },
      { international: 'some' },
    ])
      expect((await api.post(path(), absurd)).status).toBe(422);
  });

  it('plan the visits ahead again when quiet hours or numbers abroad change, and for nothing else', async () => {
    const visit = await anAppointment(api.database.db, businessId);
    await api.post(path(), { contact_daily_cap: 2 });
    expect(await waitingRings(api.database.db, businessId)).toEqual([]);
    await api.post(path(), { international: 'all' });
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 1 }]);
  });

  it('show the last 50 audits that bear on them, newest first, without any value', async () => {
    const contact = await aContact(api.database.db, businessId);
    await api.post('/contacts', { name: 'Not shown' });
    for (let cap = 0; cap < 49; cap++) await api.post(path(), { outbound_daily_cap: cap });
    await api.post('/dnc-numbers', { phone: '2125550188', reason: 'asked at the desk' });
    await api.post(`/contacts/${contact.id}/opt-outs`, { channel: 'sms', statement: 'no more' });
    const { body } = await api.get<{ audits: { action: string; fields: string[] }[] }>(path());
    expect(body.audits).toHaveLength(50);
    expect(body.audits.slice(0, 3).map(({ action }) => action)).toEqual(['opt_out.recorded', 'dnc_number.added', 'compliance.updated']);
    expect(body.audits[2]?.fields).toEqual(['outboundDailyCap']);
    expect(JSON.stringify(body.audits)).not.toMatch(/5550188|no more/);
  });

  it("are seen by staff, changed by admins, and the operator sees every business's", async () => {
    const staff = await anApiKey(api.database.db, businessId, 'staff');
    expect((await api.get(path(), { key: staff })).status).toBe(200);
    expect((await api.post(path(), { trial_outbound: false }, { key: staff })).status).toBe(403);
    expect((await api.post(path(), { trial_outbound: false }, { key: OPERATOR_KEY })).body).toMatchObject({ trial_outbound: false });
    const other = await anApiKey(api.database.db, (await aBusiness(api.database.db)).id);
    expect((await api.get(path(), { key: other })).status).toBe(404);
  });
});
