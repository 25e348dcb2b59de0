import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord } from '../../sandbox/accepted-log';
import { AcceptedLog } from '../../sandbox/accepted-log';
import { Journal } from '../../sandbox/journal';
import type { RunningSandbox } from './running';
import { aSandbox } from './running';

const text = (body: string, to = '+12125550142') => ({
  vendor: 'twilio' as const,
  kind: 'sms' as const,
  to,
  from: '+12125550100',
  body,
  our_id: `m-${body}`,
  vendor_id: `SM-${body}`,
});

describe('the log of what the stand-ins accepted', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'usher-log-'))));
  afterEach(() => rm(dir, { recursive: true }));
  const onDisk = async () => {
    const lines = (await readFile(join(dir, 'accepted.jsonl'), 'utf8')).split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as LogRecord);
  };
  const bodiesOnDisk = async () => (await onDisk()).map(({ entry }) => entry.body);

  it('has an entry on the disk before it says so', async () => {
    const log = await AcceptedLog.open(dir);
    const { entry } = await log.append(text('one'));
    expect(await onDisk()).toEqual([{ entry, detail: null }]);
    await log.close();
  });

  it('keeps its entries and goes on counting after a restart', async () => {
    const before = await AcceptedLog.open(dir);
    await before.append(text('one'));
    await before.append(text('two'));
    await before.close();
    const after = await AcceptedLog.open(dir);
    await after.append(text('three'));
    expect(after.entries().map(({ seq, body }) => [seq, body])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    await after.close();
  });

  it('forgets the half line of a process that died while writing it', async () => {
    const before = await AcceptedLog.open(dir);
    await before.append(text('whole ñ'));
    await before.close();
    await appendFile(join(dir, 'accepted.jsonl'), '{"entry":{"seq":2,"body":"ha');
    const after = await AcceptedLog.open(dir);
    expect(after.entries().map(({ body }) => body)).toEqual(['whole ñ']);
    await after.append(text('next'));
    await after.close();
    expect(await bodiesOnDisk()).toEqual(['whole ñ', 'next']);
  });

  it('keeps the order of a hundred that come at once', async () => {
    const log = await AcceptedLog.open(dir);
    const taken = await Promise.all(Array.from({ length: 100 }, (_, n) => log.append(text(String(n)))));
    expect(taken.map(({ entry }) => entry.seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(await bodiesOnDisk()).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    await log.close();
  });
});

it('writes a line that follows at once upon the end of the last', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'usher-journal-'));
  const { journal } = await Journal.open(join(dir, 'lines'), { synced: false });
  for (let n = 0; n < 50; n += 1) await journal.append(n);
  await journal.close();
  const { journal: again, lines } = await Journal.open(join(dir, 'lines'), { synced: false });
  expect(lines).toEqual(Array.from({ length: 50 }, (_, n) => n));
  await again.close();
  await rm(dir, { recursive: true });
});

describe('reading the log', () => {
  let stand: RunningSandbox;
  beforeEach(async () => (stand = await aSandbox({ apiUrl: 'http://127.0.0.1:9' })));
  afterEach(() => stand.close());
  const bodies = async (query: string) => (await stand.log(query)).map(({ body }) => body);

  it('can be narrowed by vendor, by person and to what is new, and leaves out what people wrote', async () => {
    const { log } = stand.sandbox;
    await log.append(text('one'));
    await log.append(text('two', '+12125550143'));
    await log.append({ ...text('hello'), kind: 'inbound' });
    await log.append({ ...text('mail', 'maria@example.com'), vendor: 'sendgrid', kind: 'email' });
    expect(await bodies('')).toEqual(['one', 'two', 'mail']);
    expect(await bodies('?vendor=twilio')).toEqual(['one', 'two']);
    expect(await bodies('?to=%2B12125550143')).toEqual(['two']);
    expect(await bodies('?to=+12125550143')).toEqual(['two']);
    expect(await bodies('?since=1')).toEqual(['two', 'mail']);
    expect(await bodies('?kind=inbound')).toEqual(['hello']);
    expect(await bodies('?kind=all&since=2')).toEqual(['hello', 'mail']);
  });

  it('shows nothing of what only the stand-in needs', async () => {
    await stand.sandbox.log.append(text('one'), { callback: 'http://secret' });
    expect(Object.keys((await stand.log())[0]!).sort()).toEqual([
      'at',
      'body',
      'from',
      'kind',
      'our_id',
      'seq',
      'to',
      'vendor',
      'vendor_id',
    ]);
  });
});

describe('the live log', () => {
  let stand: RunningSandbox;
  beforeEach(async () => (stand = await aSandbox({ apiUrl: 'http://127.0.0.1:9' })));
  afterEach(() => stand.close());

  /** Reads server-sent events until so many have come. */
  async function read(
    path: string,
    { count, headers = {}, onOpen }: { count: number; headers?: Record<string, string>; onOpen?: () => Promise<unknown> },
  ) {
    const answer = await fetch(stand.url + path, { headers });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    await onOpen?.();
    let seen = '';
    for await (const chunk of answer.body!) {
      seen += Buffer.from(chunk as Uint8Array).toString('utf8');
      const events = [...seen.matchAll(/id: (\d+)\nevent: entry\ndata: (.*)\n\n/g)];
      if (events.length < count) continue;
      return events.map(([, id, data]) => [Number(id), (JSON.parse(data!) as { kind: string }).kind]);
    }
    throw new Error('the stream ended early');
  }

  it('tells a new page of what comes from now on, inbound messages too', async () => {
    const { log } = stand.sandbox;
    await log.append(text('old'));
    const onOpen = async () => {
      await log.append(text('new'));
      await log.append({ ...text('hello'), kind: 'inbound' });
    };
    expect(await read('/sandbox/log/stream', { count: 2, onOpen })).toEqual([
      [2, 'sms'],
      [3, 'inbound'],
    ]);
  });

  it('tells a page that was away of what it missed', async () => {
    const { log } = stand.sandbox;
    for (const body of ['one', 'two', 'three']) await log.append(text(body));
    expect(await read('/sandbox/log/stream', { count: 2, headers: { 'last-event-id': '1' } })).toEqual([
      [2, 'sms'],
      [3, 'sms'],
    ]);
    expect(await read('/sandbox/log/stream?since=2', { count: 1 })).toEqual([[3, 'sms']]);
  });

  it('ends when the sandbox ends', async () => {
    const answer = await fetch(`${stand.url}/sandbox/log/stream`);
    const end = answer.text().catch(() => 'cut');
    await stand.stop();
    expect(await end).toMatch(/here is the log|cut/);
    stand = await aSandbox({ apiUrl: 'http://127.0.0.1:9' });
  });
});
