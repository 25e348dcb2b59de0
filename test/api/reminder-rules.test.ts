import { aBusiness, anApiKey, anAppointment, aService, aStaffMember, inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

const twoDays = { offset_days: 2, channels: ['email', 'sms'], last_useful_min: 600 };

describe('Reminder rules', () => {
  it('are listed, the earliest reminder first', async () => {
    const { body } = await api.get<{ data: { rule: string; offset_days: number | null; offset_hours: number | null }[] }>(
      '/reminder-rules',
    );
    expect(body.data.map(({ rule, offset_days, offset_hours }) => [rule, offset_days, offset_hours])).toEqual([
      ['7d', 7, null],
      ['3d', 3, null],
      ['1d', 1, null],
      ['2h', null, 2],
    ]);
  });

  it('say how many visits ahead an edit reaches before it is made (R8)', async () => {
    await anAppointment(api.database.db, businessId);
    await anAppointment(api.database.db, businessId, { startsAt: '2027-02-01T15:00:00.000Z' });
    const asked = await api.put('/reminder-rules/1d?dry_run=true', twoDays);
    expect(asked.body).toMatchObject({
      affected_appointments: 1,
      affected_exact: true,
      replanned_appointments: 0,
      offset_days: 2,
      version: 1,
    });
    expect(await waitingRings(api.database.db, businessId)).toEqual([]);
    const audited = await inBusiness(api.database.db, businessId, (tx) => tx('auditLogs').select('id'));
    expect(audited).toEqual([]);
  });

  it('count only the visits for which something changes: not one whose reminder would have gone by now, and nothing when nothing is edited', async () => {
    await anAppointment(api.database.db, businessId, { startsAt: '2027-03-08T15:00:00.000Z' });
    await anAppointment(api.database.db, businessId, { startsAt: '2027-03-02T15:00:00.000Z' });
    const affected = async (rule: string, body: object) =>
      (await api.put(`/reminder-rules/${rule}?dry_run=true`, body)).body['affected_appointments'];
    expect(await affected('3d', { offset_days: 4, channels: ['sms', 'email'], last_useful_min: 2_160 })).toBe(1);
    expect(await affected('3d', { offset_days: 3, channels: ['sms', 'email'], last_useful_min: 2_160 })).toBe(0);
    expect(await affected('2h', { offset_hours: 3, channels: ['sms', 'email'], last_useful_min: 45 })).toBe(2);
    // Nobody here has an address for e-mail.
    expect(await affected('1d', { offset_days: 1, channels: ['sms'], last_useful_min: 240 })).toBe(0);
    expect(await affected('1d', { offset_days: 1, channels: ['sms'], last_useful_min: 240, enabled: false })).toBe(2);
  });

  it('ring every visit ahead behind single changes, however many there are', async () => {
    const member = await aStaffMember(api.database.db, businessId);
    const service = await aService(api.database.db, businessId, { staffIds: [member.id] });
    const first = await anAppointment(api.database.db, businessId, { staffId: member.id, serviceId: service.id });
    await inBusiness(api.database.db, businessId, (tx) =>
      tx.raw(
        `insert into appointments (business_id, id, location_id, contact_id, service_id, staff_id, status, status_changed_at, starts_at, ends_at, busy_from, busy_to, zone, booked_at, booked_by, created_at, updated_at)
         select business_id, gen_random_uuid(), location_id, contact_id, service_id, staff_id, status, status_changed_at,
           starts_at + g * interval '2 hours', ends_at + g * interval '2 hours', busy_from + g * interval '2 hours', busy_to + g * interval '2 hours', zone, booked_at, booked_by, created_at, updated_at
         from appointments, generate_series(1, 1200) g where id = ?`,
        [first.id],
      ),
    );
    const changed = await api.put('/reminder-rules/1d', twoDays);
    expect(changed.body).toMatchObject({ affected_exact: false, replanned_appointments: 1_201, version: 2 });
    expect(changed.body['affected_appointments']).toBeGreaterThan(1_000);
    const rings = await waitingRings(api.database.db, businessId);
    expect(rings).toHaveLength(1_201);
    expect(new Set(rings.map(({ version, lane }) => `${String(version)} ${String(lane)}`))).toEqual(new Set(['2 1']));
  });

  it('give either days or hours, a last useful moment after themselves, and each channel once', async () => {
    const wrong = [
      { ...twoDays, offset_hours: 3 },
      { channels: ['sms'], last_useful_min: 10 },
      { offset_hours: 2, channels: ['sms'], last_useful_min: 120 },
      { ...twoDays, channels: [] },
      { ...twoDays, channels: ['sms', 'sms'] },
      { ...twoDays, channels: ['fax'] },
    ];
    for (const body of wrong) expect((await api.put('/reminder-rules/1d', body)).status).toBe(422);
    expect((await api.put('/reminder-rules/5d', twoDays)).status).toBe(404);
  });

  it('are switched off by a rule that says so', async () => {
    expect(
      (await api.put('/reminder-rules/7d', { offset_days: 7, channels: ['sms'], last_useful_min: 5_760, enabled: false })).body,
    ).toMatchObject({ enabled: false });
  });

  it('refuse an edit of somebody who saw an older one', async () => {
    await api.put('/reminder-rules/1d', twoDays);
    expect((await api.put('/reminder-rules/1d', twoDays, { headers: { 'If-Match': '"1"' } })).status).toBe(412);
  });
});
