import { generateKeyPairSync } from 'node:crypto';
import { readConfig } from '../../config';
import { createHasher } from '../../db/hashing';
import { lockSender } from '../../db/inbound';
import { withBusiness } from '../../db/tenancy';
import { startApi, type TestApi } from '../support/api';
import { newSid, postSendGrid, postTwilio, type Delivery } from '../support/deliveries';
import { eventually } from '../support/eventually';
import { aSalon, type Salon } from '../support/salon';
import { alsoServed, aProxy, type Serving } from '../support/servers';

let api: TestApi;
let salon: Salon;
const { APP_SECRET: appSecret, TWILIO_AUTH_TOKEN: token, SENDGRID_PUBLIC_KEY: publicKey } = readConfig({});
const opened: Serving[] = [];
const keep = (serving: Serving): Serving => {
  opened.push(serving);
  return serving;
};
beforeAll(async () => {
  api = await startApi();
  salon = await aSalon(api.database.db, { now: api.now(), appSecret });
});
afterAll(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  await api.close();
});

const statusesOf = async (eventIds: string[]): Promise<string[]> => {
  const rows = await api.database.poolOf('owner', 1)('webhookEvents').whereIn('eventId', eventIds).select<{ status: string }[]>('status');
  return rows.map(({ status }) => status);
};

type Texting = Delivery & { sid?: string; at?: string; signedFor?: string };
const text = (body: string, { sid = newSid(), at = api.url, ...delivery }: Texting = {}) =>
  postTwilio(
    `${at}/webhooks/twilio/inbound`,
    { MessageSid: sid, SmsStatus: 'received', From: salon.contactPhone, To: salon.number, Body: body },
    delivery,
  );

describe('The answer to a vendor', () => {
  it('comes within 100 ms however long the handling takes', async () => {
    const sids = Array.from({ length: 15 }, newSid);
    const tookMs: number[] = [];
    await text('one to warm up');
    // The handler waits for texts of the same number that are being handled: this transaction is such a one, and takes its time.
    await withBusiness(api.database.db, salon.id, async (tx) => {
      await lockSender(tx, createHasher(appSecret).address(salon.id, salon.contactPhone));
      for (const sid of sids) {
        const startedAt = performance.now();
        expect(await text('Hello?', { sid })).toMatchObject({ status: 200 });
        tookMs.push(performance.now() - startedAt);
      }
      expect(await statusesOf(sids)).not.toContain('processed');
    });
    // Not one of them waited for the handling, which went on all the while; a machine under load may stall any single one for other reasons.
    expect(tookMs.sort((a, b) => a - b)[3]).toBeLessThan(100);
    await eventually(async () => expect(new Set(await statusesOf(sids))).toEqual(new Set(['processed'])));
  });
});

describe('While a secret is being rotated', () => {
  it('the new one and the old one are taken, and no third', async () => {
    const vendors = { ...api.deps.vendors, twilioAuthTokens: ['the-new-token', token] };
    const { url } = keep(await alsoServed({ ...api.deps, vendors }));
    expect(await text('with the old', { at: url })).toMatchObject({ status: 200 });
    expect(await text('with the new', { at: url, authToken: 'the-new-token' })).toMatchObject({ status: 200 });
    expect(await text('with another', { at: url, authToken: 'the-one-before' })).toMatchObject({ status: 401 });
  });

  it("SendGrid's new key and its old one are taken", async () => {
    const { publicKey: newKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = newKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const vendors = { ...api.deps.vendors, sendGridPublicKeys: [spki, publicKey] };
    const { url } = keep(await alsoServed({ ...api.deps, vendors }));
    expect(await postSendGrid(url, [])).toMatchObject({ status: 200 });
    const { url: rotated } = keep(await alsoServed({ ...api.deps, vendors: { ...vendors, sendGridPublicKeys: [spki] } }));
    expect(await postSendGrid(rotated, [])).toMatchObject({ status: 401 });
  });
});

describe('Behind a proxy that takes a prefix off the path', () => {
  it('a vendor signs what it called, not what arrives here', async () => {
    const target = { url: '' };
    const proxy = keep(await aProxy('/hooks/usher', () => target.url));
    const told = `${proxy.url}/hooks/usher`;
    target.url = keep(await alsoServed(api.deps, { webhookUrl: told })).url;
    const sid = newSid();
    expect(await text('By the long way', { at: told, sid })).toMatchObject({ status: 200 });
    await eventually(async () => expect(await statusesOf([sid])).toEqual(['processed']));
    // Straight to the api, signed for the api's own address: not what the vendor was told to call.
    expect(await text('Round the back', { at: target.url })).toMatchObject({ status: 401 });
  });

  it('it is not told by the Host header whom to believe', async () => {
    const { url } = keep(await alsoServed(api.deps, { webhookUrl: 'https://hooks.example' }));
    expect(await text('Believe me', { at: url })).toMatchObject({ status: 401 });
    expect(await text('Believe me', { at: url, signedFor: 'https://hooks.example' })).toMatchObject({ status: 200 });
  });
});
