import Router from '@koa/router';
import Koa from 'koa';
import { AcceptedLog } from './accepted-log';
import { Background } from './background';
import { DEV_SENDGRID_PRIVATE_KEY } from './dev-keys';
import { dncRoutes } from './dnc/routes';
import { faultRoutes, Faults } from './faults';
import { inboundRoutes } from './inbound-routes';
import { logRoutes } from './log-routes';
import { metaRoutes } from './meta/routes';
import type { MetaDelays } from './meta/statuses';
import { MetaStatuses } from './meta/statuses';
import { openAiRoutes } from './openai/routes';
import type { SendGridDelays } from './sendgrid/events';
import { MailEvents } from './sendgrid/events';
import { sendgridRoutes } from './sendgrid/routes';
import { SandboxTemplates, templateRoutes } from './templates';
import type { TwilioDelays } from './twilio/callbacks';
import { TwilioMessages } from './twilio/messages';
import { resumeMessages, twilioRoutes } from './twilio/routes';
import { Webhooks } from './webhooks';

export type SandboxOptions = {
  /** Where the stand-ins keep what they accepted. */
  dir: string;
  /** Usher's public address, without a slash at the end: webhooks go there and are signed for it. */
  apiUrl: string;
  accountSid: string;
  authToken: string;
  sendgridKey: string;
  meta: { accessToken: string; appSecret: string };
  openAiKey: string;
  /** PKCS8 in base64; the development key without it. */
  sendgridSigningKey?: string;
  /** The numbers that are ours at Twilio; without the list any valid one is. */
  numbers?: readonly string[];
  delays?: { twilio?: Partial<TwilioDelays>; meta?: Partial<MetaDelays>; sendgrid?: Partial<SendGridDelays> };
};

export type Sandbox = {
  app: Koa;
  /** Routes added here later are served too: handset, clock. */
  router: Router;
  log: AcceptedLog;
  faults: Faults;
  /** Ends streams, delays and calls under way, and closes the files. Close the HTTP server first. */
  close: () => Promise<void>;
};

const TWILIO_DELAYS: TwilioDelays = { sentMs: [150, 400], deliveredMs: [300, 900], retryMs: 500 };
const META_DELAYS: MetaDelays = { sentMs: [150, 400], deliveredMs: [300, 900], batchMs: 50, retryMs: [1_000, 5_000, 30_000, 120_000] };
/** The real SendGrid repeats for a day; a developer's patience is shorter. */
const SENDGRID_DELAYS: SendGridDelays = {
  processedMs: [150, 400],
  deliveredMs: [300, 900],
  retryMs: [1_000, 5_000, 30_000, 120_000, 600_000],
};

/** The stand-ins for Twilio, Meta, SendGrid, OpenAI and the do-not-call list with their log and switches, as one Koa app. Goes on with what a stopped one left in `dir`. */
export async function createSandboxApp(options: SandboxOptions): Promise<Sandbox> {
  const { dir, apiUrl, accountSid, authToken, sendgridKey, meta, openAiKey, numbers, delays } = options;
  const closing = new AbortController();
  const background = new Background();
  const webhooks = new Webhooks(background);
  const faults = new Faults();
  const log = await AcceptedLog.open(dir);
  const messages = await TwilioMessages.open(dir, log);
  const templates = new SandboxTemplates();
  const statuses = await MetaStatuses.open(dir, log, {
    apiUrl,
    appSecret: meta.appSecret,
    webhooks,
    delays: { ...META_DELAYS, ...delays?.meta },
  });
  const twilio = {
    accountSid,
    authToken,
    apiUrl,
    numbers,
    messages,
    templates,
    log,
    faults,
    webhooks,
    delays: { ...TWILIO_DELAYS, ...delays?.twilio },
  };
  const signingKey = options.sendgridSigningKey ?? DEV_SENDGRID_PRIVATE_KEY;
  const events = await MailEvents.open(dir, log, { apiUrl, signingKey, webhooks, delays: { ...SENDGRID_DELAYS, ...delays?.sendgrid } });

  const router = new Router();
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  twilioRoutes(router, twilio);
  sendgridRoutes(router, { sendgridKey, log, faults, background, events });
  metaRoutes(router, { accessToken: meta.accessToken, log, faults, background, templates, statuses });
  dncRoutes(router, { faults, background });
  openAiRoutes(router, { apiKey: openAiKey, faults, background });
  inboundRoutes(router, {
    twilio,
    meta: { apiUrl, appSecret: meta.appSecret, log, faults, webhooks },
    mail: { apiUrl, signingKey, log, faults, webhooks },
  });
  templateRoutes(router, templates);
  faultRoutes(router, faults);
  logRoutes(router, { log, webhooks, closing: closing.signal });
  resumeMessages(twilio);

  const app = new Koa();
  app.use(router.routes());
  const close = async () => {
    closing.abort();
    webhooks.close();
    await background.close();
    await Promise.all([messages.close(), statuses.close(), events.close(), log.close()]);
  };
  return { app, router, log, faults, close };
}
