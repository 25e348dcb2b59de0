import { suppressChannel } from '../../db/opt-outs';
import { aBusiness, aContact, anApiKey, anAppointment, inBusiness } from '../factories';
import { MONDAY, startApi, type TestApi } from '../support/api';
import { waitingRings } from '../support/doorbells';

let api: TestApi;
let businessId: string;
beforeAll(async () => (api = await startApi()));
beforeEach(async () => {
  businessId = (await aBusiness(api.database.db)).id;
  api.useKey(await anApiKey(api.database.db, businessId));
});
afterAll(() => api.close());

type Answer = { counts: { rows: number; created: number; updated: number; rejected: number }; rejects: { row: number; reason: string }[] };
const ATTESTATION = 'These people asked us to write to them about their visits.';

function form(file: string | Buffer, attestation: string | null = ATTESTATION): FormData {
  const data = new FormData();
  if (attestation !== null) data.set('attestation', attestation);
  data.set('file', new Blob([typeof file === 'string' ? file : new Uint8Array(file)], { type: 'text/csv' }), 'contacts.csv');
  return data;
}
const upload = (file: string | Buffer, attestation?: string | null) => api.post<Answer>('/contacts/import', form(file, attestation));

type Person = {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  locale: string;
  channels: { channel: string; service: boolean; opted_out: boolean }[];
};
async function people(): Promise<Person[]> {
  const { body } = await api.get<{ data: { id: string }[] }>('/contacts?limit=200');
  const details = await Promise.all(body.data.map(({ id }) => api.get<Person>(`/contacts/${id}`)));
  return details.map((reply) => reply.body).sort((a, b) => a.name.localeCompare(b.name));
}

describe('An import of contacts', () => {
  it('adds people, counts, and names each line it cannot take with its reason', async () => {
    const file = [
      'name,phone,email,locale,zone,postal_code',
      'Ana López,(212) 555-0123,ANA@example.com,es,America/New_York,10001',
      'Bob,,bob@example.com,,,',
      ',212-555-0124,,,,',
      'Carl,12345,,,,',
      'Dora,,not-an-address,,,',
      'Eve,,,,,',
      'Finn,212-555-0125,,fr,,',
      'Gil,212-555-0126,,,Mars/Base,',
      `${'x'.repeat(130)},212-555-0127,,,,`,
    ].join('\r\n');
    const answer = await upload(file);
    expect(answer).toMatchObject({ status: 200, body: { counts: { rows: 9, created: 2, updated: 0, rejected: 7 } } });
    expect(answer.body.rejects).toEqual([
      { row: 4, reason: 'name_missing' },
      { row: 5, reason: 'phone_invalid' },
      { row: 6, reason: 'email_invalid' },
      { row: 7, reason: 'no_phone_or_email' },
      { row: 8, reason: 'locale_unknown' },
      { row: 9, reason: 'zone_unknown' },
      { row: 10, reason: 'name_too_long' },
    ]);
    expect(await people()).toMatchObject([
      { name: 'Ana López', phone: '+12125550123', email: 'ana@example.com', locale: 'es' },
      { name: 'Bob', locale: 'en' },
    ]);
  });

  it.each<[what: string, file: string | Buffer]>([
    ['a BOM', '\uFEFFname,phone\nZoë,2125550123\n'],
    ['semicolons and commas in names', 'name;phone\n"Núñez, Zoë";2125550123\n'],
    ['tabs', 'name\tphone\nZoë\t2125550123\n'],
    ['Windows Latin', Buffer.from('name,phone\nZo\xeb,2125550123\n', 'latin1')],
    ['old Mac line ends', 'name,phone\rZoë,2125550123\r'],
    ['quotes, blank lines and columns we do not know', '"Full Name","Mobile","Loyalty"\r\n\r\n"Zoë","(212) 555-0123","gold"\r\n,,\r\n'],
    ['Spanish headings', 'Nombre;Teléfono;Correo\nZoë;2125550123;\n'],
    ['a missing last cell', 'name,phone,email\nZoë,2125550123\n'],
  ])('reads a file with %s', async (_what, file) => {
    expect((await upload(file)).body.counts).toMatchObject({ created: 1 });
    expect(await people()).toMatchObject([{ name: expect.stringContaining('Zoë'), phone: '+12125550123' }]);
  });

  it('completes people who are known by phone, else by e-mail, in the file or before: what is not blank wins', async () => {
    const known = await aContact(api.database.db, businessId, { name: 'Ana', email: 'ana@example.com', locale: 'es' });
    const file = [
      'name,phone,email,locale,zone',
      ',+1 212 555 0123,,,America/Denver',
      'Ana María,,ana@example.com,,',
      'Bob,212-555-0199,,,',
      ',2125550199,bob@example.com,,',
    ].join('\n');
    expect((await upload(file)).body.counts).toEqual({ rows: 4, created: 1, updated: 2, rejected: 0 });
    expect(await people()).toMatchObject([
      { id: known.id, name: 'Ana María', phone: '+12125550123', email: 'ana@example.com', locale: 'es', zone: 'America/Denver' },
      { name: 'Bob', phone: '+12125550199', email: 'bob@example.com' },
    ]);
  });

  it('gives consent for visits with an attestation, shown as attested, and none without', async () => {
    await upload('name,phone,email\nAna,2125550123,ana@example.com\n');
    await upload('name,phone\nBob,2125550124\n', null);
    const [ana, bob] = await people();
    expect(ana?.channels).toMatchObject([
      { channel: 'sms', service: true },
      { channel: 'email', service: true },
    ]);
    expect(bob?.channels).toMatchObject([{ channel: 'sms', service: false }]);
    const log = await api.get<{ data: object[] }>(`/contacts/${ana!.id}/consents`);
    expect(log.body.data).toMatchObject([
      { method: 'attested', purpose: 'service', statement: ATTESTATION },
      { method: 'attested', purpose: 'service' },
    ]);
    const vouched = await inBusiness(api.database.db, businessId, (tx) => tx('attestations').select<object[]>('*'));
    expect(vouched).toMatchObject([
      { statement: ATTESTATION, recordedBy: expect.stringMatching(/^api_key:/), ip: expect.stringContaining('127.0.0.1') },
    ]);
  });

  it('turns no withdrawal round and lifts no opt-out (R25)', async () => {
    const withdrawn = await aContact(api.database.db, businessId, { name: 'A withdrew', phone: '+12125550131' });
    const said = { channel: 'sms', purpose: 'service', granted: false, statement: 'no more', source: 'desk' };
    await api.post(`/contacts/${withdrawn.id}/consents`, said);
    const stopped = await aContact(api.database.db, businessId, { name: 'B stopped', phone: '+12125550132' });
    await inBusiness(api.database.db, businessId, (tx) =>
      suppressChannel(tx, { channel: 'sms', addressHash: stopped.phoneHash!, source: 'keyword', now: MONDAY }),
    );
    await upload('name,phone\nA withdrew,2125550131\nB stopped,2125550132\n');
    expect(await people()).toMatchObject([{ channels: [{ service: false }] }, { channels: [{ service: true, opted_out: true }] }]);
  });

  it('plans again the visits of those it reaches otherwise now, and only theirs', async () => {
    const [moved, same] = [
      await aContact(api.database.db, businessId),
      await aContact(api.database.db, businessId, { phone: '+12125550155' }),
    ];
    const visit = await anAppointment(api.database.db, businessId, { contactId: moved.id });
    await anAppointment(api.database.db, businessId, { contactId: same.id });
    await upload(`name,phone,email\nAna,${moved.phoneE164!},new@example.com\nBea,${same.phoneE164!},\n`);
    expect(await waitingRings(api.database.db, businessId)).toEqual([{ workflowId: `appointment/${visit.id}`, version: 2, lane: 1 }]);
  });

  it('refuses what is no table of contacts', async () => {
    const files = [
      '',
      ' '.repeat(2_000_000),
      '\n'.repeat(5_000),
      '\uFEFF\r\n ,,\r\n',
      'just text',
      'first,last\nAna,López\n',
      '{"name":"Ana"}',
      Buffer.from([0, 1, 2, 3]),
    ];
    for (const file of files) expect((await upload(file)).body).toMatchObject({ code: 'invalid', errors: [{ path: 'file' }] });
    const noFile = new FormData();
    noFile.set('attestation', 'x');
    expect((await api.post('/contacts/import', noFile)).status).toBe(422);
    const half = await api.post('/contacts/import', '--x\r\ncontent', { headers: { 'Content-Type': 'multipart/form-data; boundary=x' } });
    expect(half).toMatchObject({ status: 400, body: { code: 'malformed_upload' } });
  });

  it.each([
    ['that ends inside its file', 'b', '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname,phone\nA,+1'],
    ['whose part has no header', 'b', '--b\r\n\r\nname,phone\r\n--b--'],
    ['that names no boundary', null, 'name,phone\nAna,2125550123\n'],
  ])('refuses an upload %s, and the next one is served', async (_what, boundary, body) => {
    const type = `multipart/form-data${boundary === null ? '' : `; boundary=${boundary}`}`;
    const refused = await api.post('/contacts/import', body, { headers: { 'Content-Type': type } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'malformed_upload' } });
    expect((await upload('name,phone\nAna,2125550123\n')).status).toBe(200);
  });

  it('looks at the role before the body, so that nobody sends megabytes for nothing', async () => {
    const viewer = { key: await anApiKey(api.database.db, businessId, 'viewer') };
    const half = { ...viewer, headers: { 'Content-Type': 'multipart/form-data' } };
    expect((await api.post('/contacts/import', 'x', half)).status).toBe(403);
    expect((await api.post('/contacts', '{"name": "An', viewer)).status).toBe(403);
  });

  it('takes ten thousand lines, not one more, and a repeated upload under one key once', async () => {
    const line = (i: number) => `Person ${String(i)},+1212${String(2_000_000 + i)}`;
    const lines = Array.from({ length: 10_000 }, (_, i) => line(i));
    const keyed = { headers: { 'Idempotency-Key': 'big' } };
    const file = `name,phone\n${lines.join('\n')}\n`;
    const first = await api.post<Answer>('/contacts/import', form(file), keyed);
    expect(first.body.counts).toEqual({ rows: 10_000, created: 10_000, updated: 0, rejected: 0 });
    const again = await api.post<Answer>('/contacts/import', form(file), keyed);
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
    expect((await upload(`${file}${line(10_000)}\n`)).status).toBe(422);
  });

  it('leaves a mark without personal data in the ledger', async () => {
    await upload('name,phone\nAna,2125550123\n');
    const events = await inBusiness(api.database.db, businessId, (tx) => tx('eventsLedger').select<object[]>('*'));
    expect(events).toMatchObject([{ type: 'csv_uploaded', payload: { rows: 1, created: 1 } }]);
  });
});
