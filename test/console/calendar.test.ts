import { hoursOf, rowClasses, rowOf, spanOf } from '../../api/console/calendar/grid-rows';
import { linkTo, lookedAt } from '../../api/console/calendar/asked';
import { aBusiness, anAppointment, inBusiness } from '../factories';
import { startApi, type TestApi } from '../support/api';
import { aBusySalon } from '../support/busy-salon';
import { aDesk, type Desk } from '../support/console';

let api: TestApi;
let salon: Awaited<ReturnType<typeof aBusySalon>>;
let desk: Desk;
beforeAll(async () => {
  api = await startApi({ limits: { requestsPerMin: 100_000, loginsPer10Min: 200 } });
  salon = await aBusySalon(api);
  desk = await aDesk(api, salon.id);
});
afterAll(() => api.close());

describe('the calendar', () => {
  it('shows a day by the clock, a column for each member of staff, without what was canceled', async () => {
    const { html, text } = await desk.open('/calendar');
    expect(text).toContain('Mon, Mar 1');
    expect([...html.matchAll(/data-column="([^"]+)"/g)].map(([, id]) => id).sort()).toEqual([salon.staffId, salon.colleagueId].sort());
    expect(text).toContain('11:00 AM Chidi Okafor');
    expect(html).not.toContain('visit cancelled');
    expect(html).toMatch(new RegExp(`href="/visits/${salon.visitId}" class="visit confirmed r36 s12" draggable`));
  });

  it('shows a week by staff, and a list by status, staff and service', async () => {
    expect((await desk.open('/calendar?view=week&date=2027-03-04')).text).toContain('Mon, Mar 1 – Sun, Mar 7');
    const list = async (query: string) =>
      (await desk.open(`/calendar?view=list&date=2027-03-01${query}`)).html.match(/<tr class="\w+/g)?.length ?? 0;
    expect(await list('')).toBe(5);
    expect(await list('&status=cancelled')).toBe(1);
    expect(await list(`&staff_id=${salon.colleagueId}`)).toBe(2);
    expect(await list(`&staff_id=${salon.colleagueId}&status=no_show&service_id=${salon.serviceId}`)).toBe(1);
    expect((await desk.open('/calendar?view=list&date=2027-05-01')).text).toContain('No visits here.');
  });

  it('lets a viewer drag nothing', async () => {
    const { html } = await (await aDesk(api, salon.id, { role: 'viewer' })).open('/calendar');
    expect(html).toContain('Chidi Okafor');
    expect(html).not.toContain('draggable');
    expect(html).not.toContain('id="drag"');
  });

  it('keeps who has left in sight as long as they have visits here, and nobody else who has left', async () => {
    const leave = (active: boolean) =>
      inBusiness(api.database.db, salon.id, (tx) => tx('staff').where({ id: salon.colleagueId }).update({ active }));
    const columns = async (date: string) => (await desk.open(`/calendar?date=${date}`)).html.match(/data-column="[^"]+"/g)?.join() ?? '';
    await leave(false);
    expect(await columns('2027-03-01')).toContain(salon.colleagueId);
    expect(await columns('2027-03-09')).not.toContain(salon.colleagueId);
    await leave(true);
  });

  it('shows a visit on the day that it is at its own venue, and the free times of that day', async () => {
    const own = (await aBusiness(api.database.db)).id;
    const honolulu = await aDesk(api, own);
    // One in the morning of Tuesday in New York, eight in the evening of Monday where it takes place.
    const { id } = await anAppointment(api.database.db, own, { startsAt: '2027-03-02T06:00:00.000Z' });
    await inBusiness(api.database.db, own, (tx) => tx('appointments').where({ id }).update({ zone: 'Pacific/Honolulu' }));
    for (const page of ['/?date=', '/calendar?view=day&date=', '/calendar?view=list&date=']) {
      expect((await honolulu.open(`${page}2027-03-01`)).html).toContain(id);
      if (!page.includes('list')) expect((await honolulu.open(`${page}2027-03-02`)).html).not.toContain(id);
    }
    await inBusiness(api.database.db, salon.id, (tx) => tx('locations').update({ zone: 'Pacific/Honolulu' }));
    const times = (await desk.open(`/book/times?service_id=${salon.serviceId}&date=2027-03-09`)).html.match(/value="[^"]+Z"/g) ?? [];
    expect([times[0], times.at(-1)]).toEqual(['value="2027-03-09T18:00:00.000Z"', 'value="2027-03-10T05:00:00.000Z"']);
    await inBusiness(api.database.db, salon.id, (tx) => tx('locations').update({ zone: 'America/New_York' }));
  });

  it('is found under its other name', async () => {
    expect((await desk.open('/schedule')).location).toBe('/calendar');
  });
});

describe('what an address asks for', () => {
  it('is the day itself when it cannot be read', () => {
    const query = new URLSearchParams('view=year&date=2027-02-30&staff_id=me&status=happy');
    expect(lookedAt(query, '2027-03-01')).toEqual({ view: 'day', date: '2027-03-01', staffId: null, serviceId: null, status: null });
  });

  it('keeps its filters from one view to the next', () => {
    const staffId = '01890000-0000-7000-8000-000000000001';
    const looked = lookedAt(new URLSearchParams(`view=week&date=2027-03-01&staff_id=${staffId}&status=booked`), '2027-03-01');
    expect(linkTo(looked, { view: 'list' })).toBe(`/calendar?view=list&date=2027-03-01&staff_id=${staffId}&status=booked`);
  });
});

describe("the day's grid", () => {
  const zone = 'America/New_York';
  const visit = (startsAt: string, endsAt: string) => ({ startsAt, endsAt, zone });

  it('begins at eight and ends at six, and stretches to the full hour for what is earlier or later', () => {
    expect(spanOf([])).toEqual({ fromMin: 480, toMin: 1080 });
    expect(
      spanOf(
        [],
        [
          { from: '06:30', to: '12:00' },
          { from: '14:00', to: '21:15' },
        ],
      ),
    ).toEqual({ fromMin: 360, toMin: 1320 });
    expect(spanOf([], [{ from: '09:00', to: '24:00' }])).toEqual({ fromMin: 480, toMin: 1440 });
    const early = visit('2027-03-01T11:40:00.000Z', '2027-03-01T12:10:00.000Z');
    const late = visit('2027-03-02T04:30:00.000Z', '2027-03-02T05:30:00.000Z');
    expect(spanOf([early, late])).toEqual({ fromMin: 360, toMin: 1440 });
  });

  it('puts a visit at its local time for as long as it takes, and cuts it at midnight', () => {
    expect(rowClasses(visit('2027-03-01T14:15:00.000Z', '2027-03-01T15:00:00.000Z'), { fromMin: 480, toMin: 1080 })).toBe('r15 s9');
    expect(rowClasses(visit('2027-03-02T04:30:00.000Z', '2027-03-02T05:30:00.000Z'), { fromMin: 480, toMin: 1440 })).toBe('r186 s6');
  });

  it('draws the present on its own day only', () => {
    const span = { date: '2027-03-01', zone, fromMin: 480, toMin: 1080 };
    expect(rowOf('2027-03-01T14:00:00.000Z', span)).toBe('r12');
    expect(rowOf('2027-03-02T14:00:00.000Z', span)).toBeNull();
    expect(rowOf('2027-03-01T12:59:00.000Z', span)).toBeNull();
  });

  it('names its hours', () => {
    expect(hoursOf({ fromMin: 480, toMin: 600 })).toEqual([
      { time: '08:00', row: 'r0' },
      { time: '09:00', row: 'r12' },
    ]);
  });
});
