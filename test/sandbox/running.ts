import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry, VendorName } from '../../sandbox/accepted-log';
import type { SandboxOptions } from '../../sandbox/server';
import { createSandboxApp } from '../../sandbox/server';

export const ACCOUNT = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: '0123456789abcdef0123456789abcdef',
  sendgridKey: 'SG.development.key',
  meta: { accessToken: 'EAAGdevelopmenttoken0123456789', appSecret: 'fedcba9876543210fedcba9876543210' },
  openAiKey: 'sk-sandbox-openai-key',
};

/** Fast, and in order. */
const DELAYS: NonNullable<SandboxOptions['delays']> = {
  twilio: { sentMs: [5, 5], deliveredMs: [25, 25], retryMs: 5 },
  meta: { sentMs: [5, 5], deliveredMs: [25, 25], batchMs: 1, retryMs: [5, 5] },
  sendgrid: { processedMs: [5, 5], deliveredMs: [25, 25], retryMs: [5, 5] },
};

export type Received = { url: string; path: string; headers: IncomingHttpHeaders; body: Buffer };

export type Listening = { url: string; close: () => Promise<void> };

export async function listen(handler: RequestListener): Promise<Listening> {
  const server = createServer(handler);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}

/** What Usher's api is to the vendors: it takes their webhooks, keeps them and answers as told. */
export async function aReceiver() {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let answers: number[] = [];
  const { url, close } = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ url: url + path, path, headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(answers.shift() ?? 200).end();
      for (const look of [...waiting]) look();
    });
  });
  /** The webhooks so far, once there are as many (of those that match). */
  const until = (count: number, match: (one: Received) => boolean = () => true): Promise<Received[]> =>
    new Promise((resolve) => {
      const look = () => {
        const fit = received.filter(match);
        if (fit.length < count) return;
        waiting.delete(look);
        resolve(fit);
      };
      waiting.add(look);
      look();
    });
  return { url, close, received, until, answerNext: (...statuses: number[]) => (answers = statuses) };
}

export type Receiver = Awaited<ReturnType<typeof aReceiver>>;

/** A sandbox on a port of its own, with its files in a new directory unless it takes over another's. */
export async function aSandbox({ apiUrl, ...options }: Partial<SandboxOptions> & { apiUrl: string }) {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'usher-sandbox-')));
  const sandbox = await createSandboxApp({ ...ACCOUNT, delays: DELAYS, ...options, dir, apiUrl });
  let requests = 0;
  const handle = sandbox.app.callback();
  const server = await listen((request, response) => {
    if (!(request.url ?? '').startsWith('/sandbox/')) requests += 1;
    void handle(request, response);
  });
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(server.url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text.startsWith('{') ? JSON.parse(text) : text) as Record<string, unknown>,
    };
  };
  const stop = async () => {
    await server.close();
    await sandbox.close();
  };
  return {
    dir,
    url: server.url,
    sandbox,
    ask,
    /** Requests to the vendors' own addresses, whatever became of them. */
    requests: () => requests,
    fault: async (vendor: VendorName, fault: Record<string, unknown>) => {
      expect((await ask('PUT', `/sandbox/faults/${vendor}`, fault)).status).toBe(200);
    },
    log: async (query = '') => (await ask('GET', `/sandbox/log${query}`)).body.entries as LogEntry[],
    stop,
    close: async () => {
      await stop();
      await rm(dir, { recursive: true });
    },
  };
}

export type RunningSandbox = Awaited<ReturnType<typeof aSandbox>>;
