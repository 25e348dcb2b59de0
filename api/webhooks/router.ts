import Router from '@koa/router';
import type { Context } from 'koa';
import { errorCode } from '../../domain/error-code';
import { metaChallenge, verifyMeta } from '../../providers/meta/signature';
import { verifySendGrid } from '../../providers/sendgrid/signature';
import { verifyTwilio } from '../../providers/twilio/signature';
import { readMultipart } from '../multipart';
import { readRaw } from '../payload';
import type { WebhookDeps } from './deps';
import type { Delivered } from './intake';
import { createHandling } from './handle';
import { createStore, reject, type Store } from './intake';

/** Mails come with their attachments. */
const INBOUND_MAX_BYTES = 30 * 1_048_576;

/** The vendors' doors (contract.md rule 8): bad signature 401, stored always 200, not stored 503, over 1 MB (mail: 30 MB) 413. */
export function webhookRouter(given: WebhookDeps): Router {
  const router = new Router();
  const deps = { ...given, handling: createHandling(given), store: createStore(given) };
  for (const path of ['/twilio', '/twilio/inbound', '/twilio/status']) router.post(`/webhooks${path}`, (ctx) => twilio(ctx, deps));
  router.post('/webhooks/sendgrid', (ctx) => sendGrid(ctx, deps));
  router.post('/webhooks/sendgrid/inbound', (ctx) => inboundEmail(ctx, deps));
  router.get(META, (ctx) => metaSetUp(ctx, deps));
  router.post(META, (ctx) => meta(ctx, deps));
  return router;
}

type Door = WebhookDeps & { handling: ReturnType<typeof createHandling>; store: Store };

async function twilio(ctx: Context, deps: Door): Promise<void> {
  const body = (await readRaw(ctx)).toString('utf8');
  // What the vendor called and signed: from config, never from the Host header, which anybody can set. A proxy may have taken a prefix off the path.
  const url = deps.settings.webhookUrl + ctx.url;
  const signature = ctx.get('X-Twilio-Signature');
  if (!verifyTwilio({ signature, url, body, authTokens: deps.vendors.twilioAuthTokens }))
    return refuse(ctx, deps, { provider: 'twilio', body });
  const event = deps.vendors.parseTwilio({ url, body });
  const stored = event.eventId === null ? [] : [{ eventId: event.eventId, kind: event.kind, payload: JSON.stringify({ url, body }) }];
  // An empty answer in TwiML: we reply through the ledger, never in the response.
  await accept(ctx, deps, { provider: 'twilio', events: stored, answer: '<Response/>', type: 'text/xml' });
}

async function sendGrid(ctx: Context, deps: Door): Promise<void> {
  const body = await readRaw(ctx);
  if (!isSigned(ctx, deps, { body, publicKeys: deps.vendors.sendGridPublicKeys })) return refuse(ctx, deps, { provider: 'sendgrid', body });
  const events = deps.vendors.parseSendGrid(body.toString('utf8')) ?? [];
  const stored = events.map(({ event, raw }) => ({ eventId: event.eventId, kind: event.kind, payload: JSON.stringify([raw]) }));
  await accept(ctx, deps, { provider: 'sendgrid', events: stored, answer: '', type: 'text/plain' });
}

/** Inbound Parse: one mail as a form of several parts. */
async function inboundEmail(ctx: Context, deps: Door): Promise<void> {
  const body = await readRaw(ctx, INBOUND_MAX_BYTES);
  const { sendGridInboundPublicKeys: publicKeys, acceptUnsignedEmail, parseInboundEmail } = deps.vendors;
  const unsigned = ctx.get(SIGNATURE) === '' && acceptUnsignedEmail;
  if (!unsigned && !isSigned(ctx, deps, { body, publicKeys })) return refuse(ctx, deps, { provider: 'sendgrid_inbound', body });
  // Signed, and yet no form: nothing that the vendor could mend by coming again.
  const form = await readMultipart(ctx.headers, body).catch(() => null);
  const email = form && parseInboundEmail(form);
  const stored = email === null ? [] : [{ eventId: email.eventId, kind: 'inbound', payload: JSON.stringify(email) }];
  await accept(ctx, deps, { provider: 'sendgrid_inbound', events: stored, answer: '', type: 'text/plain' });
}

const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';

function isSigned(ctx: Context, { clock, log }: WebhookDeps, signed: { body: Buffer; publicKeys: readonly string[] }): boolean {
  const timestamp = ctx.get('X-Twilio-Email-Event-Webhook-Timestamp');
  const verdict = verifySendGrid({ ...signed, signature: ctx.get(SIGNATURE), timestamp, nowMs: Date.parse(clock.system()) });
  if (verdict === 'stale') log.info({ provider: 'sendgrid' }, 'a delivery with an old timestamp was accepted');
  return verdict !== 'invalid';
}

/** The name that the sources gave it (contract.md). */
const META = '/api/v1/webhooks/whatsapp/meta';

/** Meta asks once, when the address is entered there: whoever knows the token gets the challenge back. */
function metaSetUp(ctx: Context, { vendors }: WebhookDeps): void {
  const challenge = metaChallenge(ctx.URL.searchParams, vendors.metaVerifyToken);
  ctx.status = challenge === null ? 403 : 200;
  ctx.type = 'text/plain';
  ctx.body = challenge ?? '';
}

async function meta(ctx: Context, deps: Door): Promise<void> {
  const body = await readRaw(ctx);
  const text = body.toString('utf8');
  if (!verifyMeta({ signature: ctx.get('X-Hub-Signature-256'), body, appSecrets: deps.vendors.metaAppSecrets }))
    return refuse(ctx, deps, { provider: 'meta', body: text });
  const stored = (deps.vendors.parseMeta(text) ?? []).flatMap(({ event, raw }) =>
    event.eventId === null ? [] : [{ eventId: event.eventId, kind: event.kind, payload: JSON.stringify(raw) }],
  );
  await accept(ctx, deps, { provider: 'meta', events: stored, answer: '', type: 'text/plain' });
}

type Answer = { provider: string; events: Delivered[]; answer: string; type: string };

async function accept(ctx: Context, deps: Door, { provider, events, answer, type }: Answer): Promise<void> {
  try {
    // Handled after the answer: the vendor gets its 200 within 100 ms, whatever the handling takes. Failures are kept with the event and tried again.
    deps.handling.give(await deps.store(provider, events));
  } catch (error) {
    deps.log.error({ provider, code: errorCode(error) }, 'a webhook could not be stored');
    ctx.status = 503; // the vendor keeps it and comes again
    return;
  }
  ctx.type = type;
  ctx.status = 200;
  ctx.body = answer;
}

async function refuse(ctx: Context, deps: WebhookDeps, rejected: { provider: string; body: Buffer | string }): Promise<void> {
  ctx.status = 401;
  ctx.body = { code: 'bad_signature', error: 'bad_signature' };
  await reject(deps, rejected);
}
