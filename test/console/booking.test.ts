import { readConfig } from '../../config';
import { findContact } from '../../db/contacts';
import { inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { aDesk, type Desk } from '../support/console';
import { aSalon, type Salon } from '../support/salon';

let api: TestApi;
let salon: Salon;
let desk: Desk;
beforeAll(async () => {
  api = await startApi({ limits: { requestsPerMin: 100_000, loginsPer10Min: 200 } });
  salon = await aSalon(api.database.db, { appSecret: readConfig({}).APP_SECRET, colleague: true });
  desk = await aDesk(api, salon.id);
});
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

type Visit = { id: string; start_ts: string; staff_id: string; status: string; source: string; contact_id: string; note: string | null };
const visitAt = async (location: string): Promise<Visit> =>
  (await api.get<Visit>(`/appointments/${location.split('/').at(-1) ?? ''}`, { key: salon.apiKey })).body;
const what = (start_ts: string) => ({ service_id: salon.serviceId, start_ts, date: start_ts.slice(0, 10) });

describe('booking at the desk', () => {
  it('shows the free times of a day and what was entered so far', async () => {
    const { location } = await desk.send('/book/look', { service_id: salon.serviceId, date: '2027-03-04', q: 'diaz', name: '' });
    expect(location).toBe(`/book?service_id=${salon.serviceId}&date=2027-03-04&q=diaz`);
    const page = await desk.open(location);
    expect(page.html).toContain('value="2027-03-04T13:00:00.000Z"');
    expect(page.text).toContain('Ana Diaz');
    expect(page.html).toContain('value="diaz"');
    const piece = await desk.open(`/book/times?service_id=${salon.serviceId}&date=2027-03-04&staff_id=${salon.staffId}`);
    expect(piece.html).toMatch(/^<div id="times"/);
  });

  it('books somebody we know, once, however often the form is sent', async () => {
    const form = { ...what('2027-03-04T15:00:00.000Z'), contact_id: salon.contactId, note: 'First time', key: 'of-this-form' };
    const first = await desk.send('/book', form);
    expect((await desk.open(first.location)).text).toContain('The visit is booked.');
    expect((await desk.send('/book', form)).location).toBe(first.location);
    const other = await desk.send('/book', { ...form, start_ts: '2027-03-04T20:00:00.000Z' });
    expect(other.status).toBe(303);
    expect(other.location).not.toBe(first.location);
    expect(await visitAt(first.location)).toMatchObject({
      status: 'booked',
      source: 'front_desk',
      note: 'First time',
      contact_id: salon.contactId,
    });
  });

  it('adds somebody new with what they agreed to, in the same step', async () => {
    const person = { name: 'Rosa Vega', phone: '212 555 0147', email: 'rosa@example.com', agreed: 'yes' };
    const { location } = await desk.send('/book', { ...what('2027-03-04T17:00:00.000Z'), ...person });
    const { contact_id: id } = await visitAt(location);
    expect(await inBusiness(api.database.db, salon.id, (tx) => findContact(tx, id))).toMatchObject({
      name: 'Rosa Vega',
      phoneE164: '+12125550147',
    });
    const { body } = await api.get<{ channels: { channel: string; consents: unknown[] }[] }>(`/contacts/${id}`, { key: salon.apiKey });
    expect(JSON.stringify(body)).toContain('"service"');
  });

  it('says beside the field what is wrong, keeps what was entered, and adds nobody', async () => {
    const count = async () => (await inBusiness(api.database.db, salon.id, (tx) => tx('contacts').select('id'))).length;
    const before = await count();
    const page = await desk.send('/book', { ...what('2027-03-04T18:00:00.000Z'), name: 'Nobody Yet', phone: '12' });
    expect(page.status).toBe(422);
    expect(page.html).toContain('aria-describedby="phone-wrong"');
    expect(page.html).toContain('value="Nobody Yet"');
    const taken = await desk.send('/book', { ...what('2027-03-04T15:00:00.000Z'), staff_id: salon.staffId, name: 'Too Late' });
    const alsoTaken = await desk.send('/book', { ...what('2027-03-04T15:00:00.000Z'), staff_id: salon.colleagueId, name: 'Too Late' });
    expect([taken.status, alsoTaken.status].sort()).toEqual([303, 409]);
    expect((await desk.send('/book', { service_id: salon.serviceId, name: 'X' })).text).toContain('Pick a time, or choose walk-in.');
    expect((await desk.send('/book', what('2027-03-04T19:00:00.000Z'))).text).toContain('Choose somebody, or enter a new person’s name.');
    expect(await count()).toBe(before + 1);
  });

  it('notes a walk-in as arrived at this minute', async () => {
    api.setNow('2027-03-02T15:07:42.000Z');
    const { location } = await desk.send('/book', { service_id: salon.serviceId, contact_id: salon.contactId, walk_in: 'yes' });
    expect((await desk.open(location)).text).toContain('The walk-in is noted as arrived.');
    expect(await visitAt(location)).toMatchObject({ status: 'arrived', source: 'walk_in', start_ts: '2027-03-02T15:07:00.000Z' });
  });

  it('is for those who may, and says what is missing before anything can be booked', async () => {
    expect((await (await aDesk(api, salon.id, { role: 'viewer' })).open('/book')).status).toBe(403);
    const bare = await aSalon(api.database.db, { appSecret: readConfig({}).APP_SECRET });
    await api.delete(`/services/${bare.serviceId}`, { key: bare.apiKey });
    expect((await (await aDesk(api, bare.id)).open('/book')).text).toContain('There is no service to book yet.');
  });
});

describe('moving a visit', () => {
  const aVisit = async (start_ts: string): Promise<Visit> => {
    const asked = { contact_id: salon.contactId, service_id: salon.serviceId, staff_id: salon.staffId, start_ts };
    return (await api.post<Visit>('/appointments', asked, { key: salon.apiKey })).body;
  };

  it('shows other free times, moves it, and takes it back', async () => {
    const { id } = await aVisit('2027-03-09T15:00:00.000Z');
    const page = await desk.open(`/visits/${id}/reschedule?date=2027-03-10`);
    expect(page.html).toContain('value="2027-03-10T13:00:00.000Z"');
    const moved = await desk.sendAndSee(`/visits/${id}/reschedule`, { start_ts: '2027-03-10T13:00:00.000Z', staff_id: salon.staffId });
    expect(moved.text).toContain('Its reminders moved with it.');
    const [, undo = ''] = /action="([^"]*\/move[^"]*)"/.exec(moved.html) ?? [];
    expect((await desk.sendAndSee(undo.replaceAll('&amp;', '&'))).text).toContain('The visit is back where it was.');
    expect(await visitAt(`/visits/${id}`)).toMatchObject({ start_ts: '2027-03-09T15:00:00.000Z', staff_id: salon.staffId });
  });

  it('takes the local time of a drag, with another member of staff', async () => {
    const { id } = await aVisit('2027-03-11T15:00:00.000Z');
    const back = '/calendar?view=day&date=2027-03-11';
    const { location } = await desk.send(`/visits/${id}/move`, { start_ts: '2027-03-11T11:30', staff_id: salon.colleagueId, back });
    expect(location).toBe(back);
    expect(await visitAt(`/visits/${id}`)).toMatchObject({ start_ts: '2027-03-11T16:30:00.000Z', staff_id: salon.colleagueId });
  });

  it('leaves it where it is when the time is taken, and says so', async () => {
    await aVisit('2027-03-12T15:00:00.000Z');
    const { id } = await aVisit('2027-03-12T18:00:00.000Z');
    const asked = { start_ts: '2027-03-12T15:00:00.000Z', staff_id: salon.staffId };
    const page = await desk.send(`/visits/${id}/reschedule`, asked);
    expect([page.status, page.html]).toEqual([409, expect.stringContaining('class="notice trouble"')]);
    expect((await visitAt(`/visits/${id}`)).start_ts).toBe('2027-03-12T18:00:00.000Z');
  });

  it('asks before it cancels, and offers neither for a visit that is over', async () => {
    const { id } = await aVisit('2027-03-15T15:00:00.000Z');
    expect((await desk.open(`/visits/${id}/cancel`)).text).toContain('Cancel this visit?');
    expect((await desk.sendAndSee(`/visits/${id}/cancel`)).text).toContain('The visit is canceled.');
    for (const part of ['cancel', 'reschedule']) expect((await desk.open(`/visits/${id}/${part}`)).location).toBe(`/visits/${id}`);
  });
});
