import type { LogEntry } from '../../sandbox/accepted-log';
import type { DemoBusiness } from '../../sandbox/demo';
import { concerns, feedOf, partsOf } from '../../sandbox/handset/feed';

const DAY_MS = 86_400_000;
const aBusiness = (name: string, number: string): DemoBusiness => ({
  id: `id of ${name}`,
  name,
  zone: 'America/New_York',
  locale: 'en',
  api_key: 'key',
  sms_number: number,
  staff: [],
  services: [],
  contacts: [],
});
const salon = aBusiness('Salon', '+12125550100');
const dentist = aBusiness('Dentist', '+13105550100');

const aText = (entry: Partial<LogEntry>): LogEntry => ({
  seq: 1,
  at: '2027-03-01T12:00:00.000Z',
  vendor: 'twilio',
  kind: 'sms',
  to: '+16465550123',
  from: salon.sms_number,
  body: 'Hello',
  our_id: null,
  vendor_id: 'SM1',
  ...entry,
});
const NOBODY = { phone: null, email: null, whatsapp: null };
const ledgersOf = (offsetMs = 0) => [
  { business: salon, whatsapp: '+12125550109', messages: [], offsetMs },
  { business: dentist, whatsapp: null, messages: [], offsetMs: 0 },
];

describe('concerns', () => {
  const person = { phone: '+16465550123', email: 'dana@example.com', whatsapp: '+16465550123' };

  it('brings a person the texts and mails to them and those they wrote', () => {
    expect(concerns(aText({}), person)).toBe(true);
    expect(concerns(aText({ kind: 'inbound', from: person.phone, to: salon.sms_number }), person)).toBe(true);
    expect(concerns(aText({ vendor: 'sendgrid', kind: 'email', to: 'Dana@Example.com' }), person)).toBe(true);
  });

  it("keeps other people's messages off the phone", () => {
    expect(concerns(aText({ to: '+16465550199' }), person)).toBe(false);
    expect(concerns(aText({ kind: 'inbound', from: '+16465550199', to: person.phone }), person)).toBe(false);
    expect(concerns(aText({ vendor: 'sendgrid', kind: 'email', to: 'tom@example.com' }), person)).toBe(false);
  });

  it('brings nothing to somebody without number and address', () => {
    expect(concerns(aText({}), NOBODY)).toBe(false);
    expect(concerns(aText({ vendor: 'sendgrid', kind: 'email', to: '' }), NOBODY)).toBe(false);
  });
});

describe('feedOf', () => {
  it("names the business by its number, on either side of the person's texts", () => {
    const entries = [aText({}), aText({ kind: 'inbound', from: '+16465550123', to: dentist.sms_number })];
    const feed = feedOf(entries, ledgersOf());
    expect(feed.map(({ business, mine }) => [business?.name, mine])).toEqual([
      ['Salon', false],
      ['Dentist', true],
    ]);
  });

  it("names a mail's business by the ledger that knows the message: all businesses send from one address", () => {
    const mail = aText({
      vendor: 'sendgrid',
      kind: 'email',
      from: 'desk@example.com',
      our_id: 'm1',
      subject: 'Booked',
      html: '<p>Booked</p>',
    });
    const [ledger, other] = ledgersOf();
    const [item] = feedOf([mail], [ledger!, { ...other!, messages: [{ id: 'm1', vendorId: null, at: mail.at }] }]);
    expect(item).toMatchObject({ business: { name: 'Dentist' }, channel: 'email', subject: 'Booked', hasHtml: true });
  });

  it('shows only the number of a sender that is none of the demo', () => {
    expect(feedOf([aText({ from: '+19995550100' })], ledgersOf())).toMatchObject([{ business: null, number: '+19995550100' }]);
  });

  it("dates a message by the business's own clock once it is in the ledger", () => {
    const [ledger] = ledgersOf(9 * DAY_MS);
    const messages = [{ id: 'm1', vendorId: 'SM1', at: '2027-03-07T15:00:00.000Z' }];
    expect(feedOf([aText({ our_id: 'm1' })], [{ ...ledger!, messages }])[0]!.at).toBe('2027-03-07T15:00:00.000Z');
    expect(feedOf([aText({ our_id: null })], [{ ...ledger!, messages }])[0]!.at).toBe('2027-03-07T15:00:00.000Z');
  });

  it("dates a text that is under way as far ahead as the business's time is now", () => {
    const messages = [{ id: 'm1', vendorId: null, at: null }];
    const [ledger] = ledgersOf(2 * DAY_MS);
    expect(feedOf([aText({ our_id: 'm1' })], [{ ...ledger!, messages }])[0]!.at).toBe('2027-03-03T12:00:00.000Z');
  });

  it("dates the vendor's own answer next to the text that caused it, also when time was pushed since", () => {
    const stop = aText({ kind: 'inbound', from: '+16465550123', to: salon.sms_number, vendor_id: 'SM7' });
    const answer = aText({ kind: 'auto_reply', vendor_id: 'SM8', at: '2027-03-01T12:00:01.000Z' });
    const messages = [{ id: 'in', vendorId: 'SM7', at: '2027-03-05T12:00:00.000Z' }];
    const feed = feedOf([stop, answer], [{ business: salon, whatsapp: null, messages, offsetMs: 30 * DAY_MS }]);
    expect(feed.map(({ at, automatic }) => [at, automatic])).toEqual([
      ['2027-03-05T12:00:00.000Z', false],
      ['2027-03-05T12:00:01.000Z', true],
    ]);
  });
});

describe('partsOf', () => {
  const urls = (text: string) => partsOf(text).flatMap(({ url }) => url ?? []);

  it('finds the address in a text and leaves the full stop after it', () => {
    expect(partsOf('Details: http://127.0.0.1:3000/v/a-b_c. Bye')).toEqual([
      { text: 'Details: ', url: null },
      { text: 'http://127.0.0.1:3000/v/a-b_c', url: 'http://127.0.0.1:3000/v/a-b_c' },
      { text: '. Bye', url: null },
    ]);
  });

  it('finds every address, with its query', () => {
    expect(urls('https://a.example/x?y=1&z=2, https://b.example/')).toEqual(['https://a.example/x?y=1&z=2', 'https://b.example/']);
  });

  it('makes no link of anything else', () => {
    expect(urls('javascript:alert(1) ftp://x.example mail@x.example www.x.example')).toEqual([]);
    expect(partsOf('Reply C')).toEqual([{ text: 'Reply C', url: null }]);
  });
});
