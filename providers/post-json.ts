import http from 'node:http';
import https from 'node:https';
import type { VendorCall } from './vendor-call';

export type JsonRequest = { url: string; headers: Record<string, string>; body: unknown };
export type HttpAnswer = { status: number; headers: http.IncomingHttpHeaders; text: string };

/** No vendor answers a message with more. */
const LARGEST_ANSWER = 1_048_576;

/**
 * One POST of JSON on the call's own connection, for vendors without an SDK. Not `fetch`: only an agent of ours tells whether a connection came about,
 * and with it whether anything can have been sent. Follows no redirect, repeats nothing. Rejects when no whole answer came.
 */
export function postJson(call: VendorCall, { url, headers, body }: JsonRequest): Promise<HttpAnswer> {
  const target = new URL(url);
  const [request, agent] = target.protocol === 'http:' ? [http.request, call.httpAgent] : [https.request, call.httpsAgent];
  const payload = Buffer.from(JSON.stringify(body), 'utf8');
  return new Promise((resolve, reject) => {
    const sending = request(
      target,
      {
        method: 'POST',
        agent,
        signal: call.signal,
        headers: { accept: 'application/json', ...headers, 'content-type': 'application/json', 'content-length': payload.length },
      },
      (answer) => void read(answer).then(resolve, reject),
    );
    sending.on('error', reject);
    sending.end(payload);
  });
}

async function read(answer: http.IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER) throw new Error('an answer that is too large');
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString('utf8') };
}
