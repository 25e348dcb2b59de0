import type { Context } from 'koa';
import type { HandsetDeps } from './deps';
import { findScope, type Scope } from './scope';

/** What a request says about person and language. */
export const askedIn = (ctx: Context): { query: URLSearchParams; acceptLanguage: string } => ({
  query: ctx.URL.searchParams,
  acceptLanguage: ctx.get('accept-language'),
});

/** 404 when the person is gone: the page that asked is of an earlier demo. */
export async function withScope(ctx: Context, deps: HandsetDeps, work: (scope: Scope) => Promise<void> | void): Promise<void> {
  const scope = await findScope(deps, askedIn(ctx));
  if (scope) await work(scope);
  else ctx.throw(404);
}

export function html(ctx: Context, text: string): void {
  ctx.type = 'html';
  ctx.body = text;
}
