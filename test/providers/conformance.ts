import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { VendorName } from '../../sandbox/accepted-log';
import type { RefusalCode, UnclearCause } from '../../providers/errors';
import { OutcomeUnclear, VendorRefused } from '../../providers/errors';
import type { CallTimeouts } from '../../providers/vendor-call';
import type { Received, Receiver, RunningSandbox } from '../sandbox/running';
import { aReceiver, aSandbox, listen } from '../sandbox/running';

type Sent = { vendorId: string; status: string };
type Found = { found: string | null };
/** The part of a parsed webhook that every vendor has. */
type Event = {
  kind: string;
  eventId: string | null;
  vendorId?: string;
  messageId?: string | null;
  status?: string;
  rank?: number;
  refusal?: RefusalCode | null;
};

/** An adapter, told where its vendor is, as the suite needs it. */
export type Adapter = {
  send: (messageId: string, cancel?: AbortSignal) => Promise<Sent>;
  find: (markedAt: string, knownVendorIds: string[]) => Promise<Found>;
};

export type VendorUnderTest = {
  name: VendorName;
  /** What it brings, where a vendor brings several. */
  brings?: string;
  /** What must have happened before it takes a message. */
  prepare?: (stand: RunningSandbox) => Promise<unknown>;
  connect: (to: { baseUrl: string; publicUrl: string; timeouts?: CallTimeouts }) => Adapter;
  /** Whom it writes to, and what its errors must not name: address, key, account. */
  to: string;
  secrets: readonly string[];
  /** Codes that come with the answer, and what they mean to us. */
  refusals: readonly (readonly [string, RefusalCode])[];
  /** Codes that come by webhook after the message was accepted. */
  lateRefusals: readonly (readonly [string, RefusalCode])[];
  /** Whether it can be asked for a message whose outcome is unclear. */
  canFind: boolean;
  verify: (webhook: Received) => boolean;
  parse: (webhook: Received) => Event[];
};

const QUICK: CallTimeouts = { connectMs: 1_000, totalMs: 1_500 };

/** What every vendor's adapter must do, so that the next is as good as the first. Driven over real HTTP against its stand-in. */
export function conformance(vendor: VendorUnderTest): void {
  describe(`${[vendor.name, vendor.brings].filter(Boolean).join(' ')}, as every vendor`, () => {
    let api: Receiver;
    let stand: RunningSandbox;
    const adapter = (timeouts?: CallTimeouts, baseUrl = stand.url) =>
      vendor.connect({ baseUrl, publicUrl: api.url, ...(timeouts ? { timeouts } : {}) });
    const failing = (messageId: string, timeouts?: CallTimeouts, baseUrl?: string) => failure(adapter(timeouts, baseUrl).send(messageId));
    const fault = (mode: string, more: Record<string, unknown> = {}) => stand.fault(vendor.name, { mode, ...more });
    const events = (webhooks: Received[]) => webhooks.flatMap(vendor.parse);
    /** Without what one delivery tells of other messages too. */
    const eventsOf = (messageId: string, webhooks: Received[]) => events(webhooks).filter((event) => event.messageId === messageId);
    const clear = () => stand.ask('DELETE', `/sandbox/faults/${vendor.name}`);

    beforeAll(async () => {
      api = await aReceiver();
      stand = await aSandbox({ apiUrl: api.url });
      await vendor.prepare?.(stand);
    });
    afterEach(clear);
    afterAll(async () => {
      await stand.close();
      await api.close();
    });
    const accepted = async (messageId: string) => (await stand.log()).filter((entry) => entry.our_id === messageId);
    const about = (messageId: string) => (webhook: Received) => vendor.parse(webhook).some((event) => event.messageId === messageId);

    it('takes a message once and says under which id', async () => {
      const sent = await adapter().send('m-taken');
      expect(sent.status).toBe('sent');
      expect(await accepted('m-taken')).toEqual([
        expect.objectContaining({ vendor: vendor.name, to: vendor.to, vendor_id: sent.vendorId }),
      ]);
    });

    it('tells by signed webhooks how a message fares, with our id in each', async () => {
      const { vendorId } = await adapter().send('m-told');
      const webhooks = await api.until(2, about('m-told'));
      expect(webhooks.map(vendor.verify)).toEqual([true, true]);
      expect(eventsOf('m-told', webhooks)).toMatchObject([
        { kind: 'status', vendorId, messageId: 'm-told', status: 'sent', refusal: null },
        { kind: 'status', vendorId, messageId: 'm-told', status: 'delivered', refusal: null },
      ]);
    });

    it.each(vendor.refusals)('takes the code %s for a plain no: %s, nothing sent', async (code, ours) => {
      await fault('refuse', { code });
      const error = await failing(`m-refused-${code}`);
      expect(error).toBeInstanceOf(VendorRefused);
      expect(error).toMatchObject({ vendor: vendor.name, code: ours, surelyNotSent: true });
      expect(await accepted(`m-refused-${code}`)).toEqual([]);
    });

    it.each(vendor.lateRefusals)('takes the code %s that comes by webhook for the end of the message: %s', async (code, ours) => {
      await fault('refuse', { code, times: 1 });
      await adapter().send(`m-late-${code}`);
      const failed = (webhook: Received) => about(`m-late-${code}`)(webhook) && events([webhook]).some(({ status }) => status === 'failed');
      expect(eventsOf(`m-late-${code}`, await api.until(1, failed))).toMatchObject([
        { kind: 'status', status: 'failed', refusal: ours, messageId: `m-late-${code}` },
      ]);
    });

    it('waits as long as the vendor asks when it is limited, and does not knock again by itself', async () => {
      await fault('rate_limit', { delay_ms: 2_000 });
      const before = stand.requests();
      expect(await failing('m-limited')).toMatchObject({ name: 'VendorRefused', code: 'rate_limited', retryAfterMs: 2_000 });
      expect(stand.requests() - before).toBe(1);
      expect(await accepted('m-limited')).toEqual([]);
    });

    it('does not know the outcome when the vendor fails, and does not try again by itself', async () => {
      await fault('error');
      const before = stand.requests();
      expectUnclear(await failing('m-failing'), 'vendor_error');
      expect(stand.requests() - before).toBe(1);
    });

    it('is sure that nothing was sent when the vendor refuses the connection', async () => {
      const nobody = await listen(() => undefined);
      await nobody.close();
      expect(await failing('m-nobody', undefined, nobody.url)).toMatchObject({
        name: 'VendorRefused',
        code: 'vendor_down',
        surelyNotSent: true,
      });
    });

    it('is sure that nothing was sent when the connection never comes to stand', async () => {
      const mute = createServer((socket) => socket.on('error', () => undefined).resume()); // TCP, but nobody answers the TLS greeting
      await new Promise<void>((ready) => mute.listen(0, '127.0.0.1', ready));
      const port = (mute.address() as AddressInfo).port;
      const error = await failing('m-mute', { connectMs: 100, totalMs: 5_000 }, `https://127.0.0.1:${port}`);
      expect(error).toMatchObject({ name: 'VendorRefused', code: 'vendor_down', surelyNotSent: true });
      await new Promise((closed) => mute.close(closed));
    });

    it('does not know the outcome when the connection breaks before the vendor has taken the message', async () => {
      await fault('drop_before_commit');
      expectUnclear(await failing('m-dropped'), 'reset');
      expect(await accepted('m-dropped')).toEqual([]);
    });

    it('does not know the outcome when the vendor took the message and the answer was lost; a webhook or a question tells', async () => {
      await fault('commit_then_drop');
      const markedAt = new Date().toISOString();
      expectUnclear(await failing('m-lost'), 'reset');
      const [entry, ...more] = await accepted('m-lost');
      expect(more).toEqual([]);
      expect(eventsOf('m-lost', await api.until(1, about('m-lost')))[0]).toMatchObject({ messageId: 'm-lost', vendorId: entry?.vendor_id });
      const known = (await stand.log()).filter(({ our_id }) => our_id !== 'm-lost').map(({ vendor_id }) => vendor_id);
      // The suite sends the same text to the same person all the time: the others are known by their ids.
      expect((await adapter().find(markedAt, known)).found).toBe(vendor.canFind ? entry?.vendor_id : null);
    });

    it('does not know the outcome of a message that the vendor took too slowly to say so', async () => {
      await fault('slow', { delay_ms: 20_000 });
      expectUnclear(await failing('m-slow', QUICK), 'timed_out');
      expect(await accepted('m-slow')).toHaveLength(1);
    });

    it('takes a webhook that comes before the answer for what it is', async () => {
      await fault('slow', { delay_ms: 20_000 });
      const cancel = new AbortController();
      const pending = failure(adapter().send('m-early', cancel.signal));
      const webhooks = await api.until(2, about('m-early'));
      expect(eventsOf('m-early', webhooks).map(({ status }) => status)).toEqual(['sent', 'delivered']);
      cancel.abort();
      expectUnclear(await pending, 'cancelled');
    });

    it('sends nothing for a caller who has given up already', async () => {
      const before = stand.requests();
      await expect(adapter().send('m-given-up', AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
      expect(stand.requests()).toBe(before);
    });

    it.each([
      ['a page that is not the vendor’s', 404, '<html>nothing here</html>', 'vendor_error'],
      ['a gateway’s apology', 502, 'Bad Gateway', 'vendor_error'],
      ['a yes that makes no sense', 201, '{"sid', 'unreadable'],
    ] as const)('does not know the outcome after %s', async (...[, status, body, cause]) => {
      const proxy = await listen((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body));
      expectUnclear(await failing('m-proxied', undefined, proxy.url), cause);
      await proxy.close();
    });

    it('takes a bare 429 of a gateway for a limit', async () => {
      const proxy = await listen((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'));
      expect(await failing('m-bare', undefined, proxy.url)).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 });
      await proxy.close();
    });

    it('gives the same event the same id however often it comes', async () => {
      await fault('duplicate', { times: 1 });
      await adapter().send('m-twice');
      const all = events(await api.until(4, about('m-twice')));
      const ids = [...new Set(all.map(({ eventId }) => eventId))];
      expect(ids).toHaveLength(2);
      for (const id of ids) {
        const [first, ...again] = all.filter(({ eventId }) => eventId === id);
        expect(again.length).toBeGreaterThan(0);
        for (const other of again) expect(other).toEqual(first);
      }
    });

    it('ranks events so that order does not matter', async () => {
      await fault('reorder', { times: 1 });
      await adapter().send('m-order');
      const [first, second] = events(await api.until(2, about('m-order')));
      expect([first?.status, second?.status]).toEqual(['delivered', 'sent']);
      expect(first!.rank!).toBeGreaterThan(second!.rank!);
    });

    it('knows a webhook that somebody else signed', async () => {
      await fault('bad_signature', { times: 1 });
      await adapter().send('m-forged');
      const webhooks = await api.until(2, about('m-forged'));
      expect(webhooks.map(vendor.verify)).toEqual([false, false]);
    });

    it('shows no number, address, key or word of the vendor in an error, and masks them for the log', async () => {
      const quoting = `Invalid recipient ${vendor.to}, key ${vendor.secrets.join(' ')}`;
      const body = JSON.stringify({
        code: 21211,
        message: quoting,
        status: 400,
        errors: [{ message: quoting, field: `to ${vendor.to}` }],
        error: { code: 100, message: quoting },
      });
      const rude = await listen((_request, response) => response.writeHead(400, { 'content-type': 'application/json' }).end(body));
      const error = (await failing('m-quoted', undefined, rude.url)) as VendorRefused;
      await rude.close();
      const shown = [error.message, String(error.stack), JSON.stringify(error), inspect(error), String(error.cause)].join('\n');
      for (const secret of [vendor.to, ...vendor.secrets, 'Invalid recipient']) expect(shown).not.toContain(secret);
      expect(error.textForLog()).toContain('Invalid recipient');
      for (const secret of [vendor.to, ...vendor.secrets]) expect(error.textForLog()).not.toContain(secret);
    });
  });
}

async function failure(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => {
      throw new Error('it was sent');
    },
    (error: unknown) => error,
  );
}

function expectUnclear(error: unknown, why: UnclearCause): void {
  expect(error).toBeInstanceOf(OutcomeUnclear);
  expect(error).toMatchObject({ why, surelyNotSent: false });
}
