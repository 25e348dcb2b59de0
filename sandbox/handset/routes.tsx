import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { renderToString } from 'preact-render-to-string';
import { isUnavailable } from '../../db/errors';
import { searchPeople } from '../../db/contact-search';
import { withBusiness } from '../../db/tenancy';
import { readText } from '../http';
import { askedIn, html, withScope } from './answering';
import { assetRoutes } from './assets';
import { bookingRoutes } from './booking-routes';
import { ClockCard } from './clock-card';
import type { HandsetDeps } from './deps';
import { readLive } from './live';
import { EmptyPage, HandsetPage, People } from './page';
import { pushOf } from './pushing';
import { findBusiness, findScope, readingOf, type Scope } from './scope';
import { streamOf } from './stream';
import { unsubscribeUrlOf } from './feed';
import type { Words } from './words';

const PEOPLE = 30;

/** GET /handset and everything its page asks for. Development only: the sandbox refuses to start elsewhere. */
export function handsetRoutes(router: Router, deps: HandsetDeps): void {
  router.use('/handset', guard);
  router.redirect('/', '/handset', 302);
  assetRoutes(router);

  router.get('/handset', async (ctx) => {
    const body = await page(deps, ctx).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      ctx.status = 503;
      return renderToString(<EmptyPage reading={readingOf(askedIn(ctx))} found={null} away />);
    });
    html(ctx, `<!doctype html>${body}`);
  });

  router.get('/handset/people', (ctx) =>
    withScope(ctx, deps, async (scope) => {
      const text = (ctx.URL.searchParams.get('q') ?? '').trim().slice(0, 100);
      const people = await withBusiness(deps.db, scope.business.id, (tx) => searchPeople(tx, { text, limit: PEOPLE }));
      html(ctx, renderToString(<People scope={scope} people={people} />));
    }),
  );

  router.get('/handset/stream', (ctx) =>
    withScope(ctx, deps, (scope) => {
      // Past Koa: to it, a reader who leaves is a failed request.
      ctx.respond = false;
      ctx.res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      const stream = streamOf(deps, scope);
      stream.pipe(ctx.res);
      ctx.res.on('close', () => stream.destroy());
    }),
  );

  router.get('/handset/mail/:seq', (ctx) => {
    const entry = deps.log.entries({ kind: 'email' }).find(({ seq }) => String(seq) === ctx.params.seq);
    if (!entry) return ctx.throw(404);
    // Somebody else's HTML: it may look as it likes and do nothing.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    );
    ctx.type = 'html';
    ctx.body = `<base target="_blank">${entry.html ?? `<pre>${escapeHtml(entry.body)}</pre>`}`;
  });

  router.post('/handset/unsubscribe/:seq', (ctx) => withScope(ctx, deps, ({ words }) => unsubscribe(ctx, deps, words)));
  router.post('/handset/reply', (ctx) => withScope(ctx, deps, (scope) => reply(ctx, deps, scope)));
  router.post('/handset/clock', (ctx) => withScope(ctx, deps, (scope) => startPush(ctx, deps, scope)));
  bookingRoutes(router, deps);
}

/** Everything from here and nothing inline; forms of other sites are refused. */
const guard: Middleware = async (ctx, next) => {
  ctx.set({
    'Content-Security-Policy':
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
  const from = ctx.get('sec-fetch-site');
  if (ctx.method !== 'GET' && from !== '' && from !== 'same-origin') ctx.throw(403);
  await next();
};

async function page(deps: HandsetDeps, ctx: Context): Promise<string> {
  const asked = askedIn(ctx);
  const scope = await findScope(deps, asked);
  if (!scope) return renderToString(<EmptyPage reading={readingOf(asked)} found={await findBusiness(deps, asked)} />);
  const people = await withBusiness(deps.db, scope.business.id, (tx) => searchPeople(tx, { text: '', limit: PEOPLE }));
  return renderToString(<HandsetPage scope={scope} live={await readLive(deps, scope)} people={people} />);
}

/** The text goes to the vendors' stand-ins, as scripts and tests send it. An empty answer clears the note. */
async function reply(ctx: Context, { sandboxUrl }: HandsetDeps, { person, words }: Scope): Promise<void> {
  const form = new URLSearchParams(await readText(ctx));
  const body = (form.get('quick') ?? form.get('text') ?? '').trim();
  const [channel, to = ''] = (form.get('to') ?? '').split(' ');
  const answer = await fetch(`${sandboxUrl}/sandbox/inbound`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel, from: channel === 'whatsapp' ? person.whatsapp : person.phone, to, body }),
  });
  const { status = null } = (await answer.json().catch(() => ({}))) as { status?: number | null };
  ctx.status = answer.status;
  html(ctx, answer.ok && (status === null || status < 300) ? '' : words.replyLost);
}

/** Does what a mail program does on its own unsubscribe button (RFC 8058). */
async function unsubscribe(ctx: Context, { log }: HandsetDeps, { unsubscribed, replyLost }: Words): Promise<void> {
  const entry = log.entries({ kind: 'email' }).find(({ seq }) => String(seq) === (ctx['params'] as Record<string, string>)['seq']);
  const url = entry && unsubscribeUrlOf(entry);
  if (!url) return ctx.throw(404);
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    redirect: 'manual',
  }).catch(() => null);
  html(ctx, answer?.status === 200 ? unsubscribed : replyLost);
}

/** Begins the push and answers at once; the stream tells how it goes on. */
async function startPush(ctx: Context, deps: HandsetDeps, scope: Scope): Promise<void> {
  const { clock } = deps;
  const { id } = scope.business;
  const before = await readLive(deps, scope);
  const push = pushOf(ctx.URL.searchParams.get('to') ?? '', before);
  // One at a time: whoever is impatient does not queue a second day.
  if (push && clock.stateOf(id).state !== 'running') clock.push(id, push).catch((error: unknown) => ctx.app.emit('error', error, ctx));
  ctx.status = 202;
  html(ctx, renderToString(<ClockCard scope={scope} live={{ ...before, push: clock.stateOf(id) }} />));
}

const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (character) => `&#${String(character.charCodeAt(0))};`);
