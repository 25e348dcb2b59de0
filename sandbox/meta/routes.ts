import type Router from '@koa/router';
import type { Context } from 'koa';
import { accept } from '../acceptance';
import type { AcceptedLog } from '../accepted-log';
import type { Background } from '../background';
import type { Faults } from '../faults';
import { readJson } from '../http';
import type { SandboxTemplates } from '../templates';
import { isWindowOpen } from '../whatsapp-window';
import type { Checked } from './check';
import { checkMessage } from './check';
import type { MetaStatuses } from './statuses';
import { newWamid, userIdOf } from './wire';

export type MetaDeps = {
  accessToken: string;
  log: AcceptedLog;
  faults: Faults;
  background: Background;
  templates: SandboxTemplates;
  statuses: MetaStatuses;
};

/** The part of Meta's Graph API that Usher speaks: send one WhatsApp message. */
export function metaRoutes(router: Router, deps: MetaDeps): void {
  router.post('/:version/:phoneNumberId/messages', async (ctx) => {
    if (ctx.get('authorization') !== `Bearer ${deps.accessToken}`) {
      refuse(ctx, 190);
      return;
    }
    const checked = checkMessage(await readJson(ctx), deps.templates);
    if ('code' in checked) refuse(ctx, checked.code);
    else await take(ctx, deps, { ...checked, from: ctx.params.phoneNumberId ?? '' });
  });
}

type Taken = Checked & { from: string };

/** Codes that Meta tells by a status, after it has taken the message. */
const LATE = new Set([131026, 131047, 131049, 131050, 130472]);
const WINDOW_CLOSED = 131047;

async function take(ctx: Context, deps: MetaDeps, message: Taken): Promise<void> {
  const about = [message.to, message.body];
  const fault = deps.faults.forRequest('meta', about);
  const late = fault?.mode === 'refuse' && LATE.has(Number(fault.code)) ? Number(fault.code) : null;
  const closed = message.free && !isWindowOpen(deps.log, { vendor: 'meta', person: message.to, number: message.from });
  const id = newWamid();
  await accept(ctx, {
    fault: late === null ? fault : null,
    background: deps.background,
    on: {
      commit: () => commit(deps, message, { id, about, failsWith: late ?? (closed ? WINDOW_CLOSED : null) }),
      answer: () => {
        const phone = message.to.startsWith('+') ? message.to.slice(1) : null;
        ctx.status = 200;
        ctx.body = {
          messaging_product: 'whatsapp',
          contacts: [{ input: phone ?? message.to, ...(phone !== null && { wa_id: phone }), user_id: userIdOf(message.to) }],
          messages: [{ id }],
        };
      },
      refuse: (code = '131000') => refuse(ctx, Number(code)),
      limit: (retryAfterS) => {
        ctx.set('Retry-After', String(retryAfterS));
        refuse(ctx, 130429);
      },
      fail: () => refuse(ctx, 131000),
    },
  });
}

const STATUSES: Record<number, number> = {
  ...{ 190: 401, 10: 403, 368: 403, 131031: 403, 132001: 404 },
  ...{ 4: 429, 80007: 429, 130429: 429, 131048: 429, 131056: 429, 131000: 500 },
};

/** Meta's error body. */
function refuse(ctx: Context, code: number): void {
  ctx.status = STATUSES[code] ?? 400;
  const error = {
    message: `(#${String(code)}) Error ${String(code)}`,
    type: 'OAuthException',
    code,
    fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
  };
  ctx.body = { error: { ...error, error_data: { messaging_product: 'whatsapp', details: `Error ${String(code)}` } } };
}

type Committed = { id: string; about: readonly string[]; failsWith: number | null };

async function commit(
  { log, faults, statuses, background }: MetaDeps,
  { to, from, body, callbackData }: Taken,
  { id, about, failsWith }: Committed,
): Promise<void> {
  const fault = faults.forWebhooks('meta', about);
  const record = await log.append(
    { vendor: 'meta', kind: 'whatsapp', channel: 'whatsapp', to, from, body, our_id: callbackData, vendor_id: id },
    { callbackData, failsWith },
  );
  background.run(statuses.run(record, fault));
}
