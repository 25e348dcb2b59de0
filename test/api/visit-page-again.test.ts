import { findBookedSince } from '../../db/links';
import { listAppointments } from '../../db/appointments';
import { withBusiness } from '../../db/tenancy';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { aVisit, hiddenFields, offered, visitOf, WEDNESDAY, type Page, type VisitAtSalon } from '../support/visit';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const step = ({ id, salon }: VisitAtSalon, name: string) => api.post(`/appointments/${id}/${name}`, undefined, { key: salon.apiKey });
const visitsOf = ({ salon }: VisitAtSalon) =>
  withBusiness(api.database.db, salon.id, (tx) => listAppointments(tx, { contactId: salon.contactId, limit: 50 }));

async function aCancelledVisit(options: Parameters<typeof aVisit>[1] = {}): Promise<VisitAtSalon> {
  const visit = await aVisit(api, options);
  await step(visit, 'cancel');
  return visit;
}

async function aMissedVisit(): Promise<VisitAtSalon> {
  const visit = await aVisit(api);
  api.setNow('2027-03-10T15:30:00.000Z');
  await step(visit, 'no-show');
  api.setNow('2027-03-12T15:30:00.000Z'); // when its follow-up comes
  return visit;
}

/** Opens the times and taps one, by its place in the list. */
async function tap(visit: VisitAtSalon, at = 0): Promise<Page> {
  const page = await visit.open('/times?week=1');
  return visit.send('/times', { pick: offered(page)[at]?.pick ?? '' }, { form: hiddenFields(page) });
}

describe('the page of a visit that is no more', () => {
  it.each<[string, () => Promise<VisitAtSalon>]>([
    ['cancelled', aCancelledVisit],
    ['missed', aMissedVisit],
  ])('lets the contact of a %s one book the same service again', async (_, make) => {
    const visit = await make();
    const page = await visit.open();
    expect(page.text).toContain('Book again');
    expect(page.html).toMatch(/href="\/v\/[\w-]+\/times"/);
    const { status, location } = await tap(visit);
    expect(status).toBe(303);
    const [fresh, ...others] = (await visitsOf(visit)).filter(({ status: is }) => is === 'booked');
    expect(others).toEqual([]);
    expect(fresh).toMatchObject({
      serviceId: visit.salon.serviceId,
      contactId: visit.salon.contactId,
      bookedBy: 'contact',
      source: 'link',
    });
    expect(location).toBe(`/v/${visitOf(api, visit.salon, fresh!.id).token}?said=booked`);
    expect((await visitOf(api, visit.salon, fresh!.id).open('?said=booked')).text).toContain('Done. Your visit is booked.');
    expect((await visit.row()).status).toBe(_ === 'missed' ? 'no_show' : 'cancelled');
  });

  it('shows the visit that came of it instead of booking another', async () => {
    const visit = await aCancelledVisit();
    const { location } = await tap(visit);
    expect((await tap(visit, 5)).location).toBe(location);
    expect(await visitsOf(visit)).toHaveLength(2);
    const page = await visit.open();
    expect(page.text).toContain('See my visit on Mon, Mar 8 at 8:00 AM');
    expect(page.html).toContain(`href="${location.split('?')[0]!}"`);
  });

  it('books once when a time is tapped twice at the same moment', async () => {
    const visit = await aCancelledVisit();
    const page = await visit.open('/times?week=1');
    const [choice] = offered(page);
    const taps = [1, 2].map(() => visit.send('/times', { pick: choice!.pick }, { form: hiddenFields(page) }));
    const [first, second] = await Promise.all(taps);
    expect([first!.status, second!.status, second!.location]).toEqual([303, 303, first!.location]);
    expect((await visitsOf(visit)).filter(({ status }) => status === 'booked')).toHaveLength(1);
  });

  it('offers the time that the visit had, and others when the one tapped is taken', async () => {
    const visit = await aCancelledVisit();
    const page = await visit.open('/times?week=1');
    const own = `${WEDNESDAY} ${visit.salon.staffId}`;
    expect(offered(page).map(({ pick }) => pick)).toContain(own);
    await aVisit(api, { salon: visit.salon });
    const late = await visit.send('/times', { pick: own }, { form: hiddenFields(page) });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Nothing was booked.');
    expect(offered(late).length).toBeGreaterThan(0);
  });

  it('speaks Spanish, and changes nothing when it is only opened', async () => {
    const visit = await aCancelledVisit({ locale: 'es' });
    const before = await visitsOf(visit);
    expect((await visit.open()).text).toContain('Reservar de nuevo');
    expect((await visit.open('/times')).text).toContain('Toque una hora para reservar: Haircut.');
    expect(await visitsOf(visit)).toEqual(before);
  });

  it('has no times for a service that is no longer offered, and names the telephone', async () => {
    const visit = await aCancelledVisit();
    await api.delete(`/services/${visit.salon.serviceId}`, { key: visit.salon.apiKey });
    const page = await visit.open('/times');
    expect(page.status).toBe(200);
    expect(page.text).toContain('There are no free times in these days.');
    expect(page.text).toContain('+1 212 555 0100');
  });

  it('knows of no later visit while this one stands', async () => {
    const visit = await aVisit(api);
    await aVisit(api, { salon: visit.salon, startsAt: '2027-03-11T15:00:00.000Z' });
    const found = await withBusiness(api.database.db, visit.salon.id, (tx) => findBookedSince(tx, { id: visit.id, now: MONDAY }));
    expect(found).toBeUndefined();
  });
});
