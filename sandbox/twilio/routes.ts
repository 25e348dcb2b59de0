import type Router from '@koa/router';
import type { Context } from 'koa';
import { accept } from '../acceptance';
import type { AcceptedLog } from '../accepted-log';
import { readText } from '../http';
import type { SandboxTemplates } from '../templates';
import { presentMessage, refuse } from './answers';
import { runMessage } from './callbacks';
import { checkMessage } from './check';
import { takeConsents } from './consents';
import type { InboundDeps } from './inbound';
import type { NewMessage, TwilioMessage } from './messages';

export type TwilioDeps = InboundDeps & { numbers: readonly string[] | undefined; templates: SandboxTemplates; log: AcceptedLog };

/** The part of Twilio's REST API that Usher speaks: send, list and show messages, and be told of opt-outs. */
export function twilioRoutes(router: Router, deps: TwilioDeps): void {
  const base = '/2010-04-01/Accounts/:account/Messages';
  router.post(`${base}.json`, (ctx) => ours(ctx, deps, () => create(ctx, deps)));
  router.get(`${base}.json`, (ctx) => ours(ctx, deps, () => list(ctx, deps)));
  router.get(`${base}/:sid.json`, (ctx) => ours(ctx, deps, () => show(ctx, deps)));
  router.post('/v1/Consents/Bulk', (ctx) => signedIn(ctx, deps, () => takeConsents(ctx, deps)));
}

/** A sandbox that stopped in between goes on where it was: messages under way still get their callbacks. */
export function resumeMessages(deps: TwilioDeps): void {
  for (const message of deps.messages.list({})) deps.webhooks.background.run(runMessage(deps, message, null));
}

type Ctx = Context & { params: Record<string, string | undefined> };

async function ours(ctx: Ctx, deps: TwilioDeps, then: () => Promise<void> | void): Promise<void> {
  await signedIn(ctx, deps, async () => {
    if (ctx.params.account !== deps.accountSid) refuse(ctx, 20404, ctx.path);
    else await then();
  });
}

async function signedIn(ctx: Context, { accountSid, authToken }: TwilioDeps, then: () => Promise<void>): Promise<void> {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  if (ctx.get('authorization') !== expected) refuse(ctx, 20003);
  else await then();
}

async function create(ctx: Context, deps: TwilioDeps): Promise<void> {
  const checked = checkMessage(new URLSearchParams(await readText(ctx)), deps);
  if ('code' in checked) {
    refuse(ctx, checked.code, checked.about);
    return;
  }
  const { message } = checked;
  const fault = deps.faults.forRequest('twilio', [message.to, message.body]);
  const faultCode = fault?.mode === 'refuse' && Number(fault.code) >= CARRIER ? Number(fault.code) : null;
  const carrierCode = faultCode ?? checked.failsWith;
  await accept(ctx, {
    fault: faultCode === null ? fault : null,
    background: deps.webhooks.background,
    on: {
      ...committing(ctx, deps, { ...message, carrierCode }),
      refuse: (code) => refuse(ctx, Number(code ?? NOT_MOBILE), message.to),
      limit: (retryAfterS) => {
        ctx.set('Retry-After', String(retryAfterS));
        refuse(ctx, 20429);
      },
      fail: () => refuse(ctx, 20500),
    },
  });
}

/** From here on codes come with a callback, not with the answer. */
const CARRIER = 30_000;
const NOT_MOBILE = 21614;

function committing(ctx: Context, deps: TwilioDeps, message: NewMessage) {
  let queued: TwilioMessage | null = null;
  return {
    commit: async () => {
      const fault = deps.faults.forWebhooks('twilio', [message.to, message.body]);
      queued = await deps.messages.create(message);
      deps.webhooks.background.run(runMessage(deps, queued, fault));
    },
    answer: () => {
      ctx.status = 201;
      ctx.body = queued && presentMessage(deps.accountSid, queued);
    },
  };
}

function list(ctx: Context, { accountSid, messages }: TwilioDeps): void {
  const query = ctx.URL.searchParams;
  const size = within(query.get('PageSize'), { least: 1, most: 1_000, or: 50 });
  const page = within(query.get('Page'), { least: 0, most: 1_000_000, or: 0 });
  const all = messages.list({ to: query.get('To') ?? undefined, from: query.get('From') ?? undefined });
  const shown = all.slice(page * size, (page + 1) * size);
  const uri = (number: number) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(size));
    params.set('Page', String(number));
    return `${ctx.path}?${params.toString()}`;
  };
  ctx.body = {
    end: page * size + Math.max(0, shown.length - 1),
    first_page_uri: uri(0),
    messages: shown.map((message) => presentMessage(accountSid, message)),
    next_page_uri: (page + 1) * size < all.length ? uri(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    start: page * size,
    uri: uri(page),
  };
}

function within(text: string | null, { least, most, or }: { least: number; most: number; or: number }): number {
  const number = text === null ? NaN : Number(text);
  return Number.isInteger(number) ? Math.min(most, Math.max(least, number)) : or;
}

function show(ctx: Ctx, { accountSid, messages }: TwilioDeps): void {
  const message = messages.get(ctx.params.sid ?? '');
  if (message) ctx.body = presentMessage(accountSid, message);
  else refuse(ctx, 20404, ctx.path);
}
