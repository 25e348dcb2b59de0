import { aBusiness, aContact, anApiKey, aService, inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
afterAll(() => api.close());

// Tuesday, 10:00 in New York.
const TEN = '2027-03-16T14:00:00.000Z';
const ELEVEN = '2027-03-16T15:00:00.000Z';
const NOBODY = '01900000-0000-7000-8000-000000000000';

async function aShop(): Promise<{ businessId: string; asked: (startTs?: string) => Record<string, string> }> {
  const { db } = api.database;
  const { id: businessId } = await aBusiness(db);
  api.useKey(await anApiKey(db, businessId));
  const [service, contact] = [await aService(db, businessId), await aContact(db, businessId)];
  return { businessId, asked: (startTs = TEN) => ({ contact_id: contact.id, service_id: service.id, start_ts: startTs }) };
}

const post = async (path: string, body: object): Promise<string> => (await api.post<{ id: string }>(path, body)).body.id;

describe('a wish', () => {
  it.each(['contact', 'staff', undefined])('is noted as that of %s', async (by) => {
    const { businessId, asked } = await aShop();
    const said = by === undefined ? {} : { by };
    const visit = await post('/appointments', { ...asked(), ...said });
    await post(`/appointments/${visit}/reschedule`, { start_ts: ELEVEN, ...said });
    await post(`/appointments/${visit}/cancel`, said);
    const asHeld = await post('/appointments', { hold_id: await post('/holds', { ...asked(), ...said }) });
    const asBooked = await post('/appointments', { hold_id: await post('/holds', asked('2027-03-16T17:00:00.000Z')), ...said });
    await inBusiness(api.database.db, businessId, async (tx) => {
      const row = async (id: string) => (await tx('appointments').where({ id }).select<Record<string, string>[]>('*'))[0];
      const usual = by ?? 'api';
      expect(await row(visit)).toMatchObject({ bookedBy: usual, scheduleChangedBy: usual, cancelledBy: by ?? 'staff' });
      expect([await row(asHeld), await row(asBooked)]).toMatchObject([{ bookedBy: usual }, { bookedBy: usual }]);
    });
  });

  it('for a member of staff, a service or a contact of nobody is answered 404, without alternatives', async () => {
    const { asked } = await aShop();
    const visit = await post('/appointments', asked());
    const { service_id: service } = asked();
    const refusals = await Promise.all([
      api.post('/appointments', { ...asked(ELEVEN), staff_id: NOBODY }),
      api.post('/appointments', { ...asked(ELEVEN), service_id: NOBODY }),
      api.post('/appointments', { ...asked(ELEVEN), contact_id: NOBODY }),
      api.post('/holds', { ...asked(ELEVEN), staff_id: NOBODY }),
      api.post(`/appointments/${visit}/reschedule`, { start_ts: ELEVEN, staff_id: NOBODY }),
      api.patch(`/appointments/${visit}`, { staff_id: NOBODY }),
      api.get(`/slots?service_id=${service!}&from=${TEN}&to=${ELEVEN}&staff_id=${NOBODY}`),
    ]);
    for (const refused of refusals)
      expect(refused).toMatchObject({ status: 404, body: { code: 'unknown_reference', what: expect.any(String) } });
  });
});
