import { eventually } from '../support/eventually';
import { aHandset, aPerson, asDemo, askHandset, textOf, type Asked, type Handset } from '../support/handset';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

/** A Monday, 10:00 in New York. */
const NOW = '2027-03-01T15:00:00.000Z';

let world: World;
let handset: Handset;
let salon: Salon;
beforeAll(async () => {
  world = await startWorld();
  handset = aHandset(world);
});
afterAll(async () => {
  handset.close();
  await world.close();
});
beforeEach(async () => {
  salon = await world.aSalon({ now: NOW });
  handset.demo.current = asDemo(world, [{ salon, name: 'Salon Sol' }]);
});

const ask = (path: string, asked: Asked = {}) => askHandset(handset, salon, { path, ...asked });
const text = async (path = '', asked: Asked = {}) => textOf((await ask(path, asked)).html);

describe('the page', () => {
  it('shows phone, clock and an invitation to book to somebody without visits', async () => {
    const { status, headers, html } = await ask('');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    const page = textOf(html);
    for (const words of [
      'Salon Sol',
      'Ana Diaz’s phone',
      salon.contactPhone,
      'No messages yet',
      'No visits yet: book one.',
      'Book a visit',
      '10:00 AM',
    ])
      expect(page).toContain(words);
    expect(page).toMatch(/This business’s time is virtual: it is \d+ days( and \d+ (hours?|minutes?))? ahead\./);
  });

  it('says nothing of virtual time where it is the real one', async () => {
    salon = await world.aSalon();
    handset.demo.current = asDemo(world, [{ salon, name: 'Salon Sol' }]);
    const page = await text();
    expect(page).toContain('Real time');
    expect(page).not.toContain('time is virtual');
  });

  it.each([
    ['?lang=es', '', 'Reservar una cita'],
    ['', 'es-MX,es;q=0.9', 'Reservar una cita'],
    ['?lang=en', 'es', 'Book a visit'],
  ])('speaks the language of %s and of Accept-Language "%s"', async (query, accept, words) => {
    expect(await text(query, { headers: { 'accept-language': accept } })).toContain(words);
  });

  it('takes nothing from elsewhere and lets nothing run that stands in the page itself', async () => {
    const { headers, html } = await ask('');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(html).not.toMatch(/<script(?![^>]*\ssrc="\/handset\/)|<style|\sstyle=|\son\w+=|hx-on/);
    expect(html.match(/(?:src|href)="(?!\/|#)[^"]*"/g)).toBeNull();
  });

  it('never tells the browser the key of the API', async () => {
    await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    for (const path of ['', '/book', '/people?q=']) expect((await ask(path)).html).not.toContain(salon.apiKey);
  });

  it('explains how to get a demo when there is none', async () => {
    handset.demo.current = null;
    const { status, html } = await ask('');
    expect(status).toBe(200);
    expect(textOf(html)).toContain('npm run reset');
    expect(await text('?lang=es')).toContain('Todavía no hay demostración');
  });

  it('shows somebody of the business when the person asked for is not one of its own', async () => {
    const other = await world.aSalon({ now: NOW });
    const stranger = await aPerson(world, other, { name: 'Zoe Stranger' });
    expect(await text(`?contact=${stranger}`)).toContain('Ana Diaz’s phone');
    expect(await text('?contact=nobody')).toContain('Ana Diaz’s phone');
  });

  it('shows the first business when the one asked for is not in the demo', async () => {
    expect(await text('?business=00000000-0000-7000-8000-000000000000')).toContain('Ana Diaz’s phone');
  });

  it('says so when a person has nothing to text from', async () => {
    const id = await aPerson(world, salon, { name: 'Priya Nair', email: 'priya@example.com' });
    expect(await text(`?contact=${id}`)).toContain('This person has no number');
  });

  it("writes times in the phone owner's zone and names it, and the visit in the venue's", async () => {
    const id = await aPerson(world, salon, { name: 'Tom Okafor', phone: '+12135550144', zone: 'America/Los_Angeles' });
    await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z', contactId: id });
    const page = await text(`?contact=${id}`);
    expect(page).toContain('Times are Los Angeles time');
    expect(page).toContain('Wed, Mar 10, 11:00 AM EST');
    expect(page).toContain('7:00 AM');
  });

  it('is reached from the root', async () => {
    const answer = await fetch(`${world.sandboxUrl}/`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/handset']);
  });
});

describe('the files of the page', () => {
  it.each(['base.css', 'layout.css', 'phone.css', 'composer.css', 'visits.css', 'sheet.css', 'handset.js', 'htmx.js', 'icon.svg'])(
    'serves %s',
    async (name) => {
      const { status, headers, html } = await ask(`/assets/${name}`);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/css|javascript|svg/);
      expect(html).not.toMatch(/(?:url\(|import |src=)["']?https?:/);
    },
  );

  it.each(['other.js', '..%2Froutes.tsx', 'constructor', '__proto__'])('serves nothing else: %s', async (name) => {
    expect((await ask(`/assets/${name}`)).status).toBe(404);
  });
});

describe('the choice of a person', () => {
  it('finds people by name, number and address, new ones at once', async () => {
    await aPerson(world, salon, { name: 'Dana Whitfield', phone: '+16465550123', email: 'dana_w@example.com' });
    for (const q of ['dana', 'WHIT', '646 555-0123', '(646) 555', 'dana_w@']) {
      expect(await text(`/people?q=${encodeURIComponent(q)}`)).toContain('Dana Whitfield');
    }
  });

  it('takes % and _ for what they are', async () => {
    expect(await text('/people?q=%25')).toContain('Nobody found');
    expect(await text('/people?q=_')).toContain('Nobody found');
  });

  it("finds nobody of another business's", async () => {
    const other = await world.aSalon();
    await aPerson(world, other, { name: 'Zoe Stranger' });
    expect(await text('/people?q=zoe')).toContain('Nobody found');
  });
});

describe('visits and their messages', () => {
  it('shows every planned message of a visit with what became of it', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await eventually(async () => expect(await visit.story()).toContain('confirmation sent 03-01 15:00'));
    const page = await text();
    for (const words of [
      'Haircut',
      'Booked',
      'Wed, Mar 10, 11:00 AM',
      'with Marta · Main Street',
      'Confirmation · text',
      '7-day reminder · text',
    ])
      expect(page).toContain(words);
    expect(page).toMatch(/Confirmation · text (Sent|Delivered) Mon, Mar 1, 10:0\d AM/);
    expect(page).toContain('7-day reminder · text Planned for Wed, Mar 3, 11:00 AM');
    expect(page).toContain('To the next reminder 7-day reminder, Wed, Mar 3, 11:00 AM');
  });

  it('says why a message is not sent', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-03T16:00:00.000Z' });
    await visit.planned();
    expect(await text()).toContain('7-day reminder · text Not sent: its time had passed when the visit was booked');
  });

  it('shows the texts on the phone, their links ready to be opened in a new tab', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await eventually(async () => expect(await visit.story()).toContain('confirmation sent 03-01 15:00'));
    const { html } = await ask('');
    expect(html).toMatch(/<a href="http:\/\/127\.0\.0\.1:\d+\/[^"]+" target="_blank" rel="noopener">/);
    expect(textOf(html)).toContain('Your visit is booked for Wed, Mar 10 at 11:00 AM');
  });

  it('shows the texts of every business on the one phone', async () => {
    const other = await world.aSalon({ now: NOW });
    const twin = await aPerson(world, other, { name: 'Ana Diaz', phone: salon.contactPhone });
    handset.demo.current = asDemo(world, [
      { salon, name: 'Salon Sol' },
      { salon: other, name: 'Dentist Luna' },
    ]);
    await world.sandbox.log.append({
      ...{ vendor: 'twilio', kind: 'sms', to: salon.contactPhone, from: other.number, body: 'See you at the dentist' },
      ...{ our_id: null, vendor_id: `SM${twin}` },
    });
    const page = await text();
    expect(page).toContain('Dentist Luna See you at the dentist');
  });
});

describe('e-mail', () => {
  it('is shown as it was sent, where no script runs and links open in a new tab', async () => {
    const { entry } = await world.sandbox.log.append({
      ...{ vendor: 'sendgrid', kind: 'email', to: salon.contactEmail, from: 'desk@example.com', subject: 'Booked', body: 'Booked' },
      ...{ html: '<!doctype html><p style="color:#111">Booked</p><script>alert(1)</script>', our_id: null, vendor_id: 'mail-1' },
    });
    expect((await ask('')).html).toContain(`src="/handset/mail/${entry.seq}"`);
    const { html, headers } = await ask(`/mail/${entry.seq}`);
    expect(html).toContain('<base target="_blank">');
    expect(html).toContain('<p style="color:#111">Booked</p>');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('allow-scripts');
    expect((await ask('')).html).not.toContain('alert(1)');
  });

  it('without HTML is shown as text', async () => {
    const { entry } = await world.sandbox.log.append({
      ...{ vendor: 'sendgrid', kind: 'email', to: salon.contactEmail, from: 'desk@example.com', subject: 'Plain', body: '1 < 2 & 3' },
      ...{ our_id: null, vendor_id: 'mail-2' },
    });
    expect((await ask(`/mail/${entry.seq}`)).html).toContain('<pre>1 &#60; 2 &#38; 3</pre>');
  });

  it('that does not exist is not found', async () => {
    expect((await ask('/mail/999999')).status).toBe(404);
  });
});
