import { isAtLeast } from '../../caller';
import { perform } from '../../perform';
import { forbidden } from '../../problem';
import type { BusinessRoute, Method } from '../../route';
import { ROUTES } from '../../routes';
import { originOf } from '../../serve';
import type { Seen } from './pages';

/** A route of the API that a form does. Throws RangeError for one that does not exist: at start, not when somebody presses the button. */
export function routeOf(method: Method, path: string): BusinessRoute {
  const found = ROUTES.find((route) => route.method === method && route.path === path);
  if (!found || found.role === 'public') throw new RangeError(`no route ${method} ${path} of a business`);
  return found;
}

type Asked = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** In the wire's words, as a client of the API would send it. */
  body?: Record<string, unknown>;
  /** The version that the reader saw: the route refuses if it has changed since. */
  ifVersion?: string | null;
  /** Once per key and route, however often the form is sent (form.ts, keyOf). */
  key?: string | null;
};

/**
 * Does by hand what a client of the API would ask for: same reading, same role, same audit entry, same problems, in the page's own transaction. Answers the
 * body of the API's answer. Throws the route's problems.
 */
export async function ask(
  seen: Seen,
  route: BusinessRoute,
  { params = {}, query = {}, body = {}, ifVersion, key }: Asked,
): Promise<unknown> {
  const { ctx, deps, tx, now, caller } = seen;
  if (!isAtLeast(caller.role, route.role)) throw forbidden('forbidden', { needs: route.role });
  const ifMatch = ifVersion === undefined || ifVersion === null || ifVersion === '' ? '' : `"${ifVersion}"`;
  const asked = { params, query, fields: body, file: Buffer.alloc(0), ifMatch, from: originOf(ctx) };
  const url = `${route.path} ${JSON.stringify(params)}`;
  const { body: answered } = await perform(tx, {
    route,
    deps,
    caller,
    now,
    asked,
    cookies: ctx.cookies,
    once: { key: key ? `${key}${route.path}` : '', url },
  });
  return answered;
}
