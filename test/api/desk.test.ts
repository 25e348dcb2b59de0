import { v7 as newId } from 'uuid';
import { hashPassword } from '../../api/passwords';
import { savePlanned } from '../../db/messages';
import { insertUser } from '../../db/users';
import { aBusiness, anAppointment, inBusiness, testHasher } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';

const EMAIL = 'owner@salon.example';
const PASSWORD = 'a long password for the desk';

let api: TestApi;
let businessId: string;
beforeAll(async () => {
  api = await startApi();
  businessId = await aBusinessWithLogin(EMAIL);
});
afterAll(() => api.close());

async function aBusinessWithLogin(email: string): Promise<string> {
  const { id } = await aBusiness(api.database.db);
  const passwordHash = await hashPassword(PASSWORD);
  await inBusiness(api.database.db, id, (tx) =>
    insertUser(tx, { id: newId(), email, emailHash: testHasher.login(email), passwordHash, permissionLevel: 'owner', now: MONDAY }),
  );
  return id;
}

const open = (path: string, cookie = ''): Promise<Response> => fetch(api.url + path, { redirect: 'manual', headers: { cookie } });

const logIn = (email: string, password: string): Promise<Response> =>
  fetch(`${api.url}/login`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ email, password }) });

async function cookieOf(email: string): Promise<string> {
  const [cookie = ''] = (await logIn(email, PASSWORD)).headers.getSetCookie().map((header) => header.split(';')[0] ?? '');
  return cookie;
}

it('sends whoever is not logged in to the log-in', async () => {
  const answer = await open('/');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/login']);
  expect(await (await open('/login')).text()).toContain('type="password"');
});

it('says in the page that e-mail or password is wrong, and keeps the e-mail', async () => {
  const answer = await logIn(EMAIL, 'guessed');
  const page = await answer.text();
  expect(answer.status).toBe(401);
  expect(page).toContain('E-mail or password is wrong.');
  expect(page).toContain(EMAIL);
});

it('refuses a log-in of more than four thousand bytes', async () => {
  const answer = await logIn(EMAIL, 'x'.repeat(5_000));
  expect(answer.status).toBe(413);
});

it('shows the day and each visit with its messages, and ends with the log-out', async () => {
  const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-01T18:00:00.000Z' });
  const cookie = await cookieOf(EMAIL);
  const day = await (await open('/', cookie)).text();
  expect(day).toContain('Visits on Mon, Mar 1');
  expect(day).toContain(`/visits/${visit.id}`);
  expect((await open(`/visits/${visit.id}`, cookie)).status).toBe(200);
  expect(await (await open('/?date=2027-03-05', cookie)).text()).toContain('No visits on this day.');

  const left = await fetch(`${api.url}/logout`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  });
  expect(left.headers.get('location')).toBe('/login');
  expect((await open('/', cookie)).headers.get('location')).toBe('/login');
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
  const cookie = await cookieOf(EMAIL);
  const plain = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  const english = await (await open(`/visits/${visit.id}`, cookie)).text();
  expect(plain(english)).toContain('New booking by e-mail to Dana Reyes Goes out Mon, Mar 1, 1:00 PM (America/New York).');
  expect(plain(english)).toContain('7-day reminder by text to Ana López');
  expect(english).toContain('<p class="business">Shear Bliss</p>');
  expect(english).toMatch(/visit\.css\?v=/);
  const answer = await fetch(`${api.url}/visits/${visit.id}`, { headers: { cookie, 'accept-language': 'es' } });
  const spanish = plain(await answer.text());
  expect(spanish).toContain('Nueva cita por correo a Dana Reyes');
  expect(spanish).toContain('Recordatorio de 7 días por mensaje de texto a Ana López');
});

it("hides another business's visit", async () => {
  const visit = await anAppointment(api.database.db, businessId, { startsAt: '2027-03-02T18:00:00.000Z' });
  await aBusinessWithLogin('owner@other.example');
  expect((await open(`/visits/${visit.id}`, await cookieOf('owner@other.example'))).status).toBe(404);
});
