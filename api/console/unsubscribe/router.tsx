import Router from '@koa/router';
import type { Context } from 'koa';
import { findBusiness } from '../../../db/businesses';
import { findBusinessOfMessage } from '../../../db/inbound';
import { readMessageToken } from '../../../db/message-tokens';
import { findMessage, type MessageRow } from '../../../db/messages';
import { withBusiness, withoutBusiness } from '../../../db/tenancy';
import type { ApiDeps } from '../../deps';
import { readMultipart } from '../../multipart';
import { readRaw } from '../../payload';
import { resubscribe, scopeOfOneClick, unsubscribe, type Scope } from '../../unsubscribing';
import { asPage, send } from '../visit/link-page';
import { askedOf, LinkClosed } from '../visit/opened';
import { AskPage, DonePage, UndonePage, type Page } from './pages';
import { unsubscribeWords } from './words';

/**
 * The way out of e-mail, by the link and the header in each. GET only shows a page. POST acts at once: by one click of a mail program, without cookie,
 * redirect or question (RFC 8058), or by the page's own form. Nobody needs to log in: the token is the proof, so no other site can make anybody send it.
 */
export function unsubscribeRouter(deps: ApiDeps): Router {
  const router = new Router();
  const page = (work: (ctx: Context, opened: Opened) => Promise<void>) => (ctx: Context) =>
    asPage(ctx, deps, async () => work(ctx, await open(ctx, deps)));
  router.get(
    '/u/:token',
    page((ctx, opened) => {
      send(ctx, 200, <AskPage {...pageOf(ctx, opened)} />);
      return Promise.resolve();
    }),
  );
  router.post(
    '/u/:token',
    page((ctx, opened) => end(ctx, deps, opened)),
  );
  router.post(
    '/u/:token/undo',
    page((ctx, opened) => undo(ctx, deps, opened)),
  );
  return router;
}

type Opened = { businessId: string; business: string; message: MessageRow };

/** Throws LinkClosed `unknown`, 429. What mail programs post is not counted: they send it for many people from one address. */
async function open(ctx: Context, deps: ApiDeps): Promise<Opened> {
  const messageId = readMessageToken(deps.hash, 'unsubscribe', askedOf(ctx, null).token);
  if (messageId === null) throw new LinkClosed('unknown');
  if (ctx.method !== 'POST') await deps.limits.link({ token: messageId, ip: ctx.ip });
  const found = await withoutBusiness(deps.db, (tx) => findBusinessOfMessage(tx, { messageId, vendor: '', vendorId: '' }));
  if (!found) throw new LinkClosed('unknown');
  const { businessId } = found;
  return withBusiness(deps.db, businessId, async (tx) => {
    const { name: business } = await findBusiness(tx, businessId);
    return { businessId, business, message: await findMessage(tx, messageId) };
  });
}

async function end(ctx: Context, deps: ApiDeps, opened: Opened): Promise<void> {
  const asked = await readForm(ctx, opened.message);
  const shown = pageOf(ctx, opened);
  const statement = asked.oneClick ? 'List-Unsubscribe=One-Click' : saidBy(shown, asked.scope);
  const now = await deps.clock.now(opened.businessId);
  const { scope } = asked;
  await withBusiness(deps.db, opened.businessId, (tx) => unsubscribe(tx, deps, { ...proofOf(ctx, opened), scope, statement, now }));
  send(ctx, 200, <DonePage {...shown} scope={scope} />);
}

async function undo(ctx: Context, deps: ApiDeps, opened: Opened): Promise<void> {
  refuseOtherSites(ctx);
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

/** What the reader saw beside the button, for the consent log. */
function saidBy({ locale, business }: Page, scope: Scope): string {
  const { button, scopes, title } = unsubscribeWords(locale);
  return `${title(business)}. ${scopes[scope].label}. ${button}`;
}

/** Mail programs post either kind of form; ours posts the first. Throws LinkClosed `refused` for anything else. */
async function readForm(ctx: Context, message: MessageRow): Promise<{ oneClick: boolean; scope: Scope }> {
  const raw = await readRaw(ctx);
  const fields = ctx.is('multipart/form-data') ? await multipartFields(ctx, raw) : new URLSearchParams(raw.toString('utf8'));
  if (fields.get('List-Unsubscribe') === 'One-Click') return { oneClick: true, scope: scopeOfOneClick(message) };
  refuseOtherSites(ctx);
  const scope = fields.get('scope');
  if (scope !== 'marketing' && scope !== 'all') throw new LinkClosed('refused');
  return { oneClick: false, scope };
}

async function multipartFields(ctx: Context, raw: Buffer): Promise<URLSearchParams> {
  const form = await readMultipart(ctx.headers, raw).catch(() => null);
  if (!form) throw new LinkClosed('refused');
  return new URLSearchParams(Object.entries(form.fields).map(([name, value]) => [name, value.toString('utf8')]));
}

/** The page's forms come from the page, or from a browser that does not say. */
function refuseOtherSites(ctx: Context): void {
  if (!['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site'))) throw new LinkClosed('refused');
}

function pageOf(ctx: Context, { business, message }: Opened): Page {
  const { locale, pathTo, inOtherLanguage } = askedOf(ctx, message.locale);
  return { locale, business, address: masked(message.toAddress ?? ''), scope: scopeOfOneClick(message), pathTo, inOtherLanguage };
}

/** Enough for its owner: mails are forwarded, links and all. */
const masked = (address: string): string => address.replace(/^(.)[^@]*@/, '$1•••@');
