import type { Middleware } from 'koa';
import type { ApiDeps } from '../deps';
import { patternOf } from './route-pattern';

/** Asked every few seconds by machines: a trace of each would hide the rest. */
const UNTRACED = new Set(['/healthz', '/health', '/ready', '/metrics']);

/** A span for each request, named by its route's pattern: ids and link tokens are in the address. Rings written meanwhile carry it on. */
export const traceRequests =
  ({ tracing }: Pick<ApiDeps, 'tracing'>): Middleware =>
  (ctx, next) => {
    if (UNTRACED.has(ctx.path)) return next();
    return tracing.span({ name: ctx.method, kind: 'server', parent: null, facts: { 'http.request.method': ctx.method } }, async (span) => {
      await next();
      const route = patternOf(ctx);
      span.rename(`${ctx.method} ${route}`);
      const businessId: unknown = ctx.state['businessId'];
      span.note({
        'http.route': route,
        'http.response.status_code': ctx.status,
        ...(typeof businessId === 'string' && { 'usher.business_id': businessId }),
      });
      if (ctx.status >= 500) span.fail(String(ctx.status));
    });
  };
