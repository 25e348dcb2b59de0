import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { isUnavailable, RowMissing } from '../../../db/errors';
import type { ApiDeps } from '../../deps';
import { requestIdOf } from '../../middleware/request-id';
import { Problem } from '../../problem';
import { ClosedPage } from './closed-page';
import { askedOf, LinkClosed } from './opened';
import type { Closed } from './wording';

// What every page behind a link in a message shares: its style, and what it says when there is nothing to show.

export const CSS = readFileSync(join(__dirname, '..', 'assets', 'visit.css'), 'utf8');
export const CSS_PATH = '/assets/visit.css';
const CSS_VERSION = createHash('sha256').update(CSS).digest('base64url').slice(0, 10);
export const STYLESHEET = `${CSS_PATH}?v=${CSS_VERSION}`;

/** A page of a person's own: not kept, not indexed, its address told to nobody. What goes wrong is a page too. */
export async function asPage(ctx: Context, deps: ApiDeps, work: (ctx: Context) => Promise<void>): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' });
  try {
    await work(ctx);
  } catch (error) {
    const closed = closedBy(error);
    const { locale, inOtherLanguage } = askedOf(ctx, closed.owner?.contactLocale ?? null);
    if (error instanceof Problem && error.extra.retryAfterS !== undefined) ctx.set('Retry-After', String(error.extra.retryAfterS));
    if (closed.kind === 'failed') deps.log.error({ requestId: requestIdOf(ctx), err: { type: (error as Error).name } }, 'a page failed');
    const status = isUnavailable(error) ? 503 : STATUS[closed.kind];
    send(ctx, status, <ClosedPage {...closed} locale={locale} inOtherLanguage={inOtherLanguage} stylesheet={STYLESHEET} />);
  }
}

const STATUS: Record<Closed, number> = { unknown: 404, ended: 410, limited: 429, refused: 403, failed: 500 };

function closedBy(error: unknown): Pick<LinkClosed, 'kind' | 'owner'> {
  if (error instanceof LinkClosed) return { kind: error.kind, owner: error.owner };
  if (error instanceof RowMissing) return { kind: 'unknown', owner: null };
  return { kind: error instanceof Problem && error.code === 'too_many' ? 'limited' : 'failed', owner: null };
}

export function send(ctx: Context, status: number, page: VNode): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = `<!doctype html>${renderToString(page)}`;
}
