import Router from '@koa/router';
import { databaseAnswers } from '../db/health';
import type { ApiDeps } from './deps';

type Check = 'ok' | 'error';
const word = (ok: boolean): Check => (ok ? 'ok' : 'error');

/** Is the process alive, is all it needs there, how is it doing. No log-in, and nothing about any business. */
export function systemRouter(deps: ApiDeps): Router {
  const router = new Router();
  const checks = async () => {
    const [db, temporal] = await Promise.all([databaseAnswers(deps.db), deps.temporal.reachable()]);
    return { db: word(db), temporal: word(temporal) };
  };

  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok', sha: deps.settings.sha };
  });

  router.get('/health', async (ctx) => {
    const { db, temporal } = await checks();
    const status = db === 'ok' && temporal === 'ok' ? 'ok' : 'degraded';
    // The names of what later capabilities bring stay in the answer, as absent, so that a monitor need not change.
    ctx.body = { status, db, redis: 'disabled', openai: false, posthog: false, sentry: false, temporal, contexts: [], tools: [] };
  });

  router.get('/ready', async (ctx) => {
    const found = { ...(await checks()), draining: deps.state.draining };
    const ready = found.db === 'ok' && found.temporal === 'ok' && !found.draining;
    ctx.status = ready ? 200 : 503;
    ctx.body = { ready, checks: found };
  });

  router.get('/metrics', async (ctx) => {
    ctx.type = deps.metrics.registry.contentType;
    ctx.body = await deps.metrics.registry.metrics();
  });
  return router;
}
