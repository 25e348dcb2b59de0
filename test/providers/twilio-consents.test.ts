import { OutcomeUnclear, VendorRefused } from '../../providers/errors';
import { createTwilioConsents } from '../../providers/twilio/consents';
import { createTwilioSms } from '../../providers/twilio/twilio';
import type { RunningSandbox } from '../sandbox/running';
import { ACCOUNT, aSandbox, listen } from '../sandbox/running';

const PERSON = '+12125550142';
const OURS = '+12125550100';
const SAID = {
  person: PERSON,
  ours: OURS,
  optedOut: true,
  saidAt: '2027-03-02T15:00:00.000Z',
  correlationId: '01900000-0000-7000-8000-000000000001',
};

let stand: RunningSandbox;
beforeEach(async () => {
  stand = await aSandbox({ apiUrl: 'http://127.0.0.1:9' });
});
afterEach(() => stand.close());

const options = (baseUrl = stand.url) => ({ ...ACCOUNT, baseUrl, publicUrl: 'https://usher.example' });
const tell = (more: Partial<typeof SAID> = {}) => createTwilioConsents(options()).tell({ ...SAID, ...more });
const text = () => createTwilioSms(options()).send({ to: PERSON, from: OURS, body: 'Hello', messageId: 'm1', validityMs: 60_000 });
const failed = (error: unknown): unknown => error;

describe('telling Twilio of an opt-out', () => {
  it('blocks our texts to the person like a STOP, and a return opens them again', async () => {
    await tell();
    expect(await text().catch(failed)).toMatchObject({ code: 'suppressed', vendorCode: '21610' });
    await tell({ optedOut: false });
    expect(await text()).toMatchObject({ status: 'sent' });
  });

  it('may be repeated', async () => {
    await tell();
    await tell();
    expect(await text().catch(failed)).toMatchObject({ vendorCode: '21610' });
  });

  it('fails with the code that Twilio gives the one entry, though it answers 201', async () => {
    await stand.fault('twilio', { mode: 'refuse', code: '20001' });
    const error = await tell().catch(failed);
    expect(error).toBeInstanceOf(VendorRefused);
    expect(error).toMatchObject({ code: 'operator', vendorCode: '20001' });
    expect(await tell({ person: 'Ana' }).catch(failed)).toMatchObject({ vendorCode: '20001' });
  });

  it.each([
    ['rate_limit', VendorRefused],
    ['error', OutcomeUnclear],
    ['commit_then_drop', OutcomeUnclear],
  ] as const)('is worth another try after %s', async (mode, kind) => {
    await stand.fault('twilio', { mode, times: 1 });
    expect(await tell().catch(failed)).toBeInstanceOf(kind);
    await tell();
    expect(await text().catch(failed)).toMatchObject({ vendorCode: '21610' });
  });

  it('says who, to which number, since when and how, as Twilio wants it', async () => {
    const asked: { path: string; items: unknown[] }[] = [];
    const vendor = await listen((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        asked.push({ path: request.url ?? '', items: new URLSearchParams(body).getAll('Items').map((item): unknown => JSON.parse(item)) });
        response
          .writeHead(201, { 'content-type': 'application/json' })
          .end(JSON.stringify({ items: [{ error_code: 0, error_messages: [] }] }));
      });
    });
    await createTwilioConsents(options(vendor.url)).tell(SAID);
    await vendor.close();
    expect(asked).toEqual([
      {
        path: '/v1/Consents/Bulk',
        items: [
          {
            contact_id: PERSON,
            correlation_id: '01900000000070008000000000000001',
            sender_id: OURS,
            status: 'opt-out',
            source: 'opt-out-message',
            date_of_consent: SAID.saidAt,
          },
        ],
      },
    ]);
  });
});
