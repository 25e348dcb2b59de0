import type { Middleware } from 'koa';
import type { ApiDeps } from '../deps';
import { requestIdOf } from './request-id';
import { patternOf } from './route-pattern';

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
