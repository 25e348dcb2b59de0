import type { Context } from 'koa';

/** The pattern of the route that answered, for logs, metrics and traces: an address holds ids and link tokens. */
export function patternOf(ctx: Context): string {
  const matched: unknown = (ctx as { _matchedRoute?: unknown })._matchedRoute;
  return typeof matched === 'string' ? matched : 'unmatched';
}
