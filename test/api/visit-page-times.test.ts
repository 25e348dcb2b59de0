import { replaceHours } from '../../db/hours';
import { withBusiness } from '../../db/tenancy';
import { startApi, type TestApi } from '../support/api';
import { aVisit, offered, WEDNESDAY } from '../support/visit';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
afterAll(() => api.close());

describe('picking another time', () => {
  it('offers the free times of a week, the same member of staff first', async () => {
    const { salon, ...visit } = await aVisit(api, { colleague: true });
    const tuesdayAtTen = '2027-03-02T15:00:00.000Z';
    const busy = { contact_id: salon.contactId, service_id: salon.serviceId, staff_id: salon.staffId, start_ts: tuesdayAtTen };
    await api.post('/appointments', busy, { key: salon.apiKey });
    const page = await visit.open('/times');
    expect(page.status).toBe(200);
    const times = offered(page);
    expect(times[0]).toEqual({ text: '9:00 AM', pick: `2027-03-01T14:00:00.000Z ${salon.staffId}` });
    // Marta is busy then, a colleague is not.
    expect(times.filter(({ pick }) => pick.startsWith(tuesdayAtTen))).toEqual([{ text: '10:00 AM', pick: tuesdayAtTen }]);
    const [, tuesday = ''] = page.text.split(/Tue, Mar 2 (?!to)/);
    expect(tuesday).toMatch(/^.*With Marta .* 11:00 AM .*With others .*10:00 AM .*Wed, Mar 3/);
    expect(page.text).toContain('Times are New York time.');
  });

  it('shows later weeks, and no week beyond the last', async () => {
    const visit = await aVisit(api);
    expect((await visit.open('/times?week=1')).text).toContain('Mon, Mar 8 to Sun, Mar 14');
    const last = await visit.open('/times?week=9');
    expect(last.text).toContain('Mon, Apr 19 to Sun, Apr 25');
    expect(last.html).not.toContain('rel="next"');
    expect((await visit.open('/times?week=nonsense')).text).toContain('Mon, Mar 1 to Sun, Mar 7');
  });

  it("keeps a time's own place in the day across the spring clock change", async () => {
    const visit = await aVisit(api);
    const sunday = offered(await visit.open('/times?week=1')).find(({ pick }) => pick > '2027-03-14T06');
    expect(sunday).toEqual({ text: '8:00 AM', pick: `2027-03-14T12:00:00.000Z ${visit.salon.staffId}` });
  });

  it('offers the quarter hours beside the visit, which is in nobody’s way but not its own', async () => {
    const visit = await aVisit(api);
    const picks = offered(await visit.open('/times?week=1')).map(({ pick }) => pick.slice(0, 24));
    expect(picks).toContain('2027-03-10T15:15:00.000Z');
    expect(picks).not.toContain(WEDNESDAY);
  });

  it('moves the visit in the contact’s name, unconfirmed again, and says so', async () => {
    const visit = await aVisit(api);
    await visit.send('/confirm');
    const [choice] = offered(await visit.open('/times?week=1'));
    const { location } = await visit.send('/times', { pick: choice?.pick ?? '' });
    expect(location).toBe(`/v/${visit.token}?said=moved`);
    expect(await visit.row()).toMatchObject({
      startsAt: '2027-03-08T13:00:00.000Z',
      status: 'booked',
      scheduleVersion: 2,
      scheduleChangedBy: 'contact',
      staffId: visit.salon.staffId,
    });
    expect((await visit.open('?said=moved')).text).toContain('Mon, Mar 8 at 8:00 AM');
  });

  it('gives the visit to whoever is free when the same member of staff is not', async () => {
    const visit = await aVisit(api, { colleague: true });
    await withBusiness(api.database.db, visit.salon.id, (tx) => replaceHours(tx, 'staff', { ownerId: visit.salon.staffId, hours: [] }));
    const page = await visit.open('/times');
    expect(page.text).toContain('With others');
    expect(page.text).not.toContain('With Marta');
    const [choice] = offered(page);
    await visit.send('/times', { pick: choice?.pick ?? '' });
    expect(await visit.row()).toMatchObject({ startsAt: '2027-03-01T14:00:00.000Z', staffId: visit.salon.colleagueId });
  });

  it('moves once when a time is tapped twice', async () => {
    const visit = await aVisit(api);
    const form = await visit.form();
    const pick = `2027-03-08T13:00:00.000Z ${visit.salon.staffId}`;
    await visit.send('/times', { pick }, { form });
    const before = await visit.row();
    expect((await visit.send('/times', { pick }, { form })).location).toContain('said=moved');
    expect(await visit.row()).toEqual(before);
  });

  it('says so when the time was taken meanwhile, keeps the visit, and shows what is free then', async () => {
    const visit = await aVisit(api);
    const taken = '2027-03-09T15:00:00.000Z';
    await aVisit(api, { salon: visit.salon, startsAt: taken });
    const page = await visit.send('/times', { pick: `${taken} ${visit.salon.staffId}` });
    expect(page.status).toBe(409);
    expect(page.text).toContain('That time is not free any more. Your visit stays where it was.');
    expect(offered(page).some(({ pick }) => pick.startsWith('2027-03-09'))).toBe(true);
    expect((await visit.row()).startsAt).toBe(WEDNESDAY);
  });

  it.each([
    ['at an odd minute', '2027-03-09T15:07:00.000Z'],
    ['outside the opening hours', '2027-03-09T04:00:00.000Z'],
    ['in the past', '2027-02-22T15:00:00.000Z'],
    ['with somebody who does not work here', '2027-03-09T15:00:00.000Z 019b76da-a800-7000-8000-000000000000'],
  ])('offers other times for one %s', async (_, pick) => {
    const visit = await aVisit(api);
    expect((await visit.send('/times', { pick })).status).toBe(409);
    expect((await visit.row()).startsAt).toBe(WEDNESDAY);
  });

  it('refuses what is no time', async () => {
    const visit = await aVisit(api);
    for (const pick of ['', 'tomorrow', '2027-99-99T00:00:00.000Z', "2027-03-09T15:00:00.000Z '; drop"])
      expect((await visit.send('/times', { pick })).status).toBe(403);
  });

  it('lets one of two who want the same time have it', async () => {
    const first = await aVisit(api);
    const second = await aVisit(api, { salon: first.salon, startsAt: '2027-03-10T18:00:00.000Z' });
    const pick = `2027-03-12T15:00:00.000Z ${first.salon.staffId}`;
    const answers = await Promise.all([first, second].map((visit) => visit.send('/times', { pick })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  });
});
