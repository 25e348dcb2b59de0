import { v7 as newId } from 'uuid';
import { savePlanned, skipMessage, type PlannedRow } from '../../db/messages';
import { aBusiness, aContact, anApiKey, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';

let api: TestApi;
let businessId: string;
let contactId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  contactId = (await aContact(api.database.db, businessId)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

async function aPlannedMessage(over: Partial<PlannedRow> = {}): Promise<string> {
  const id = newId();
  const usual = {
    sendKey: id,
    appointmentId: null,
    contactId,
    staffId: null,
    rule: '1d' as const,
    messageClass: 'reminder' as const,
    channel: 'sms' as const,
  };
  const times = { dueAt: '2027-03-02T03:00:00.000Z', sendAt: '2027-03-02T03:00:00.000Z', notAfter: '2027-03-02T20:00:00.000Z' };
  const row: PlannedRow = { id, ...usual, scheduleVersion: 1, status: 'planned', reason: null, ...times, ...over };
  await inBusiness(api.database.db, businessId, (tx) => savePlanned(tx, [row], MONDAY));
  return id;
}

type Shown = {
  messages: { id: string; status: string; reason: string | null; waiting_until: string | null; explanation: string }[];
  next_cursor: string | null;
};

describe('Messages', () => {
  it('say of a planned one when it goes, and of one that waits until when and why', async () => {
    await aPlannedMessage();
    await aPlannedMessage({ sendAt: '2027-03-02T13:00:00.000Z' });
    const { body } = await api.get<Shown>('/messages');
    expect(body.messages.map(({ waiting_until, explanation }) => [waiting_until, explanation])).toEqual([
      ['2027-03-02T13:00:00.000Z', 'Waiting until Tue, Mar 2, 8:00 AM (America/New York).'],
      [null, 'Goes out Mon, Mar 1, 10:00 PM (America/New York).'],
    ]);
  });

  it('say of one that was not sent why, in the language of who asks', async () => {
    const id = await aPlannedMessage();
    await inBusiness(api.database.db, businessId, (tx) => skipMessage(tx, { id, reason: 'suppressed', decision: null, now: MONDAY }));
    const english = await api.get<Shown>('/messages?status=skipped');
    expect(english.body.messages[0]).toMatchObject({ reason: 'suppressed', explanation: 'Not sent, because the contact opted out.' });
    const spanish = await api.get<Shown>('/messages?reason=suppressed', { headers: { 'Accept-Language': 'es' } });
    expect(spanish.body.messages[0]?.explanation).toBe('No se envió, porque la persona pidió no recibir mensajes.');
  });

  it('are found by contact, by time and page by page, newest first', async () => {
    const ids = [await aPlannedMessage(), await aPlannedMessage(), await aPlannedMessage()].reverse();
    const other = await aContact(api.database.db, businessId);
    expect((await api.get<Shown>(`/messages?contact_id=${other.id}`)).body.messages).toEqual([]);
    expect((await api.get<Shown>('/messages?from=2027-03-02T03:00:01Z')).body.messages).toEqual([]);
    expect((await api.get<Shown>('/messages?from=2027-03-02T03:00:00Z&to=2027-03-02T03:00:01Z')).body.messages).toHaveLength(3);
    const first = await api.get<Shown>('/messages?limit=2');
    const second = await api.get<Shown>(`/messages?limit=2&cursor=${first.body.next_cursor!}`);
    expect([...first.body.messages, ...second.body.messages].map(({ id }) => id)).toEqual(ids);
    expect(second.body.next_cursor).toBeNull();
  });
});
