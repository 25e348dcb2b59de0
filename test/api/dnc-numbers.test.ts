import { aBusiness, aContact, anApiKey, anAppointment, inBusiness, testHasher } from '../factories';
import { startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

type Listed = { data: { id: string; phone: string | null; reason: string }[]; next_cursor: string | null };
const add = (phone: string, reason = 'asked at the desk') => api.post<{ id: string }>('/dnc-numbers', { phone, reason });
const upload = (text: string, fields: Record<string, string> = {}) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([text]), 'dnc.csv');
  return api.post('/dnc-numbers/import', form);
};
const answerFor = async (contactId: string, messageClass: string, channel = 'sms') => {
  const { body } = await api.get<{ channels: { channel: string; classes: { class: string; answer: string; reason: string | null }[] }[] }>(
    `/contacts/${contactId}/permissions`,
  );
  const found = body.channels.find((row) => row.channel === channel)?.classes.find((row) => row.class === messageClass);
  return [found?.answer, found?.reason];
};

describe('The own do-not-call list', () => {
  it('keeps a number from every automated text and call as soon as it stands there, and no longer', async () => {
    const contact = await aContact(api.database.db, businessId);
    const visit = await anAppointment(api.database.db, businessId, { contactId: contact.id });
    expect(await answerFor(contact.id, 'reminder')).toEqual(['send', null]);
    const { body } = await add('(212) 555-0123');
    expect(await answerFor(contact.id, 'reminder')).toEqual(['skip', 'dnc']);
    expect(await answerFor(contact.id, 'call', 'voice')).toEqual(['skip', 'dnc']);
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 1 }]);

    expect((await api.delete(`/dnc-numbers/${body.id}?reason=entered_by_mistake`)).status).toBe(204);
    expect(await answerFor(contact.id, 'reminder')).toEqual(['send', null]);
    expect((await api.delete(`/dnc-numbers/${body.id}?reason=entered_by_mistake`)).status).toBe(404);
  });

  it('takes a number once, and again after it was taken off; who did what and why is kept', async () => {
    const { body } = await add('+12125550140');
    expect((await add('212 555 0140')).body).toMatchObject({ code: 'already_exists' });
    await api.delete(`/dnc-numbers/${body.id}?reason=person_asked`);
    expect((await add('+12125550140')).status).toBe(201);
    const rows = await inBusiness(api.database.db, businessId, (tx) =>
      tx('dncNumbers').orderBy('id').select('removedReason', 'removedBy', 'createdBy'),
    );
    expect(rows).toEqual([
      { removedReason: 'person_asked', removedBy: expect.stringMatching(/^api_key:/), createdBy: expect.stringMatching(/^api_key:/) },
      { removedReason: null, removedBy: null, createdBy: expect.stringMatching(/^api_key:/) },
    ]);
  });

  it('is listed by pages, and searched by a number or some of its digits', async () => {
    for (const last of ['0141', '0142', '0143']) await add(`+1212555${last}`);
    const page = await api.get<Listed>('/dnc-numbers?limit=2');
    expect(page.body.data.map(({ phone }) => phone)).toEqual(['+12125550143', '+12125550142']);
    const next = await api.get<Listed>(`/dnc-numbers?limit=2&cursor=${page.body.next_cursor ?? ''}`);
    expect(next.body).toMatchObject({ data: [{ phone: '+12125550141' }], next_cursor: null });
    expect((await api.get<Listed>('/dnc-numbers?digits=0142')).body.data).toMatchObject([
      { phone: '+12125550142', reason: 'asked at the desk' },
    ]);
    expect((await api.get<Listed>('/dnc-numbers?phone=212-555-0141')).body.data).toHaveLength(1);
    expect((await api.get('/dnc-numbers?digits=%25')).status).toBe(422);
  });

  it('comes in by a file, line by line, and goes out as one that comes in again', async () => {
    await add('+12125550150');
    const file = 'Teléfono;Motivo\n212-555-0150;known\n212-555-0151;moved\n212 555 0152;\n12;short\n;\n"212-555-0151";twice\n';
    expect((await upload(file, { reason: 'from the old system' })).body).toEqual({
      counts: { rows: 6, added: 2, known: 2, rejected: 2 },
      rejects: [
        { row: 5, reason: 'phone_invalid' },
        { row: 6, reason: 'phone_missing' },
      ],
    });
    const out = await api.get<string>('/dnc-numbers/export');
    expect(out.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(out.body).toContain('+12125550152,from the old system,csv_import');
    const elsewhere = (await aBusiness(api.database.db)).id;
    api.useKey(await anApiKey(api.database.db, elsewhere));
    expect((await upload(out.body)).body).toMatchObject({ counts: { rows: 3, added: 3, known: 0, rejected: 0 } });
  });

  it('refuses a file without numbers', async () => {
    expect((await upload('name,city\nAna,Reno\n')).body).toMatchObject({ errors: [{ path: 'file' }] });
    expect((await upload('')).status).toBe(422);
  });

  it('forgets the number of an erased person and still keeps it from being written to', async () => {
    const contact = await aContact(api.database.db, businessId, { phone: '+12125550160', consents: [] });
    await add('+12125550160');
    await api.delete(`/contacts/${contact.id}`);
    expect((await api.get<Listed>('/dnc-numbers')).body.data).toMatchObject([{ phone: null }]);
    const again = await aContact(api.database.db, businessId, { phone: '+12125550160' });
    expect(await answerFor(again.id, 'reminder')).toEqual(['skip', 'dnc']);
    const { rows } = await inBusiness(api.database.db, businessId, (tx) =>
      tx.raw<{ rows: { numberHash: string }[] }>('select number_hash from dnc_numbers'),
    );
    expect(rows).toEqual([{ numberHash: testHasher.address(businessId, '+12125550160') }]);
  });

  it('is added to by staff, taken from and exported by admins', async () => {
    const staff = await anApiKey(api.database.db, businessId, 'staff');
    const { body } = await api.post<{ id: string }>('/dnc-numbers', { phone: '+12125550161', reason: 'asked' }, { key: staff });
    expect((await api.delete(`/dnc-numbers/${body.id}?reason=person_asked`, { key: staff })).status).toBe(403);
    expect((await api.get('/dnc-numbers/export', { key: staff })).status).toBe(403);
    expect((await api.get<Listed>('/dnc-numbers', { key: staff })).body.data).toHaveLength(1);
  });
});
