import type { Context, Middleware } from 'koa';
import type { ApiDeps } from '../deps';
import { requestIdOf } from './request-id';

/** One line and one measurement for each request. The route's pattern stands for its address; bodies, queries and people are never logged. */
export const requestLog =
  ({ log, metrics }: Pick<ApiDeps, 'log' | 'metrics'>): Middleware =>
  async (ctx, next) => {
    const startedNs = process.hrtime.bigint();
    await next();
    const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
    const seen = { method: ctx.method, route: patternOf(ctx), status: ctx.status };
    metrics.request({ ...seen, seconds });
    log.info({ ...seen, ms: Math.round(seconds * 1000), requestId: requestIdOf(ctx), businessId: ctx.state['businessId'] }, 'request');
  };

function patternOf(ctx: Context): string {
  const matched: unknown = (ctx as { _matchedRoute?: unknown })._matchedRoute;
  return typeof matched === 'string' ? matched : 'unmatched';
}
