import { inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';
import { anOffer, type OfferAtSalon } from '../support/offer';
import { offered } from '../support/visit';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const ringsOf = async ({ salon, freedSlotId }: OfferAtSalon): Promise<number[]> =>
  (await waitingRings(api.database.db, salon.id))
    .filter(({ workflowId }) => workflowId.endsWith(freedSlotId))
    .map(({ version }) => version);
const visitsOf = async ({ salon }: OfferAtSalon): Promise<{ start_ts: string; status: string; source: string }[]> =>
  (await api.get<{ data: { start_ts: string; status: string; source: string }[] }>('/appointments', { key: salon.apiKey })).body.data;
const entryOf = async ({ salon, entryId }: OfferAtSalon): Promise<{ status: string }> =>
  (await api.get<{ status: string }>(`/waitlist-entries/${entryId}`, { key: salon.apiKey })).body;
const close = ({ salon, offerId }: OfferAtSalon, status: string): Promise<unknown> =>
  inBusiness(api.database.db, salon.id, (tx) => tx('waitlistOffers').where({ id: offerId }).update({ status, closedAt: api.now() }));

describe('GET /o/:token', () => {
  it('shows the time that is offered, with whom and where, until when to answer, and two buttons', async () => {
    const { status, text, html } = await (await anOffer(api)).open();
    expect(status).toBe(200);
    for (const shown of ['Wed, Mar 10 at 10:00 AM', 'Haircut', 'Marta', '1 h', 'Main Street, 1 Main St', 'by 9:30 AM', '+1 212 555 0100'])
      expect(text).toContain(shown);
    expect(text).toContain('Yes, book it for me');
    expect(text).toContain('No, thank you');
    expect(html).not.toMatch(/<script|<style| style=/);
  });

  it("speaks the person's language, and the other one when asked", async () => {
    const offer = await anOffer(api, { locale: 'es' });
    const { text, html } = await offer.open();
    expect(html).toContain('<html lang="es">');
    expect(text).toContain('Sí, resérvela para mí');
    expect((await offer.open('?lang=en')).html).toMatch(/action="\/o\/[\w-]+\/take\?lang=en"/);
  });

  it.each(['GET', 'HEAD'])('changes nothing when a program opens every link (%s)', async (method) => {
    const offer = await anOffer(api);
    const before = await offer.row();
    for (const part of ['', '?said=booked', '?said=late']) expect((await offer.open(part, { method })).status).toBe(200);
    for (const part of ['/take', '/pass', '/times']) expect((await offer.open(part, { method })).status).toBe(405);
    expect(await offer.row()).toEqual(before);
    expect(await ringsOf(offer)).toEqual([]);
  });

  it('does not say that something is booked because its address says so', async () => {
    expect((await (await anOffer(api)).open('?said=booked')).text).not.toContain('your visit is booked');
  });

  it('is kept by nobody, indexed by nobody, and ends a day after the visit', async () => {
    const offer = await anOffer(api);
    const { headers } = await offer.open();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    api.setNow('2027-03-11T16:00:00.000Z');
    const ended = await offer.open();
    expect([ended.status, ended.text.includes('Marta')]).toEqual([410, false]);
  });

  it('answers 404 to a link that nobody has', async () => {
    await anOffer(api);
    expect((await fetch(`${api.url}/o/AAAAAAAAAAAAAAAA`)).status).toBe(404);
  });

  it("is no key to another kind of page: an offer's link opens no visit, a visit's no offer", async () => {
    const offer = await anOffer(api);
    expect((await fetch(`${api.url}/v/${offer.token}`)).status).toBe(404);
    await offer.tap('/take');
    const { appointmentId } = await offer.row();
    expect((await fetch(`${api.url}/o/${api.deps.hash.linkToken('appointment', appointmentId ?? '')}`)).status).toBe(404);
  });
});

describe('POST /o/:token/take', () => {
  it("books the visit and leads to the visit's own page", async () => {
    const offer = await anOffer(api);
    const taken = await offer.tap('/take');
    expect([taken.status, taken.location]).toEqual([303, `/o/${offer.token}`]);
    expect(await offer.row()).toMatchObject({ status: 'accepted' });
    expect(await visitsOf(offer)).toMatchObject([{ start_ts: '2027-03-10T15:00:00.000Z', status: 'booked', source: 'waitlist' }]);
    const { text, html } = await offer.open();
    expect(text).toContain('This time is yours');
    const [, path] = /href="(\/v\/[\w-]{16})"/.exec(html) ?? [];
    expect((await fetch(`${api.url}${path ?? ''}`)).status).toBe(200);
    expect(await ringsOf(offer)).toHaveLength(1);
  });

  it('twice books once', async () => {
    const offer = await anOffer(api);
    const form = await offer.form();
    await Promise.all([offer.tap('/take', {}, { form }), offer.tap('/take', {}, { form })]);
    expect(await visitsOf(offer)).toHaveLength(1);
  });

  it('notes in the audit log that the person did it', async () => {
    const offer = await anOffer(api);
    await offer.tap('/take');
    const rows = await inBusiness(api.database.db, offer.salon.id, (tx) =>
      tx('auditLogs').where({ subjectId: offer.offerId }).select('action', 'actorKind'),
    );
    expect(rows).toEqual([{ action: 'waitlist_offer.accepted', actorKind: 'contact' }]);
  });

  it('says that somebody was faster and shows the next free times, each a tap away', async () => {
    const offer = await anOffer(api);
    const booked = { contact_id: offer.salon.contactId, service_id: offer.salon.serviceId, start_ts: '2027-03-10T15:00:00Z' };
    expect((await api.post('/appointments', booked, { key: offer.salon.apiKey })).status).toBe(201);
    expect((await offer.tap('/take')).location).toBe(`/o/${offer.token}?said=late`);
    const page = await offer.open('?said=late');
    expect(page.text).toContain('given to somebody else');
    const times = offered(page);
    expect(times.map(({ text }) => text).slice(0, 2)).toEqual(['Mon, Mar 1 at 9:00 AM', 'Mon, Mar 1 at 9:15 AM']);
    expect(times).toHaveLength(6);

    const done = await offer.tap('/times', { pick: times[2]!.pick });
    expect(done.location).toBe(`/o/${offer.token}?said=booked`);
    expect((await offer.open('?said=booked')).text).toContain('Done: your visit is booked');
    expect((await visitsOf(offer)).map(({ source }) => source).sort()).toEqual(['api', 'waitlist']);
    expect(await entryOf(offer)).toMatchObject({ status: 'booked' });
  });

  it.each(['2027-03-01T04:00:00.000Z', '2027-03-02T14:07:00.000Z', '2027-05-10T14:00:00.000Z'])(
    'books no time that the page does not show (%s)',
    async (pick) => {
      const offer = await anOffer(api);
      await close(offer, 'ignored');
      const before = await visitsOf(offer);
      expect((await offer.tap('/times', { pick })).location).toBe(`/o/${offer.token}?said=taken`);
      expect(await visitsOf(offer)).toEqual(before);
    },
  );

  it('gives one time to one of five who tap at once', async () => {
    const first = await anOffer(api);
    const others = [];
    for (let i = 0; i < 4; i += 1) others.push(await anOffer(api, { salon: first.salon, freedSlotId: first.freedSlotId }));
    const all = [first, ...others];
    const forms = await Promise.all(all.map((offer) => offer.form()));
    await Promise.all(all.map((offer, i) => offer.tap('/take', {}, { form: forms[i]! })));
    const statuses = (await Promise.all(all.map((offer) => offer.row()))).map(({ status }) => status);
    expect(statuses.sort()).toEqual(['accepted', 'lost', 'lost', 'lost', 'lost']);
    expect(await visitsOf(first)).toHaveLength(1);
  });
});

describe('POST /o/:token/pass', () => {
  it('lets the time pass, wakes the slot for the next person and keeps the entry', async () => {
    const offer = await anOffer(api);
    expect((await offer.tap('/pass')).location).toBe(`/o/${offer.token}`);
    expect(await offer.row()).toMatchObject({ status: 'declined' });
    expect(await entryOf(offer)).toMatchObject({ status: 'active', ignored_count: 0 });
    expect(await ringsOf(offer)).toHaveLength(1);
    expect((await offer.open()).text).toContain('You let this time pass');
  });
});

describe('a form that our page did not make', () => {
  it('is refused, whatever it asks', async () => {
    const offer = await anOffer(api);
    const other = await anOffer(api);
    for (const part of ['/take', '/pass', '/times']) {
      expect((await offer.tap(part, {}, { form: {} })).status).toBe(403);
      expect((await offer.tap(part, {}, { form: await other.form() })).status).toBe(403);
      expect((await offer.tap(part, {}, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
    }
    expect((await offer.tap('/times', { pick: 'soon' })).status).toBe(403);
    expect(await offer.row()).toMatchObject({ status: 'offered' });
  });
});
