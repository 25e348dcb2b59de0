import { withBusiness } from '../../db/tenancy';
import { startApi, MONDAY, type TestApi } from '../support/api';
import { aVisit, visitOf, WEDNESDAY, type VisitAtSalon } from '../support/visit';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const doorbellOf = ({ salon, id }: VisitAtSalon): Promise<number | undefined> =>
  withBusiness(api.database.db, salon.id, async (tx) => {
    const [row] = await tx('doorbells')
      .where({ workflowId: `appointment/${id}` })
      .select<{ version: number }[]>('version');
    return row?.version;
  });

describe('GET /v/:token', () => {
  it('shows the visit: when, what, with whom, where, and how to reach the business', async () => {
    const { status, text, html } = await (await aVisit(api)).open();
    expect(status).toBe(200);
    for (const shown of ['Wed, Mar 10 at 10:00 AM', 'Haircut', 'Marta', '1 h', 'Main Street, 1 Main St', '+1 212 555 0100'])
      expect(text).toContain(shown);
    expect(html).toContain('href="tel:+12125550100"');
    expect(text).toContain('Confirm my visit');
  });

  it("speaks the contact's language, whatever the browser says", async () => {
    const visit = await aVisit(api, { locale: 'es' });
    const { html, text } = await visit.open('', { headers: { 'Accept-Language': 'en' } });
    expect(html).toContain('<html lang="es">');
    expect(text).toContain('Confirmar mi cita');
    expect(text).toContain('mié 10 mar, 10:00');
  });

  it('changes to the other language and stays there', async () => {
    const { html, text } = await (await aVisit(api, { locale: 'es' })).open('?lang=en');
    expect(text).toContain('Wed, Mar 10 at 10:00 AM');
    expect(html).toMatch(/action="\/v\/[\w-]+\/confirm\?lang=en"/);
    expect(html).toMatch(/href="\/v\/[\w-]+\/times\?lang=en"/);
  });

  it("names the venue's zone to somebody whose clock shows another time", async () => {
    const { text } = await (await aVisit(api, { contactZone: 'America/Los_Angeles' })).open();
    expect(text).toContain('Wed, Mar 10 at 10:00 AM EST');
  });

  it.each(['GET', 'HEAD'])('changes nothing when a program opens every link (%s)', async (method) => {
    const visit = await aVisit(api);
    const [before, rung] = [await visit.row(), await doorbellOf(visit)];
    for (const part of ['', '/times', '/cancel', '/times?week=1', '?said=cancelled', '.ics'])
      expect((await visit.open(part, { method })).status).toBe(200);
    expect(await visit.row()).toEqual(before);
    expect(await doorbellOf(visit)).toBe(rung);
  });

  it('does nothing on a GET of what changes something', async () => {
    const visit = await aVisit(api);
    expect((await visit.open('/confirm')).status).toBe(405);
    expect((await visit.row()).status).toBe('booked');
  });

  it('is kept by nobody, indexed by nobody, and tells no other site its address', async () => {
    const { headers, html } = await (await aVisit(api)).open();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(html).toContain('<meta name="robots" content="noindex, nofollow"/>');
    expect(html).not.toMatch(/<script|<style| style=/);
  });

  it("puts the visit's secret into no address of another site", async () => {
    const visit = await aVisit(api);
    const links = [...(await visit.open()).html.matchAll(/href="(https?:[^"]+)"/g)].map(([, href]) => href);
    expect(links).toHaveLength(1);
    expect(links[0]).toMatch(/^https:\/\/calendar\.google\.com\/.*dates=20270310T150000Z%2F20270310T160000Z/);
    expect(links[0]).not.toContain(visit.token);
  });

  it('shows a name as text, whatever it is made of', async () => {
    const visit = await aVisit(api);
    await withBusiness(api.database.db, visit.salon.id, (tx) => tx('services').update({ name: '<script>alert(1)</script>' }));
    const { html } = await visit.open();
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script>');
  });

  it('says only what is true, whatever the address claims', async () => {
    const visit = await aVisit(api);
    for (const said of ['confirmed', 'cancelled', 'nonsense'])
      expect((await visit.open(`?said=${said}`)).html).not.toContain('class="notice"');
  });

  it('asks to call when the business has no number', async () => {
    const visit = await aVisit(api);
    await withBusiness(api.database.db, visit.salon.id, (tx) => tx('businesses').update({ phone: null }));
    const { text, html } = await visit.open();
    expect(text).toContain('please contact Salon Sol');
    expect(html).not.toContain('tel:');
  });
});

describe('the link of a visit', () => {
  it('ends a day after the visit, and then still says whom to call, but not what the visit was', async () => {
    const visit = await aVisit(api);
    api.setNow('2027-03-11T15:59:00.000Z');
    expect((await visit.open()).status).toBe(200);
    api.setNow('2027-03-11T16:00:00.000Z');
    const { status, text } = await visit.open();
    expect(status).toBe(410);
    expect(text).toContain('To book by phone, call Salon Sol: +1 212 555 0100');
    expect(text).not.toContain('Haircut');
    expect((await visit.open('/times')).status).toBe(410);
    expect((await visit.open('.ics')).status).toBe(410);
    expect((await visit.send('/cancel', {}, { form: {} })).status).toBe(410);
  });

  it('outlives a no-show until its follow-up was read', async () => {
    const visit = await aVisit(api);
    api.setNow('2027-03-10T16:00:00.000Z');
    await api.post(`/appointments/${visit.id}/no-show`, {}, { key: visit.salon.apiKey });
    api.setNow('2027-03-12T17:00:00.000Z');
    const { status, text } = await visit.open();
    expect(status).toBe(200);
    expect(text).toContain('We missed you');
    api.setNow('2027-03-17T16:00:00.000Z');
    expect((await visit.open()).status).toBe(410);
  });

  it('is unknown when it is cut short, made up or revoked', async () => {
    const visit = await aVisit(api);
    for (const path of [visit.token.slice(0, 9), 'A'.repeat(16), '%00', "'; drop table links --"]) {
      const response = await fetch(`${api.url}/v/${path}`, { headers: { 'Accept-Language': 'es' } });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('No conocemos este enlace');
    }
    await withBusiness(api.database.db, visit.salon.id, (tx) => tx('links').update({ revokedAt: MONDAY }));
    expect((await visit.open()).status).toBe(404);
    expect((await visit.open('.ics')).status).toBe(404);
  });

  it('exists once a hold is booked, not before', async () => {
    const { salon } = await aVisit(api);
    const asked = { contact_id: salon.contactId, service_id: salon.serviceId, start_ts: '2027-03-11T15:00:00.000Z' };
    const { body } = await api.post<{ id: string }>('/holds', asked, { key: salon.apiKey });
    const visit = visitOf(api, salon, body.id);
    expect((await visit.open()).status).toBe(404);
    await api.post('/appointments', { hold_id: body.id }, { key: salon.apiKey });
    expect((await visit.open()).status).toBe(200);
  });

  it('can be opened once a second, not a hundred times a minute', async () => {
    const visit = await aVisit(api);
    const pages = [];
    for (let i = 0; i < 61; i += 1) pages.push(await visit.open());
    expect(pages.slice(0, 60).every(({ status }) => status === 200)).toBe(true);
    expect(pages[60]?.status).toBe(429);
    expect(Number(pages[60]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(pages[60]?.text).toContain('Please wait a minute');
  });
});

describe('POST /v/:token/confirm', () => {
  it('confirms, wakes the process, and says so on the page', async () => {
    const visit = await aVisit(api);
    const { status, location } = await visit.send('/confirm');
    expect([status, location]).toEqual([303, `/v/${visit.token}?said=confirmed`]);
    const row = await visit.row();
    expect(row.status).toBe('confirmed');
    expect(await doorbellOf(visit)).toBe(row.version);
    const { text } = await visit.open('?said=confirmed');
    expect(text).toContain('Thank you. Your visit is confirmed.');
    expect(text).not.toContain('Confirm my visit');
  });

  it('is noted in the audit log as done by the contact', async () => {
    const visit = await aVisit(api);
    await visit.send('/confirm');
    const entries = await withBusiness(api.database.db, visit.salon.id, (tx) =>
      tx('auditLogs').where({ subjectId: visit.id, action: 'appointment.confirmed' }).select<Record<string, string>[]>('*'),
    );
    expect(entries).toEqual([expect.objectContaining({ actorKind: 'contact', actorId: visit.salon.contactId })]);
  });

  it('does the same as one tap when it is tapped twice', async () => {
    const visit = await aVisit(api);
    const form = await visit.form();
    await visit.send('/confirm', {}, { form });
    const before = await visit.row();
    expect((await visit.send('/confirm', {}, { form })).location).toContain('said=confirmed');
    expect(await visit.row()).toEqual(before);
  });

  it('confirms no time that the reader did not see', async () => {
    const visit = await aVisit(api);
    const form = await visit.form();
    await api.post(`/appointments/${visit.id}/reschedule`, { start_ts: '2027-03-10T18:00:00.000Z' }, { key: visit.salon.apiKey });
    const { location } = await visit.send('/confirm', {}, { form });
    expect(location).toContain('said=changed');
    expect((await visit.row()).status).toBe('booked');
    const { text } = await visit.open('?said=changed');
    expect(text).toContain('The visit has changed since you opened this page.');
    expect(text).toContain('Wed, Mar 10 at 1:00 PM');
  });

  it('changes nothing once the visit has begun', async () => {
    const visit = await aVisit(api);
    const form = await visit.form();
    api.setNow(WEDNESDAY);
    expect((await visit.send('/confirm', {}, { form })).location).toContain('said=stands');
    expect((await visit.row()).status).toBe('booked');
    const { text, html } = await visit.open('?said=stands');
    expect(text).toContain('Started');
    expect(html).not.toContain('<form');
    expect((await visit.open('/times')).location).toContain('said=stands');
    expect((await visit.open('/cancel')).location).toContain('said=stands');
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['without the proof that our page made it', { seen: '1' }, {}],
    ['with the proof of another visit', { seen: '1', proof: 'AAAAAAAAAAAAAAAA' }, {}],
    ['that another site made the browser send', {}, { 'Sec-Fetch-Site': 'cross-site' }],
    ['that is no form', {}, { 'Content-Type': 'application/json' }],
    ['that is far too long', { more: 'x'.repeat(20_000) }, {}],
  ])('refuses a form %s', async (_, fields, headers) => {
    const visit = await aVisit(api);
    const kept = 'seen' in fields ? {} : await visit.form();
    const { status, text } = await visit.send('/confirm', fields, { form: kept, headers });
    expect(status).toBe(403);
    expect(text).toContain('Please open the page again');
    expect((await visit.row()).status).toBe('booked');
  });
});

describe('cancelling', () => {
  it('asks first, then cancels in the contact’s name and frees the time', async () => {
    const visit = await aVisit(api);
    const asked = await visit.open('/cancel');
    expect(asked.text).toContain('Cancel this visit?');
    expect((await visit.row()).status).toBe('booked');
    expect((await visit.send('/cancel')).location).toContain('said=cancelled');
    expect(await visit.row()).toMatchObject({ status: 'cancelled', cancelledBy: 'contact', cancelledAt: MONDAY });
    const { text, html } = await visit.open('?said=cancelled');
    expect(text).toContain('Your visit is canceled.');
    expect(text).toContain('To book by phone, call Salon Sol');
    expect(html).not.toContain('<form');
    await aVisit(api, { salon: visit.salon }); // the same time, for somebody else
  });

  it('says that it is cancelled when it was cancelled already', async () => {
    const visit = await aVisit(api);
    const form = await visit.form();
    await visit.send('/cancel', {}, { form });
    expect((await visit.send('/cancel', {}, { form })).location).toContain('said=cancelled');
    expect((await visit.send('/confirm', {}, { form })).location).toContain('said=stands');
  });
});
