import Router from '@koa/router';
import Koa from 'koa';
import { consoleRouter } from './console/router';
import { offerPageRouter } from './console/offer/router';
import { unsubscribeRouter } from './console/unsubscribe/router';
import { visitPageRouter } from './console/visit/router';
import type { ApiDeps } from './deps';
import { docsRouter } from './docs/docs-page';
import { problems } from './middleware/problems';
import { requestId } from './middleware/request-id';
import { requestLog } from './middleware/request-log';
import { securityHeaders } from './middleware/security-headers';
import { traceRequests } from './middleware/tracing';
import { ROUTES } from './routes';
import { calendarRouter } from './routes/calendar-feeds';
import { serve } from './serve';
import { systemRouter } from './system';
import { webhookRouter } from './webhooks/router';

/** What is not the JSON API: pages, links, webhooks, health. Each brings its own router, at the root. */
const ROOT_ROUTERS: ((deps: ApiDeps) => Router)[] = [
  systemRouter,
  webhookRouter,
  calendarRouter, // before the pages: /v/<token>.ics is no token
  visitPageRouter,
  offerPageRouter,
  unsubscribeRouter,
  consoleRouter,
  (deps) => docsRouter(deps, ROUTES),
];

/** The whole HTTP surface. Read downwards: this is the order in which a request passes. */
export function createApi(deps: ApiDeps): Koa {
  const app = new Koa({ proxy: deps.settings.trustedProxies > 0, maxIpsCount: deps.settings.trustedProxies });
  app.use(requestId);
  app.use(requestLog(deps));
  app.use(traceRequests(deps));
  app.use(securityHeaders(deps.settings.production));
  app.use(problems(deps));
  for (const router of [...ROOT_ROUTERS.map((create) => create(deps)), apiRouter(deps)])
    app.use(router.routes()).use(router.allowedMethods());
  app.on('error', (error: unknown) =>
    deps.log.error({ err: { type: error instanceof Error ? error.name : typeof error } }, 'connection failed'),
  );
  return app;
}

function apiRouter(deps: ApiDeps): Router {
  const router = new Router({ prefix: '/api/v1' });
  for (const route of ROUTES) router.register(route.path, [route.method], serve(route, deps));
  return router;
}
