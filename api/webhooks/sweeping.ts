import { errorCode } from '../../domain/error-code';
import type { WebhookDeps } from './deps';
import { sweepWebhooks } from './handle';

const EVERY_MS = 5_000;

/**
 * Handles, every five seconds, the stored webhooks whose turn has come. It lives in the api because the handlers do: one way for the first try and for
 * every later one. Many apis may run: an event is taken by one transaction.
 */
export function startSweeping(deps: WebhookDeps): { stop: () => Promise<void> } {
  const state: { running: Promise<unknown> } = { running: Promise.resolve() };
  const pass = async (): Promise<void> => {
    try {
      await sweepWebhooks(deps);
    } catch (error) {
      deps.log.warn({ code: errorCode(error) }, 'stored webhooks could not be read; tried again in 5 s');
    }
  };
  const timer = setInterval(() => {
    state.running = state.running.then(pass);
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await state.running;
    },
  };
}
