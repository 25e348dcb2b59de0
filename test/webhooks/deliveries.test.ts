import { sweepWebhooks } from '../../api/webhooks/handle';
import { readConfig } from '../../config';
import { createPool } from '../../db/knex';
import type { MessageRow } from '../../db/messages';
import { findMessage } from '../../db/messages';
import { withBusiness } from '../../db/tenancy';
import { startApi, type TestApi } from '../support/api';
import { aSentMessage, newSid, postSendGrid, postTwilio, type Answered, type Delivery } from '../support/deliveries';
import { eventually } from '../support/eventually';
import { aSalon, type Salon } from '../support/salon';
import { alsoServed } from '../support/servers';

let api: TestApi;
let salon: Salon;
beforeAll(async () => {
  api = await startApi();
  salon = await aSalon(api.database.db, { now: api.now(), appSecret: readConfig({}).APP_SECRET });
});
afterAll(() => api.close());

type Event = { id: string; eventId: string; status: string; attempts: number; errorCode: string | null; payload: Buffer };
const owner = () => api.database.poolOf('owner', 1);
const eventsOf = (eventId: string): Promise<Event[]> => owner()('webhookEvents').where({ eventId }).select<Event[]>('*');
const message = (id: string): Promise<MessageRow> => withBusiness(api.database.db, salon.id, (tx) => findMessage(tx, id));
const inboundTexts = (body: string): Promise<MessageRow[]> =>
  withBusiness(api.database.db, salon.id, (tx) => tx('messages').where({ direction: 'in', body }).select<MessageRow[]>('*'));

type Report = { vendorId: string; id?: string; status: string; code?: string; at?: string };
const report = ({ vendorId, id, status, code, at = api.url }: Report, delivery?: Delivery): Promise<Answered> =>
  postTwilio(
    `${at}/webhooks/twilio/status${id === undefined ? '' : `?m=${id}`}`,
    {
      MessageSid: vendorId,
      MessageStatus: status,
      To: salon.contactPhone,
      From: salon.number,
      ...(code !== undefined && { ErrorCode: code }),
    },
    delivery,
  );
const text = (
  body: string,
  { sid = newSid(), at = api.url, ...delivery }: Delivery & { sid?: string; at?: string } = {},
): Promise<Answered> =>
  postTwilio(
    `${at}/webhooks/twilio/inbound`,
    { MessageSid: sid, SmsStatus: 'received', From: salon.contactPhone, To: salon.number, Body: body },
    delivery,
  );

describe('a report that carriers filtered a text', () => {
  it('ends it without another try, and is counted once, by which an operator is woken', async () => {
    const sent = await aSentMessage(api.database.db, salon, { now: api.now() });
    for (let times = 0; times < 2; times += 1) await report({ ...sent, status: 'undelivered', code: '30007' });
    await eventually(async () => expect(await message(sent.id)).toMatchObject({ status: 'failed', vendorCode: '30007' }));
    const told = await api.deps.metrics.registry.getSingleMetricAsString('usher_messages_reported_failed_total');
    expect(told).toContain('usher_messages_reported_failed_total{vendor="twilio",refusal="carrier_blocked"} 1');
  });
});

describe('a delivery with a bad signature', () => {
  it('is refused with 401 and leaves its hash, not its text', async () => {
    expect(await text('my secret', { forged: true })).toMatchObject({ status: 401 });
    expect(await postSendGrid(api.url, [{ event: 'delivered', email: 'eve@example.com' }], { forged: true })).toMatchObject({
      status: 401,
    });
    const rejected = await owner()('rejectedWebhooks').orderBy('provider').select<Record<string, unknown>[]>('*');
    expect(rejected).toMatchObject([
      { provider: 'sendgrid', reason: 'bad_signature', bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { provider: 'twilio', reason: 'bad_signature', byteLength: expect.any(Number) },
    ]);
    expect(JSON.stringify(rejected)).not.toMatch(/secret|eve@/);
    expect(await inboundTexts('my secret')).toEqual([]);
  });

  it('is refused without one, and when it was signed for another address', async () => {
    expect((await fetch(`${api.url}/webhooks/twilio`, { method: 'POST', body: 'MessageSid=SM1' })).status).toBe(401);
    expect((await fetch(`${api.url}/webhooks/sendgrid`, { method: 'POST', body: '[]' })).status).toBe(401);
    const elsewhere = api.url.replace('127.0.0.1', 'localhost'); // the same server under a name that is not ours
    expect(await text('Hello', { at: elsewhere })).toMatchObject({ status: 401 });
  });
});

describe('a delivery', () => {
  it('has its text encrypted where it is stored', async () => {
    const sid = newSid();
    expect(await text('I have a rash', { sid })).toEqual({ status: 200, text: '<Response/>' });
    const [event] = await eventually(async () => {
      const found = await eventsOf(sid);
      expect(found).toMatchObject([{ status: 'processed' }]);
      return found;
    });
    expect(event?.payload.toString('latin1')).not.toMatch(/rash/);
    expect(await inboundTexts('I have a rash')).toHaveLength(1);
  });

  it('acts once when it comes twice', async () => {
    const sid = newSid();
    await text('Is there parking?', { sid });
    await eventually(async () => expect(await inboundTexts('Is there parking?')).toHaveLength(1));
    expect(await text('Is there parking?', { sid })).toMatchObject({ status: 200 });
    await text('A later one', {});
    await eventually(async () => expect(await inboundTexts('A later one')).toHaveLength(1));
    expect(await inboundTexts('Is there parking?')).toHaveLength(1);
    expect(await eventsOf(sid)).toHaveLength(1);
  });

  it('acts once when a hundred of it come at the same time', async () => {
    const sid = newSid();
    const answers = await Promise.all(Array.from({ length: 100 }, () => text('Do you sell gift cards?', { sid })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await eventually(async () => expect(await eventsOf(sid)).toMatchObject([{ status: 'processed' }]));
    expect(await inboundTexts('Do you sell gift cards?')).toHaveLength(1);
  });

  it('of more than a megabyte is refused with 413', async () => {
    expect(await text('x'.repeat(1_100_000))).toMatchObject({ status: 413 });
    expect(await postSendGrid(api.url, [{ event: 'open', padding: 'x'.repeat(1_100_000) }])).toMatchObject({ status: 413 });
  });

  it('that says nothing to us is taken and forgotten', async () => {
    expect(await postTwilio(`${api.url}/webhooks/twilio`, { Hello: 'there' })).toMatchObject({ status: 200 });
    expect(await postSendGrid(api.url, 'not JSON')).toMatchObject({ status: 200 });
    expect(await postSendGrid(api.url, '{}')).toMatchObject({ status: 200 });
  });

  it('with a NUL byte in a text is kept without it', async () => {
    await text('Hi\0 there');
    await eventually(async () => expect(await inboundTexts('Hi there')).toHaveLength(1));
  });
});

describe('a report on a message', () => {
  it('never takes it back, in whatever order reports come', async () => {
    const { id, vendorId } = await aSentMessage(api.database.db, salon, { now: api.now() });
    for (const status of ['delivered', 'queued', 'sent', 'undelivered']) {
      await report({ vendorId, id, status });
      await eventually(async () => expect(await eventsOf(`${vendorId}:${status}`)).toMatchObject([{ status: 'processed' }]));
    }
    expect(await message(id)).toMatchObject({ status: 'delivered', vendorRank: 4, failedAt: null });
  });

  it('finds it by the id that the vendor gave it when ours is missing', async () => {
    const { id, vendorId } = await aSentMessage(api.database.db, salon, { now: api.now() });
    await report({ vendorId, status: 'delivered' });
    await eventually(async () => expect(await message(id)).toMatchObject({ status: 'delivered' }));
  });

  it('that comes before the message exists waits, and is matched once it does', async () => {
    const vendorId = newSid();
    const eventId = `${vendorId}:delivered`;
    expect(await report({ vendorId, status: 'delivered' })).toMatchObject({ status: 200 });
    await eventually(async () =>
      expect(await eventsOf(eventId)).toMatchObject([{ status: 'unmatched', attempts: 1, errorCode: 'unknown_subject' }]),
    );

    const { id } = await aSentMessage(api.database.db, salon, { now: api.now() });
    await withBusiness(api.database.db, salon.id, (tx) => tx('messages').where({ id }).update({ vendorId }));
    expect(await sweepWebhooks(api.deps)).toBe(0); // not its turn yet
    await makeDue(eventId);
    expect(await sweepWebhooks(api.deps)).toBe(1);
    expect(await message(id)).toMatchObject({ status: 'delivered' });
    expect(await eventsOf(eventId)).toMatchObject([{ status: 'processed', errorCode: null }]);
  });

  it('that nobody ever claims fails after a day, for a person to see', async () => {
    const eventId = `${newSid()}:sent`;
    await report({ vendorId: eventId.split(':')[0]!, status: 'sent' });
    await eventually(async () => expect(await eventsOf(eventId)).toMatchObject([{ status: 'unmatched' }]));
    await owner()('webhookEvents')
      .where({ eventId })
      .update({ receivedAt: new Date(Date.now() - 25 * 3_600_000).toISOString() });
    await makeDue(eventId);
    await sweepWebhooks(api.deps);
    expect(await eventsOf(eventId)).toMatchObject([{ status: 'failed', attempts: 2 }]);
  });

  it('of an e-mail counts each event of one delivery', async () => {
    const { id, vendorId } = await aSentMessage(api.database.db, salon, { channel: 'email', now: api.now() });
    const event = (name: string) => ({
      ...{ event: name, email: salon.contactEmail, timestamp: 1_800_000_000 },
      ...{ sg_event_id: `${vendorId}-${name}`, sg_message_id: `${vendorId}.recvd-1`, m: id },
    });
    expect(await postSendGrid(api.url, [event('delivered'), event('processed'), event('delivered')])).toMatchObject({ status: 200 });
    await eventually(async () => expect(await message(id)).toMatchObject({ status: 'delivered' }));
    expect(await eventsOf(`${vendorId}-processed`)).toHaveLength(1);

    await postSendGrid(api.url, [event('spamreport')]); // as good as an unsubscribe
    await eventually(async () => {
      const { body } = await api.get(`/contacts/${salon.contactId}`, { key: salon.apiKey });
      expect(body).toMatchObject({ channels: expect.arrayContaining([expect.objectContaining({ channel: 'email', opted_out: true })]) });
    });
  });
});

describe('without the database', () => {
  beforeAll(() => void jest.spyOn(console, 'log').mockImplementation()); // knex tells of every connection it could not get
  afterAll(() => jest.restoreAllMocks());

  it('a delivery is answered with 503, so that the vendor keeps it and comes again', async () => {
    const sid = newSid();
    const gone = createPool('postgres://nobody:nothing@127.0.0.1:9/nowhere');
    const { url, close } = await alsoServed({ ...api.deps, intake: gone });
    expect((await text('Anybody there?', { sid, at: url })).status).toBe(503);
    expect((await text('Let me in', { forged: true, at: url })).status).toBe(401);
    expect(await text('Anybody there?', { sid })).toMatchObject({ status: 200 });
    await eventually(async () => expect(await inboundTexts('Anybody there?')).toHaveLength(1));
    await Promise.all([close(), gone.destroy()]);
  });

  it('for the second step a delivery is taken all the same, and handled by the sweep', async () => {
    const sid = newSid();
    const gone = createPool('postgres://nobody:nothing@127.0.0.1:9/nowhere');
    const { url, close } = await alsoServed({ ...api.deps, db: { ...api.deps.db, pool: gone } });
    expect((await text('Keep this one', { sid, at: url })).status).toBe(200);
    expect(await eventsOf(sid)).toMatchObject([{ status: 'received' }]);
    await makeDue(sid);
    await sweepWebhooks(api.deps);
    expect(await inboundTexts('Keep this one')).toHaveLength(1);
    await Promise.all([close(), gone.destroy()]);
  });
});

/** Its turn has come; a fresh one is left to the process that took it. */
const makeDue = (eventId: string) =>
  owner().raw(
    `update webhook_events set next_attempt_at = now() - interval '1 second', received_at = least(received_at, now() - interval '6 seconds') where event_id = ?`,
    [eventId],
  );
