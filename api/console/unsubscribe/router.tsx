import Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { isUnavailable } from '../../../db/errors';
import { findMessage, type MessageRow } from '../../../db/messages';
import { findBusiness } from '../../../db/businesses';
import { findBusinessOfMessage } from '../../../db/inbound';
import { readMessageToken } from '../../../db/message-tokens';
import { withBusiness, withoutBusiness } from '../../../db/tenancy';
import type { Locale } from '../../../domain/message';
import type { ApiDeps } from '../../deps';
import { localeOf } from '../../middleware/problems';
import { requestIdOf } from '../../middleware/request-id';
import { readMultipart } from '../../multipart';
import { readRaw } from '../../payload';
import { Problem } from '../../problem';
import { resubscribe, scopeOfOneClick, unsubscribe, type Scope } from '../../unsubscribing';
import { AskPage, ClosedPage, DonePage, UndonePage, type ClosedKind, type Page } from './pages';
import { unsubscribeWords } from './words';

/**
 * The way out of e-mail, by the link and the header in each. GET only shows a page. POST acts at once: by one click of a mail program, without cookie,
 * redirect or question (RFC 8058), or by the page's own form. Nobody needs to log in: the token is the proof, so no other site can make anybody send it.
 */
export function unsubscribeRouter(deps: ApiDeps): Router {
  const router = new Router();
  const page = (work: (ctx: Context) => Promise<void>) => (ctx: Context) => asPage(ctx, deps, work);
  router.get(
    '/u/:token',
    page(async (ctx) => send(ctx, 200, <AskPage {...pageOf(ctx, await open(ctx, deps))} />)),
  );
  router.post(
    '/u/:token',
    page((ctx) => end(ctx, deps)),
  );
  router.post(
    '/u/:token/undo',
    page((ctx) => undo(ctx, deps)),
  );
  return router;
}

type Opened = { businessId: string; business: string; message: MessageRow };

/** Not ours, or no longer there. */
class Closed extends Error {
  constructor(readonly kind: ClosedKind) {
    super(kind);
    this.name = 'Closed';
  }
}

async function open(ctx: Context, deps: ApiDeps): Promise<Opened> {
  const messageId = readMessageToken(deps.hash, 'unsubscribe', tokenOf(ctx));
  if (messageId === null) throw new Closed('unknown');
  if (ctx.method === 'GET') await deps.limits.link({ token: messageId, ip: ctx.ip });
  const found = await withoutBusiness(deps.db, (tx) => findBusinessOfMessage(tx, { messageId, vendor: '', vendorId: '' }));
  if (!found) throw new Closed('unknown');
  const { businessId } = found;
  return withBusiness(deps.db, businessId, async (tx) => {
    const { name: business } = await findBusiness(tx, businessId);
    return { businessId, business, message: await findMessage(tx, messageId) };
  });
}

async function end(ctx: Context, deps: ApiDeps): Promise<void> {
  const opened = await open(ctx, deps);
  const asked = await readForm(ctx, opened.message);
  const shown = pageOf(ctx, opened);
  const { statement, scope } = asked.oneClick ? { ...asked, statement: 'List-Unsubscribe=One-Click' } : saidBy(shown, asked.scope);
  const now = await deps.clock.now(opened.businessId);
  await withBusiness(deps.db, opened.businessId, (tx) => unsubscribe(tx, deps, { ...proofOf(ctx, opened), scope, statement, now }));
  send(ctx, 200, <DonePage {...shown} scope={scope} />);
}

async function undo(ctx: Context, deps: ApiDeps): Promise<void> {
  refuseOtherSites(ctx);
  const opened = await open(ctx, deps);
  const shown = pageOf(ctx, opened);
  const { button, text } = unsubscribeWords(shown.locale).undo;
  const now = await deps.clock.now(opened.businessId);
  const statement = `${button}: ${text(opened.business)}`;
  await withBusiness(deps.db, opened.businessId, (tx) => resubscribe(tx, deps, { ...proofOf(ctx, opened), statement, now }));
  send(ctx, 200, <UndonePage {...shown} />);
}

const proofOf = (ctx: Context, { businessId, message }: Opened) => ({
  businessId,
  messageId: message.id,
  ip: ctx.ip,
  userAgent: ctx.get('User-Agent').slice(0, 500) || null,
});

function saidBy({ locale, business }: Page, scope: Scope): { statement: string; scope: Scope } {
  const { button, scopes, title } = unsubscribeWords(locale);
  return { statement: `${title(business)}. ${scopes[scope].label}. ${button}`, scope };
}

/** Mail programs post either kind of form; ours posts the first. Throws Closed `refused` for anything else. */
async function readForm(ctx: Context, message: MessageRow): Promise<{ oneClick: boolean; scope: Scope }> {
  const raw = await readRaw(ctx);
  const fields = ctx.is('multipart/form-data') ? await multipartFields(ctx, raw) : new URLSearchParams(raw.toString('utf8'));
  if (fields.get('List-Unsubscribe') === 'One-Click') return { oneClick: true, scope: scopeOfOneClick(message) };
  refuseOtherSites(ctx);
  const scope = fields.get('scope');
  if (scope !== 'marketing' && scope !== 'all') throw new Closed('refused');
  return { oneClick: false, scope };
}

async function multipartFields(ctx: Context, raw: Buffer): Promise<URLSearchParams> {
  const { fields } = await readMultipart(ctx.headers, raw);
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, value.toString('utf8')]));
}

/** The page's forms come from the page, or from a browser that does not say. */
function refuseOtherSites(ctx: Context): void {
  if (!['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site'))) throw new Closed('refused');
}

const tokenOf = (ctx: Context): string => String((ctx['params'] as Record<string, string | undefined>)['token']);

function pageOf(ctx: Context, { business, message }: Opened): Page {
  const locale = chosenLocale(ctx) ?? message.locale ?? localeOf(ctx);
  const path = `/u/${tokenOf(ctx)}`;
  const chosen = chosenLocale(ctx) === null ? '' : `?lang=${locale}`;
  return {
    locale,
    business,
    address: masked(message.toAddress ?? ''),
    scope: scopeOfOneClick(message),
    pathTo: (part = '') => `${path}${part}${chosen}`,
    inOtherLanguage: `${path}?lang=${locale === 'en' ? 'es' : 'en'}`,
  };
}

function chosenLocale({ query }: Context): Locale | null {
  return query['lang'] === 'en' || query['lang'] === 'es' ? query['lang'] : null;
}

/** Enough for its owner: mails are forwarded, links and all. */
const masked = (address: string): string => address.replace(/^(.)[^@]*@/, '$1•••@');

/** Not kept, not indexed, its address told to nobody. What goes wrong is a page too. */
async function asPage(ctx: Context, deps: ApiDeps, work: (ctx: Context) => Promise<void>): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' });
  try {
    await work(ctx);
  } catch (error) {
    const kind = closedBy(error);
    if (error instanceof Problem && error.extra.retryAfterS !== undefined) ctx.set('Retry-After', String(error.extra.retryAfterS));
    if (kind === 'failed') deps.log.error({ requestId: requestIdOf(ctx), err: { type: (error as Error).name } }, 'an unsubscribe page failed');
    const locale = chosenLocale(ctx) ?? localeOf(ctx);
    const inOtherLanguage = `/u/${encodeURIComponent(tokenOf(ctx))}?lang=${locale === 'en' ? 'es' : 'en'}`;
    send(ctx, isUnavailable(error) ? 503 : STATUS[kind], <ClosedPage {...{ kind, locale, inOtherLanguage }} />);
  }
}

const STATUS: Record<ClosedKind, number> = { unknown: 404, limited: 429, refused: 403, failed: 500 };

function closedBy(error: unknown): ClosedKind {
  if (error instanceof Closed) return error.kind;
  if (!(error instanceof Problem)) return 'failed';
  return error.code === 'too_many' ? 'limited' : 'refused';
}

function send(ctx: Context, status: number, page: VNode): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = `<!doctype html>${renderToString(page)}`;
}
