import type { Context, Middleware } from 'koa';
import { isDeadlock, isTaken, isForeignKey, isDuplicate, isInvalidData, isUnavailable, RowChanged, RowMissing } from '../../db/errors';
import type { Locale } from '../../domain/message';
import type { ApiDeps } from '../deps';
import { snakeKeys } from '../naming';
import { Problem } from '../problem';
import { PROBLEMS } from '../problem-codes';
import { traceOf } from '../trace-of';
import { requestIdOf } from './request-id';

/** The one place that answers with a problem (RFC 9457). No route catches; the console shows the same problems as pages. */
export const problems =
  ({ log, settings }: Pick<ApiDeps, 'log' | 'settings'>): Middleware =>
  async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) throw new Problem('not_found');
      if (ctx.status === 405 || ctx.status === 501) throw new Problem('method_not_allowed');
    } catch (error) {
      const problem = problemOf(error);
      noteFailure(log, { requestId: requestIdOf(ctx), problem, error });
      answer(ctx, problem, settings.publicUrl);
    }
  };

/** Where somebody's choice of language is kept. */
export const LANGUAGE_COOKIE = 'usher_language';

/** The language somebody chose, else the one their browser asks for. */
export function localeOf(ctx: Context): Locale {
  const chosen = ctx.cookies.get(LANGUAGE_COOKIE);
  if (chosen === 'en' || chosen === 'es') return chosen;
  return ctx.acceptsLanguages('en', 'es') === 'es' ? 'es' : 'en';
}

/** Our own mistakes are logged; what somebody did wrong is theirs to know. */
export function noteFailure(
  log: ApiDeps['log'],
  { requestId, problem, error }: { requestId: string; problem: Problem; error: unknown },
): void {
  // The database's own words may quote a person's data: the code is enough to find the place.
  if (PROBLEMS[problem.code].status >= 500) log.error({ requestId, err: describe(error) }, 'request failed');
}

function answer(ctx: Context, { code, extra }: Problem, publicUrl: string): void {
  const { status, title, detail } = PROBLEMS[code];
  const locale = localeOf(ctx);
  ctx.status = status;
  if (extra.retryAfterS !== undefined) ctx.set('Retry-After', String(extra.retryAfterS));
  if (status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.set('Content-Language', locale);
  ctx.body = JSON.stringify({
    type: `${publicUrl}/docs#${code}`,
    title: title[locale],
    status,
    code,
    error: code,
    detail: detail[locale],
    request_id: requestIdOf(ctx),
    ...(snakeKeys(extra) as object),
  });
  ctx.type = 'application/problem+json';
}

/** What an error means to whoever asked. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RowMissing) return new Problem('not_found', { what: error.what });
  if (error instanceof RowChanged) return new Problem('changed_meanwhile', { what: error.what });
  if (isDeadlock(error)) return new Problem('try_again');
  if (isTaken(error)) return new Problem('conflict');
  if (isDuplicate(error)) return new Problem('already_exists');
  if (isForeignKey(error)) return new Problem('unknown_reference');
  if (isInvalidData(error)) return new Problem('invalid');
  if (isUnavailable(error)) return new Problem('unavailable', { retryAfterS: 2 });
  return new Problem('internal');
}

function describe(error: unknown): Record<string, unknown> {
  // An error with a code is a library's: its message may hold values.
  const ours = error instanceof Error && !('code' in error && error.code !== undefined);
  return { ...traceOf(error), ...(ours ? { message: error.message.slice(0, 500) } : {}) };
}
