import { v7 as newId } from 'uuid';
import { savePlanned } from '../../db/messages';
import { aBusiness, anAppointment, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { aBrowser, aDesk, aUser, PASSWORD, type Desk } from '../support/console';

let api: TestApi;
let businessId: string;
let desk: Desk;
beforeAll(async () => {
  api = await startApi();
  businessId = (await aBusiness(api.database.db)).id;
  desk = await aDesk(api, businessId, { email: 'owner@salon.example' });
});
afterAll(() => api.close());

describe('the log-in', () => {
  it('is where whoever is not logged in is sent, and leads back to the page that was asked for', async () => {
    const stranger = aBrowser(api);
    expect(await stranger.open('/')).toMatchObject({ status: 302, location: '/login' });
    expect(await stranger.open('/visits/1?x=2')).toMatchObject({ status: 302, location: '/login?to=%2Fvisits%2F1%3Fx%3D2' });
    const page = await stranger.open('/login?to=%2Fmore');
    expect(page.html).toContain('type="password"');
    expect(page.html).toContain('<input type="hidden" name="to" value="/more"/>');
    const { email } = await aUser(api, businessId);
    expect((await stranger.send('/login', { email, password: PASSWORD, to: '/more' })).location).toBe('/more');
  });

  it('leads to no other site', async () => {
    for (const to of ['https://evil.example', '//evil.example', '/\\evil.example', 'more'])
      expect((await aBrowser(api).open(`/login?to=${encodeURIComponent(to)}`)).html).toContain('name="to" value="/"');
  });

  it('says in the page that e-mail or password is wrong, and keeps the e-mail', async () => {
    const page = await aBrowser(api).send('/login', { email: 'owner@salon.example', password: 'guessed' });
    expect(page.status).toBe(401);
    expect(page.text).toContain('E-mail or password is wrong.');
    expect(page.html).toContain('owner@salon.example');
  });

  it('refuses more than four thousand bytes, and a form of another site', async () => {
    expect((await aBrowser(api).send('/login', { email: 'a', password: 'x'.repeat(5_000) })).status).toBe(413);
    const foreign = await aBrowser(api).send('/login', { email: 'a', password: 'b' }, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
  });

  it('ends with the log-out', async () => {
    const mine = await aDesk(api, businessId);
    const kept = mine.cookies();
    expect((await mine.send('/logout')).location).toBe('/login');
    expect(await mine.open('/')).toMatchObject({ status: 302 });
    expect(await aBrowser(api).open('/', { cookie: kept })).toMatchObject({ status: 302 });
  });
});

describe('a form', () => {
  it('is refused without the proof of its own session, or from another site, and says so as a page', async () => {
    const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-01T18:00:00.000Z' });
    const forged = await desk.send(`/visits/${visit.id}/confirm`, { proof: 'guessed' });
    expect([forged.status, forged.text]).toEqual([403, expect.stringContaining('must come from this site')]);
    const foreign = await desk.send(`/visits/${visit.id}/confirm`, {}, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
    expect((await desk.open(`/visits/${visit.id}`)).text).toContain('Booked');
  });

  it('says once what was done', async () => {
    const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-01T19:00:00.000Z' });
    const page = await desk.sendAndSee(`/visits/${visit.id}/confirm`);
    expect(page.text).toContain('The visit is confirmed.');
    expect((await desk.open(`/visits/${visit.id}`)).text).not.toContain('The visit is confirmed.');
  });

  it('puts no words of others into the page', async () => {
    const said = Buffer.from(JSON.stringify({ tone: 'done', text: 'Call 900' })).toString('base64url');
    const page = await desk.open('/', { cookie: `${desk.cookies()}; usher_said=${said}.guessed` });
    expect(page.text).not.toContain('Call 900');
  });
});

it('speaks the language that the reader chose, in the page and in what it refuses', async () => {
  const mine = await aDesk(api, businessId);
  const { id } = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-03T20:00:00.000Z' });
  expect(await mine.send('/language', { locale: 'es', back: '/more' })).toMatchObject({ status: 303, location: '/more' });
  const page = await mine.open('/');
  expect(page.html).toContain('<html lang="es">');
  expect(page.text).toContain('Cerrar sesión');
  const refused = await mine.sendAndSee(`/visits/${id}/arrive`, { back: `/visits/${id}` });
  expect(refused.text).toContain('La llegada solo se puede anotar el día de la cita.');
});

it('shows the day and each visit with its messages', async () => {
  const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-01T18:30:00.000Z' });
  const day = await desk.open('/');
  expect(day.text).toContain('Visits on Mon, Mar 1');
  expect(day.html).toContain(`/visits/${visit.id}`);
  expect((await desk.open(`/visits/${visit.id}`)).status).toBe(200);
  expect((await desk.open('/?date=2027-03-05')).text).toContain('No visits on this day.');
});

it('calls messages by their names and people by theirs, in the words of the reader', async () => {
  const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-03T18:00:00.000Z' });
  const row = {
    appointmentId: visit.id,
    scheduleVersion: 1,
    status: 'planned' as const,
    reason: null,
    notAfter: '2027-03-03T18:00:00.000Z',
  };
  const at = { dueAt: '2027-03-01T18:00:00.000Z', sendAt: '2027-03-01T18:00:00.000Z' };
  await inBusiness(api.database.db, businessId, async (tx) => {
    const staff = { rule: 'staff_new_booking' as const, messageClass: 'staff' as const, channel: 'email' as const };
    const contact = { rule: '7d' as const, messageClass: 'reminder' as const, channel: 'sms' as const };
    await savePlanned(
      tx,
      [
        { id: newId(), sendKey: `${visit.id} a`, ...row, ...at, ...staff, staffId: visit.staffId, contactId: null },
        { id: newId(), sendKey: `${visit.id} b`, ...row, ...at, ...contact, staffId: null, contactId: visit.contactId },
      ],
      MONDAY,
    );
  });
  const english = await desk.open(`/visits/${visit.id}`);
  expect(english.text).toContain('New booking by e-mail to Dana Reyes Goes out Mon, Mar 1, 1:00 PM (America/New York).');
  expect(english.text).toContain('7-day reminder by text to Ana López');
  expect(english.html).toContain('<a class="business" href="/"><span>Shear Bliss</span></a>');
  expect(english.html).toMatch(/console\.css\?v=/);
  const spanish = await desk.open(`/visits/${visit.id}`, { 'accept-language': 'es' });
  expect(spanish.text).toContain('Nueva cita por correo a Dana Reyes');
  expect(spanish.text).toContain('Recordatorio de 7 días por mensaje de texto a Ana López');
});

it("hides another business's visit, and says so as a page", async () => {
  const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-02T18:00:00.000Z' });
  const other = await aDesk(api, (await aBusiness(api.database.db)).id);
  for (const path of [`/visits/${visit.id}`, `/visits/${visit.id}/cancel`, '/visits/17']) {
    const page = await other.open(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  }
});

it('lets a viewer look and change nothing', async () => {
  const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-02T19:00:00.000Z' });
  const viewer = await aDesk(api, businessId, { role: 'viewer' });
  const page = await viewer.open(`/visits/${visit.id}`);
  expect(page.status).toBe(200);
  expect(page.html).not.toContain(`action="/visits/${visit.id}`);
  expect((await viewer.send(`/visits/${visit.id}/confirm`)).status).toBe(303);
  expect((await viewer.open('/')).text).toContain('Your role does not allow this.');
  expect((await viewer.open(`/visits/${visit.id}/cancel`)).status).toBe(403);
});
