import type Router from '@koa/router';
import { PassThrough } from 'node:stream';
import type { AcceptedLog, LogEntry } from './accepted-log';
import type { Webhooks } from './webhooks';

const HEARTBEAT_MS = 15_000;

/** The accepted log as a list and as a live stream, and the vendors' last calls to us with our answers. */
export function logRoutes(
  router: Router,
  { log, webhooks, closing }: { log: AcceptedLog; webhooks: Webhooks; closing: AbortSignal },
): void {
  router.get('/sandbox/log', (ctx) => {
    const query = ctx.URL.searchParams;
    const one = (name: string) => query.get(name) ?? undefined;
    ctx.body = { entries: log.entries({ vendor: one('vendor'), to: plus(one('to')), kind: one('kind'), since: seq(one('since')) }) };
  });

  // Server-sent events: everything after Last-Event-ID (or ?since=), inbound messages too, then each entry as it comes.
  router.get('/sandbox/log/stream', (ctx) => {
    const since = seq(ctx.get('last-event-id') || (ctx.URL.searchParams.get('since') ?? undefined));
    const stream = new PassThrough();
    const write = (entry: LogEntry) => stream.write(`id: ${entry.seq}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
    stream.write(': here is the log\n\n');
    if (since !== undefined) log.entries({ since, kind: 'all' }).forEach(write);
    const silence = log.listen(write);
    const beat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
    const end = () => stream.end();
    closing.addEventListener('abort', end);
    stream.on('close', () => {
      silence();
      clearInterval(beat);
      closing.removeEventListener('abort', end);
    });
    ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    ctx.body = stream;
  });

  router.get('/sandbox/webhooks', (ctx) => {
    ctx.body = { tries: webhooks.tries() };
  });
}

/** A number typed into an address bare: its plus arrives as a space. */
const plus = (to: string | undefined): string | undefined => to?.replace(/^ (?=\d)/, '+');

const seq = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined);
