import { noteWritten } from '../../db/conversations';
import { insertInbound } from '../../db/inbound';
import { mergeContacts } from '../../api/contact-merge';
import { eraseContact, findContact, findContactsByHash } from '../../db/contacts';
import { RowMissing } from '../../db/errors';
import { liftSuppression, suppressChannel } from '../../db/opt-outs';
import { findPermissionFacts } from '../../db/permission-facts';
import { withBusiness } from '../../db/tenancy';
import { v7 as newId } from 'uuid';
import { aBusiness, aContact, anApiKey, anAppointment, aService, aWaitlistEntry, aWaitlistOffer, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { anEnrolment, enrolmentsOf, someCadences } from '../support/cadences';
import { eventually } from '../support/eventually';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
beforeAll(async () => (api = await startApi()));
beforeEach(() => api.setNow(MONDAY));
afterAll(() => api.close());

const [HERS, OLD] = ['+12125550101', '+12125550102'];

type Two = { businessId: string; keptId: string; goneId: string };
type Over = NonNullable<Parameters<typeof aContact>[2]>;

async function two(kept: Over = {}, gone: Over = {}): Promise<Two> {
  const { db } = api.database;
  const { id: businessId } = await aBusiness(db);
  api.useKey(await anApiKey(db, businessId));
  const { id: keptId } = await aContact(db, businessId, { phone: HERS, ...kept });
  const { id: goneId } = await aContact(db, businessId, { phone: OLD, ...gone });
  return { businessId, keptId, goneId };
}

type Moved = { contact: Record<string, unknown>; moved: Record<string, number>; dropped: object; code?: string };
const merge = ({ keptId, goneId }: Two) => api.post<Moved>(`/contacts/${keptId}/merge`, { contact_id: goneId });
const allowed = async ({ keptId }: Two): Promise<string[]> => {
  const { body } = await api.get<{ channels: { channel: string; service: boolean; marketing: boolean; opted_out: boolean }[] }>(
    `/contacts/${keptId}`,
  );
  return body.channels.map(({ channel, ...of }) => [channel, ...Object.entries(of).flatMap(([name, is]) => (is ? [name] : []))].join(' '));
};

const LATER = '2027-06-01T12:00:00.000Z';
const factsOf = ({ businessId, keptId }: Two) =>
  inBusiness(api.database.db, businessId, (tx) => findPermissionFacts(tx, { contactId: keptId, now: LATER, dncSince: null }));
const standing = async (of: Two) => (await factsOf(of)).optOuts;
const mayBeOffered = async (of: Two): Promise<boolean> => (await factsOf(of)).consents.some(({ purpose }) => purpose === 'marketing');

describe('POST /contacts/:id/merge', () => {
  it('gives the kept contact what it lacks, and leaves nothing of the other to be found', async () => {
    const of = await two(
      { name: 'Ana' },
      { name: 'Ana Diaz', email: 'ana@example.com', zone: 'America/Denver', consents: ['sms', 'email'] },
    );
    const { status, body } = await merge(of);
    expect(status).toBe(200);
    expect(body.contact).toMatchObject({ id: of.keptId, name: 'Ana', phone: HERS, email: 'ana@example.com', zone: 'America/Denver' });
    expect(await allowed(of)).toEqual(['sms service', 'email service']);
    expect((await api.get(`/contacts/${of.goneId}`)).status).toBe(404);
    expect((await api.get<{ data: { id: string }[] }>('/contacts')).body.data.map(({ id }) => id)).toEqual([of.keptId]);
    const audits = await inBusiness(api.database.db, of.businessId, (tx) =>
      tx('auditLogs').where({ action: 'contact.merged' }).select<{ subjectId: string }[]>('subjectId'),
    );
    expect(audits).toEqual([{ subjectId: of.keptId }]);
  });

  it('moves visits and plans those ahead again, messages and the conversation with what is unread', async () => {
    const of = await two();
    const { db } = api.database;
    const visit = await anAppointment(db, of.businessId, { contactId: of.goneId });
    await inBusiness(db, of.businessId, async (tx) => {
      const text = { channel: 'sms' as const, vendor: 'twilio', to: '+12125550100', mediaTypes: [], media: null, now: MONDAY };
      for (const [contactId, from] of [
        [of.keptId, HERS],
        [of.goneId, OLD],
      ] as const) {
        await insertInbound(tx, { ...text, id: newId(), contactId, vendorId: newId(), from, body: `from ${from}` });
        await noteWritten(tx, { id: newId(), contactId, now: MONDAY });
      }
    });
    const { body } = await merge(of);
    expect(body.moved).toEqual({ appointments: 1, messages: 1, waitlist_entries: 0 });
    expect((await api.get<{ contact_id: string }>(`/appointments/${visit.id}`)).body.contact_id).toBe(of.keptId);
    expect((await waitingRings(db, of.businessId)).map(({ workflowId }) => workflowId)).toContain(`appointment/${visit.id}`);
    const { body: list } = await api.get<{ data: { id: string; contact_id: string; unread: number }[] }>('/conversations');
    expect(list.data).toMatchObject([{ contact_id: of.keptId, unread: 2 }]);
    const { body: one } = await api.get<{ messages: { body: string }[] }>(`/conversations/${list.data[0]!.id}`);
    expect(one.messages).toHaveLength(2);
  });

  it('lets the stricter word hold: a withdrawal of either, and no consent for a number that goes', async () => {
    const of = await two({ marketing: ['sms'] }, { marketing: ['sms'] });
    await api.post(`/contacts/${of.goneId}/consents`, {
      channel: 'sms',
      purpose: 'marketing',
      statement: 'No more.',
      source: 'desk',
      granted: false,
    });
    await merge(of);
    expect(await allowed(of)).toEqual(['sms service']);
    const proofs = (await api.get<{ data: object[] }>(`/contacts/${of.keptId}/consents`)).body.data;
    expect(proofs).toHaveLength(2 + 3 + 1); // both logs, and the withdrawal that holds for the kept one

    const other = await two({ consents: [] }, { marketing: ['sms'] });
    await merge(other);
    expect(await allowed(other)).toEqual(['sms']);
  });

  it('keeps an opt-out and a do-not-call line of the number that goes, for the one that stays', async () => {
    const of = await two();
    await inBusiness(api.database.db, of.businessId, (tx) =>
      suppressChannel(tx, {
        channel: 'sms',
        addressHash: api.deps.hash.address(of.businessId, OLD),
        source: 'keyword',
        statement: 'STOP',
        now: MONDAY,
      }),
    );
    await api.post('/dnc-numbers', { phone: OLD, reason: 'asked' });
    await merge(of);
    expect(await allowed(of)).toEqual(['sms service opted_out']);
    const dnc = await api.get<{ data: { phone: string }[] }>(`/dnc-numbers?phone=${encodeURIComponent(HERS)}`);
    expect(dnc.body.data).toHaveLength(1);
  });

  it('keeps a withdrawal of the one that goes from a list that is imported later, which may still have the old number', async () => {
    const of = await two({ consents: [] }, { consents: [] });
    const no = { channel: 'sms', purpose: 'service', statement: 'No texts.', source: 'desk', granted: false };
    await api.post(`/contacts/${of.goneId}/consents`, no);
    expect((await merge(of)).body.dropped).toEqual({ phone: OLD, email: null });
    const list = new FormData();
    list.set('attestation', 'These people asked us to write to them about their visits.');
    list.set('file', new Blob([`name,phone\nAna,${HERS}\nAna,${OLD}\n`], { type: 'text/csv' }), 'contacts.csv');
    const { body } = await api.post<{ counts: object }>('/contacts/import', list);
    expect(body.counts).toMatchObject({ created: 0 });
    expect(await allowed(of)).toEqual(['sms']);
    expect((await api.get<{ phone: string }>(`/contacts/${of.keptId}`)).body.phone).toBe(HERS);
    const found = await api.get<{ data: { id: string }[] }>(`/contacts?phone=${encodeURIComponent(OLD)}`);
    expect(found.body.data.map(({ id }) => id)).toEqual([of.keptId]);
  });

  it('takes a STOP from the old number for a STOP of theirs, which a START from the new one takes back; offers stay ended', async () => {
    const of = await two({ marketing: ['sms'] });
    await merge(of);
    expect(await mayBeOffered(of)).toBe(true);
    const { hash } = api.deps;
    const [hers, old] = [HERS, OLD].map((phone) => ({ channel: 'sms' as const, addressHash: hash.address(of.businessId, phone) }));
    const found = await inBusiness(api.database.db, of.businessId, (tx) => findContactsByHash(tx, old!));
    expect(found.map(({ id }) => id)).toEqual([of.keptId]);
    await inBusiness(api.database.db, of.businessId, (tx) => suppressChannel(tx, { ...old!, source: 'keyword', now: LATER }));
    expect(await standing(of)).toMatchObject([{ channel: 'sms' }]);
    expect(await allowed(of)).toEqual(['sms service marketing opted_out']);
    await inBusiness(api.database.db, of.businessId, (tx) => liftSuppression(tx, { ...hers!, now: LATER }));
    expect(await standing(of)).toEqual([]);
    expect(await mayBeOffered(of)).toBe(false);
  });

  it('ends offers that were allowed before the other one said STOP, also if they came back since', async () => {
    const of = await two({ marketing: ['sms'] });
    const old = { channel: 'sms' as const, addressHash: api.deps.hash.address(of.businessId, OLD) };
    await inBusiness(api.database.db, of.businessId, async (tx) => {
      await suppressChannel(tx, { ...old, source: 'keyword', now: LATER });
      await liftSuppression(tx, { ...old, now: LATER });
    });
    api.setNow(LATER);
    await merge(of);
    expect(await standing(of)).toEqual([]);
    expect(await mayBeOffered(of)).toBe(false);
    expect(await allowed(of)).toEqual(['sms service']);
  });

  it('forgets the number in clear of a do-not-call line that nobody here has any more, and its hash when they are erased', async () => {
    const of = await two();
    await api.post('/dnc-numbers', { phone: OLD, reason: 'asked' });
    await merge(of);
    const { db } = api.database;
    const numbers = await inBusiness(db, of.businessId, (tx) =>
      tx('dncNumbers').orderBy('numberE164').select<{ numberE164: string | null }[]>('numberE164'),
    );
    expect(numbers.map(({ numberE164 }) => numberE164)).toEqual([HERS, null]);
    await inBusiness(db, of.businessId, (tx) => eraseContact(tx, of.keptId, MONDAY));
    expect(await inBusiness(db, of.businessId, (tx) => tx('contactAliases').select('*'))).toEqual([]);
  });

  it('is waited for by a booking, which then finds nobody to book for', async () => {
    const of = await two();
    const { db } = api.database;
    const merging = await withBusiness(db, of.businessId, async (tx) => {
      await mergeContacts(tx, { keptId: of.keptId, goneId: of.goneId, by: 'test', now: MONDAY });
      const asked = inBusiness(db, of.businessId, (other) => findContact(other, of.goneId, 'forKeyShare'));
      const answer = asked.then(
        () => 'found',
        (error: unknown) => (error instanceof RowMissing ? 'missing' : String(error)),
      );
      await eventually(async () => {
        const { rows } = await db.pool.raw<{ rows: unknown[] }>(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        expect(rows).toHaveLength(1);
      });
      return { answer };
    });
    expect(await merging.answer).toBe('missing');
  });

  it('leaves one cadence, the more important one, and one open offer', async () => {
    const of = await two({ marketing: ['sms'] }, { marketing: ['sms'] });
    const { db } = api.database;
    const { winback, never_answered: never } = await someCadences(db, of.businessId);
    await anEnrolment(db, of.businessId, { contactId: of.keptId, cadenceId: winback!.id });
    await anEnrolment(db, of.businessId, { contactId: of.goneId, cadenceId: never!.id });
    const { id: serviceId } = await aService(db, of.businessId);
    for (const contactId of [of.keptId, of.goneId]) await aWaitlistOffer(db, of.businessId, { contactId, serviceId });
    await merge(of);
    expect((await enrolmentsOf(db, of.businessId, of.keptId)).sort()).toEqual(['never_answered active 1', 'winback superseded 1']);
    const offers = await inBusiness(db, of.businessId, (tx) =>
      tx('waitlistOffers').where({ contactId: of.keptId }).select<{ status: string }[]>('status'),
    );
    expect(offers.map(({ status }) => status).sort()).toEqual(['offered', 'withdrawn']);
  });

  it('takes away an entry of the waitlist that wishes the same twice, and keeps one that wishes something else', async () => {
    const of = await two();
    const { db } = api.database;
    const { id: serviceId } = await aService(db, of.businessId);
    await aWaitlistEntry(db, of.businessId, { contactId: of.keptId, serviceId });
    await aWaitlistEntry(db, of.businessId, { contactId: of.goneId, serviceId });
    await aWaitlistEntry(db, of.businessId, { contactId: of.goneId, serviceId, weekdays: [1] });
    await merge(of);
    const { body } = await api.get<{ data: { weekdays: number[] }[] }>(`/waitlist-entries?contact_id=${of.keptId}&status=active`);
    expect(body.data.map(({ weekdays }) => weekdays)).toEqual([[], [1]]);
  });

  it('run again, also at the same moment, moves what came meanwhile and changes nothing else', async () => {
    const of = await two({ marketing: ['sms'] });
    const answers = await Promise.all([1, 2, 3].map(() => merge(of)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await anAppointment(api.database.db, of.businessId, { contactId: of.goneId });
    expect((await merge(of)).body.moved).toMatchObject({ appointments: 1 });
    expect(await allowed(of)).toEqual(['sms service marketing']);
  });

  it('follows who was merged before, and refuses what makes no sense', async () => {
    const of = await two();
    const { db } = api.database;
    const { id: third } = await aContact(db, of.businessId, { phone: null });
    await merge(of);
    expect(await merge({ ...of, keptId: of.goneId, goneId: third })).toMatchObject({ status: 404 });
    expect(await merge({ ...of, goneId: of.keptId })).toMatchObject({ status: 422 });
    expect(await merge({ ...of, keptId: third, goneId: of.keptId })).toMatchObject({ status: 200, body: { contact: { phone: HERS } } });
    expect(await merge({ ...of, keptId: third })).toMatchObject({ status: 200 });
    const { id: fourth } = await aContact(db, of.businessId, { phone: null });
    expect(await merge({ ...of, keptId: fourth })).toMatchObject({ status: 409, body: { code: 'contact.merged_elsewhere' } });
    const staff = await anApiKey(db, of.businessId, 'staff');
    expect((await api.post(`/contacts/${fourth}/merge`, { contact_id: third }, { key: staff })).status).toBe(403);
  });

  it('cannot reach another business’s contact', async () => {
    const [theirs, mine] = [await two(), await two()];
    expect((await merge({ ...mine, goneId: theirs.goneId })).status).toBe(404);
    expect((await merge({ ...mine, keptId: theirs.keptId })).status).toBe(404);
  });
});
