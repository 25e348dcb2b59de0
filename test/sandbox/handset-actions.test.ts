import { request } from 'node:http';
import { eventually } from '../support/eventually';
import { aHandset, aPerson, asDemo, askHandset, plainSpaces, textOf, type Asked, type Handset } from '../support/handset';
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

describe('a reply', () => {
  it("is delivered as the person's text to the business, and answered", async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await eventually(async () => expect(await visit.story()).toContain('confirmation sent 03-01 15:00'));
    const { status, html } = await ask('/reply', { form: { to: `sms ${salon.number}`, text: ' C ' } });
    expect([status, html]).toEqual([200, '']);
    await eventually(async () => expect(await visit.status()).toBe('confirmed'));
    const page = await eventually(async () => {
      const now = await text();
      expect(now).toContain('Confirmed');
      return now;
    });
    expect(page).toContain('You: C 10:0');
  });

  it('by a quick word goes before what stands in the field', async () => {
    await ask('/reply', { form: { to: `sms ${salon.number}`, text: '', quick: 'STOP' } });
    await eventually(() =>
      expect(world.sandbox.log.entries({ kind: 'inbound' }).at(-1)).toMatchObject({ body: 'STOP', from: salon.contactPhone }),
    );
  });

  it('without words is refused with something to read', async () => {
    const { status, html } = await ask('/reply', { form: { to: `sms ${salon.number}`, text: '  ' } });
    expect(status).toBe(422);
    expect(html).not.toBe('');
  });

  it('from another site is refused', async () => {
    const form = { to: `sms ${salon.number}`, text: 'C' };
    expect((await ask('/reply', { form, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });
});

describe('waiting for a time', () => {
  it('puts the person on the list once, with their consent, and the offer reaches their phone', async () => {
    const join = () => ask('/waitlist', { form: { service: salon.serviceId } });
    expect((await join()).html).toContain('On the waitlist for Haircut');
    await join();
    const { body } = await world.call<{ data: { contact_id: string; preference: string }[] }>(salon, 'GET /waitlist-entries');
    expect(body.data).toMatchObject([{ contact_id: salon.contactId, preference: 'soonest' }]);
    const time = { service_id: salon.serviceId, start_ts: '2027-03-03T16:00:00.000Z', end_ts: '2027-03-03T17:00:00.000Z' };
    await world.call(salon, 'POST /notify-list/trigger-cancellation', time);
    await eventually(async () => expect(await text()).toContain('You asked for a time'));
  });

  it('says in Spanish what it does, and refuses what is no service', async () => {
    expect(await text('?lang=es')).toContain('Esperar la hora más próxima');
    expect((await ask('/waitlist', { form: { service: 'all' } })).status).toBe(422);
  });
});

describe('booking from the page', () => {
  const nonce = 'one';
  const choice = () => ({ service: salon.serviceId, staff: '', day: '2027-03-09', nonce });

  it('opens on a day well ahead, with its free times', async () => {
    const { html } = await ask('/book');
    expect(html).toContain('value="2027-03-09"');
    expect(html).toContain('value="2027-03-09T13:00:00.000Z"');
    expect(textOf(html)).toContain('Book a visit for Ana Diaz');
  });

  it('books by the API, once, however often the form is sent', async () => {
    const form = { ...choice(), start: '2027-03-09T15:00:00.000Z' };
    const [first, again] = [await ask('/book', { form }), await ask('/book', { form })];
    for (const answer of [first, again]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('hx-trigger')).toBe('sheet-done');
      expect(answer.html).toBe('Booked for Tue, Mar 9, 10:00 AM');
    }
    const { body } = await world.call<{ data: unknown[] }>(salon, `GET /appointments?contact_id=${salon.contactId}`);
    expect(body.data).toHaveLength(1);
  });

  it('says that a time was taken meanwhile and shows those that are free', async () => {
    await aVisit(world, salon, { startsAt: '2027-03-09T15:00:00.000Z' });
    const { status, html } = await ask('/book', { form: { ...choice(), start: '2027-03-09T15:00:00.000Z' } });
    expect(status).toBe(409);
    expect(html).toContain('hx-target="#sheet-note"');
    expect(textOf(html)).toContain('That time was just taken');
    expect(html).not.toContain('value="2027-03-09T15:00:00.000Z"');
    expect(html).toContain('value="2027-03-09T16:00:00.000Z"');
  });

  it('asks for a time when none is chosen', async () => {
    expect(await ask('/book', { form: choice() })).toMatchObject({ status: 422, html: 'Choose a time first.' });
  });

  it('says what the API says to a time that it does not offer', async () => {
    const { status, html } = await ask('/book', { form: { ...choice(), start: '2027-02-09T15:00:00.000Z' } });
    expect(status).toBeGreaterThanOrEqual(409);
    expect(textOf(html)).toMatch(/Usher refused|just taken/);
  });

  it('leads to the next day with room from one without', async () => {
    const past = new URLSearchParams({ ...choice(), day: '2027-02-20' });
    const { html } = await ask(`/slots?${past.toString()}`);
    expect(html).toContain('data-day="2027-03-01"');
    expect(textOf(html)).toContain('Nothing is free on Sat, Feb 20.');
    expect(await text(`/slots?${new URLSearchParams({ ...choice(), day: '2027-01-20' }).toString()}`)).toContain(
      'Nothing is free in the two weeks',
    );
  });

  it('says what to do when the API is away', async () => {
    const demo = asDemo(world, [{ salon, name: 'Salon Sol' }]);
    handset.demo.current = { ...demo, api: 'http://127.0.0.1:9/api/v1' };
    expect(await text('/book')).toContain('Usher’s API does not answer');
    expect((await ask('/book', { form: { ...choice(), start: '2027-03-09T15:00:00.000Z' } })).status).toBe(502);
  });
});

describe('changing a visit from the page', () => {
  it('moves it by the API', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    expect(await text(`/visits/${visit.id}/move`)).toContain('Move Haircut');
    const form = { service: salon.serviceId, staff: salon.staffId, day: '2027-03-12', start: '2027-03-12T16:00:00.000Z', nonce: 'm' };
    const { status, html } = await ask(`/visits/${visit.id}/move`, { form });
    expect([status, html]).toEqual([200, 'Moved to Fri, Mar 12, 11:00 AM']);
  });

  it('cancels it by the API, also when the button is pressed twice', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    const cancelled = { status: 200, html: 'Canceled' };
    expect(await ask(`/visits/${visit.id}/cancel`, { form: {} })).toMatchObject(cancelled);
    expect(await ask(`/visits/${visit.id}/cancel`, { form: {} })).toMatchObject(cancelled);
    expect(await visit.status()).toBe('cancelled');
    expect(await text()).toContain('Canceled');
  });

  it('says what the API says when a visit can no longer be moved', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await visit.change('cancel');
    const form = { service: salon.serviceId, staff: salon.staffId, day: '2027-03-12', start: '2027-03-12T16:00:00.000Z', nonce: 'm' };
    const { status, html } = await ask(`/visits/${visit.id}/move`, { form });
    expect(status).toBe(409);
    expect(textOf(html)).toContain('Usher refused: ');
  });

  it("knows no other person's visit", async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    const id = await aPerson(world, salon, { name: 'Zoe Other' });
    expect((await ask(`/visits/${visit.id}/cancel?contact=${id}`, { form: {} })).status).toBe(404);
    expect(await visit.status()).toBe('booked');
  });
});

describe('pushing time from the page', () => {
  const settled = () => eventually(() => expect(handset.clock.stateOf(salon.id).state).not.toBe('running'));

  it('goes to the next message of this person, and tells what happened', async () => {
    const visit = await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await eventually(async () => expect(await visit.story()).toContain('confirmation sent 03-01 15:00'));
    const { status, html } = await ask('/clock?to=next', { form: {} });
    expect(status).toBe(202);
    expect(textOf(html)).toContain('Time is moving');
    await settled();
    const page = await text();
    expect(page).toMatch(/Done\. On the way: .*7-day reminder/);
    expect(page).toContain('11:00 AM');
    expect(await visit.story()).toContain('7d sent 03-03 16:00');
  });

  it('takes one push at a time: an impatient second click adds nothing', async () => {
    await Promise.all([ask('/clock?to=day', { form: {} }), ask('/clock?to=day', { form: {} })]);
    await settled();
    expect((await handset.clock.read(salon.id)).now).toMatch(/^2027-03-02T15:0/);
  });

  it('goes nowhere for what is no button', async () => {
    expect((await ask('/clock?to=yesterday', { form: {} })).status).toBe(202);
    expect(handset.clock.stateOf(salon.id).state).toBe('still');
  });
});

describe('the live stream', () => {
  /** Everything streamed so far, as text. */
  async function reading() {
    const path = `${handset.url}/stream?${new URLSearchParams({ business: salon.id, contact: salon.contactId, lang: 'en' }).toString()}`;
    const chunks: string[] = [];
    const stream = request(path);
    const ended = new Promise<void>((resolve) => {
      stream.on('response', (response) => {
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => chunks.push(chunk));
        response.on('close', resolve);
      });
    });
    stream.on('error', () => undefined);
    stream.end();
    const seen = () => plainSpaces(chunks.join(''));
    await eventually(() => expect(seen()).toContain('hx-target="#visits"'));
    return { seen, ended, close: () => stream.destroy() };
  }

  it('brings a text within a moment, without a question from the page', async () => {
    const { seen, close } = await reading();
    expect(seen()).toContain('No messages yet');
    await world.sandbox.log.append({
      ...{ vendor: 'twilio', kind: 'sms', to: salon.contactPhone, from: salon.number, body: 'Fresh from the press' },
      ...{ our_id: null, vendor_id: `SM${salon.id}` },
    });
    await eventually(() => expect(seen()).toContain('Fresh from the press'));
    close();
  });

  it('brings a visit booked elsewhere, and each step of its messages', async () => {
    const { seen, close } = await reading();
    await aVisit(world, salon, { startsAt: '2027-03-10T16:00:00.000Z' });
    await eventually(() => expect(textOf(seen())).toMatch(/Confirmation · text Delivered/));
    expect(seen()).toContain('hx-swap="innerMorph swapEmpty:true"');
    close();
  });

  it('shows the time while it moves', async () => {
    const { seen, close } = await reading();
    await ask('/clock?to=day', { form: {} });
    await eventually(() => expect(textOf(seen())).toMatch(/Tue, Mar 2 .*Done\./));
    close();
  });

  it('is not found for a demo that is gone', async () => {
    handset.demo.current = null;
    expect((await ask('/stream')).status).toBe(404);
  });

  it('ends when the sandbox stops', async () => {
    const { ended } = await reading();
    handset.close();
    await ended;
  });
});
