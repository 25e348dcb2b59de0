import { readConfig } from '../../config';
import { findContact } from '../../db/contacts';
import { inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { aDesk, type Desk } from '../support/console';
import { aSalon, type Salon } from '../support/salon';
import type { Page } from '../support/visit';

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
    const entered = { service_id: salon.serviceId, date: '2027-03-04', q: 'diaz', name: '', phone: '212 555 0199', note: 'By the window' };
    const page = await desk.send('/book/look', entered);
    expect([page.status, page.location]).toEqual([200, '']);
    for (const kept of ['value="212 555 0199"', 'By the window']) expect(page.html).toContain(kept);
    expect(page.html).toContain('<input type="hidden" name="back" value="/book"/>');
    for (const html of [page.html.replace(/<form method="post" action="\/language".*?<\/form>/s, '')]) expect(html).not.toContain('/book?');
    expect(page.html).toContain('hx-include="#service_id, #staff_id, #date, [name=&quot;start_ts&quot;]"');
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

  it('refuses in the words of the desk and in the language of the reader', async () => {
    const spanish = { 'accept-language': 'es' };
    const wrong = await desk.send('/book', { ...what('2027-03-04T18:00:00.000Z'), name: 'Rosa', phone: '12' }, spanish);
    expect(wrong.text).toContain('Aquí falta algo o algo no puede ser así.');
    expect(wrong.text).toContain('Esto no es un número de teléfono.');
    const past = await desk.send('/book', { ...what('2027-02-01T18:00:00.000Z'), contact_id: salon.contactId }, spanish);
    expect(past.text).toContain('Esta hora ya pasó');
    expect(past.text).not.toContain('past');
  });

  it('chooses nobody for the reader, and books nobody when two people are given', async () => {
    const found = await desk.send('/book/look', { ...what('2027-03-04T19:00:00.000Z'), q: 'diaz' });
    expect(found.html).toContain(`name="contact_id" value="${salon.contactId}"/>`);
    expect(found.html).toContain('name="contact_id" value/>');
    const both = { ...what('2027-03-04T19:00:00.000Z'), contact_id: salon.contactId, name: 'Rosa Diaz' };
    const refused = await desk.send('/book', both);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('You chose somebody we know and entered somebody new.')]);
    expect(refused.html).toContain(`value="${salon.contactId}" checked`);
    expect(refused.text).toContain('Ana Diaz');
    const { location } = await desk.send('/book', { ...both, contact_id: '' });
    expect((await visitAt(location)).contact_id).not.toBe(salon.contactId);
  });

  it('asks for the next day without losing what was entered', async () => {
    const sunday = await desk.send('/book/look', { service_id: salon.serviceId, date: '2027-03-06', next: '2027-03-08', name: 'Rosa' });
    expect(sunday.html).toContain('value="2027-03-08"');
    expect(sunday.html).toContain('value="Rosa"');
    expect((await desk.open('/book?date=2027-02-01')).html).toContain('name="next" value="2027-02-02" formaction="/book/look"');
  });

  it('notes a walk-in once, also when the form is sent again a minute later', async () => {
    const form = {
      service_id: salon.serviceId,
      name: 'Walter Inn',
      walk_in: 'yes',
      key: 'of-the-walk-in',
      start_ts: '2027-03-04T20:00:00.000Z',
    };
    api.setNow('2027-03-03T15:07:42.000Z');
    const first = await desk.send('/book', form);
    api.setNow('2027-03-03T15:08:12.000Z');
    expect((await desk.send('/book', form)).location).toBe(first.location);
    expect(await visitAt(first.location)).toMatchObject({ source: 'walk_in', start_ts: '2027-03-03T15:07:00.000Z' });
    const asked = { contact_id: salon.contactId, service_id: salon.serviceId, source: 'front_desk' };
    expect((await api.post('/appointments', asked, { key: salon.apiKey })).status).toBe(422);
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
  const undoOf = ({ html }: Page): string => /action="([^"]*\/undo[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const aVisit = async (start_ts: string, staff_id: string | null = salon.staffId): Promise<Visit> => {
    const asked = { contact_id: salon.contactId, service_id: salon.serviceId, staff_id, start_ts };
    return (await api.post<Visit>('/appointments', asked, { key: salon.apiKey })).body;
  };

  it('shows other free times, moves it, and takes it back', async () => {
    const { id } = await aVisit('2027-03-09T15:00:00.000Z');
    const page = await desk.open(`/visits/${id}/reschedule?date=2027-03-10`);
    expect(page.html).toContain('value="2027-03-10T13:00:00.000Z"');
    const moved = await desk.sendAndSee(`/visits/${id}/reschedule`, { start_ts: '2027-03-10T13:00:00.000Z', staff_id: salon.staffId });
    expect(moved.text).toContain('Its reminders moved with it.');
    expect((await desk.sendAndSee(undoOf(moved))).text).toContain('The visit is back where it was.');
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
    const day = `/visits/${id}/reschedule?date=2027-03-12&staff_id=${salon.colleagueId}`;
    await aVisit('2027-03-12T15:00:00.000Z', salon.colleagueId);
    const other = await desk.send(day, { ...asked, staff_id: salon.colleagueId });
    expect([other.status, other.html]).toEqual([409, expect.stringContaining(`action="${day.replace('&', '&amp;')}"`)]);
    expect((await visitAt(`/visits/${id}`)).start_ts).toBe('2027-03-12T18:00:00.000Z');
  });

  it('changes nothing that somebody else has changed since the page was made, and says so', async () => {
    const { id } = await aVisit('2027-03-16T15:00:00.000Z');
    const stale = '1';
    expect((await desk.open(`/visits/${id}`)).html).toContain('name="version" value="1"');
    for (const part of ['reschedule', 'cancel'])
      expect((await desk.open(`/visits/${id}/${part}`)).html).toContain('name="version" value="1"');
    expect((await desk.open('/calendar?date=2027-03-16')).html).toContain(`data-visit="${id}" data-version="1"`);
    await desk.send(`/visits/${id}/confirm`, { version: stale });
    const time = { start_ts: '2027-03-16T18:00:00.000Z', version: stale };
    for (const [part, fields] of [
      ['cancel', { version: stale }],
      ['move', time],
    ] as const)
      expect((await desk.sendAndSee(`/visits/${id}/${part}`, { ...fields, back: `/visits/${id}` })).html).toContain(
        'class="notice trouble"',
      );
    expect((await desk.send(`/visits/${id}/reschedule`, time)).status).toBe(412);
    const moved = await desk.sendAndSee(`/visits/${id}/move`, { ...time, version: '2' });
    await desk.send(`/visits/${id}/confirm`);
    expect((await desk.sendAndSee(undoOf(moved), { back: `/visits/${id}` })).html).toContain('class="notice trouble"');
    expect(await visitAt(`/visits/${id}`)).toMatchObject({ status: 'confirmed', start_ts: '2027-03-16T18:00:00.000Z' });
  });

  it('takes a move back as it was before: confirmed, and not when nothing moved', async () => {
    const { id } = await aVisit('2027-03-10T16:00:00.000Z');
    await desk.send(`/visits/${id}/confirm`);
    const moved = await desk.sendAndSee(`/visits/${id}/move`, { start_ts: '2027-03-10T19:00:00.000Z' });
    expect((await visitAt(`/visits/${id}`)).status).toBe('booked');
    const same = await desk.sendAndSee(`/visits/${id}/move`, { start_ts: '2027-03-10T19:00:00.000Z' });
    expect([same.text.includes('The visit stays where it is.'), undoOf(same)]).toEqual([true, '']);
    await desk.send(undoOf(moved));
    expect(await visitAt(`/visits/${id}`)).toMatchObject({ status: 'confirmed', start_ts: '2027-03-10T16:00:00.000Z' });
    api.setNow('2027-03-10T16:05:00.000Z');
    const late = await desk.sendAndSee(`/visits/${id}/move`, { start_ts: '2027-03-10T20:00:00.000Z' });
    expect([late.text.includes('Its reminders moved with it.'), undoOf(late)]).toEqual([true, '']);
  });

  it('says what was refused also where the form has nothing more to show', async () => {
    const { id } = await aVisit('2027-03-18T15:00:00.000Z');
    await desk.send(`/visits/${id}/cancel`);
    const late = await desk.sendAndSee(`/visits/${id}/reschedule`, { start_ts: '2027-03-18T18:00:00.000Z' });
    expect(late.html).toContain('class="notice trouble"');
  });

  it('asks before it cancels, and offers neither for a visit that is over', async () => {
    const { id } = await aVisit('2027-03-15T15:00:00.000Z');
    expect((await desk.open(`/visits/${id}/cancel`)).text).toContain('Cancel this visit?');
    expect((await desk.sendAndSee(`/visits/${id}/cancel`)).text).toContain('The visit is canceled.');
    for (const part of ['cancel', 'reschedule']) expect((await desk.open(`/visits/${id}/${part}`)).location).toBe(`/visits/${id}`);
  });
});
