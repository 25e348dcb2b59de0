import type { Middleware } from 'koa';
import { v7 } from 'uuid';

const ACCEPTABLE = /^[\w.-]{8,100}$/;

/** The name of one request, given or made: in the answer, in problems, in the log and in the audit log. */
export const requestId: Middleware = (ctx, next) => {
  const given = ctx.get('X-Request-Id');
  ctx.state['requestId'] = ACCEPTABLE.test(given) ? given : v7();
  ctx.set('X-Request-Id', requestIdOf(ctx));
  return next();
};

export const requestIdOf = (ctx: { state: Record<string, unknown> }): string => String(ctx.state['requestId']);
