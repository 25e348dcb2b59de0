import type Router from '@koa/router';
import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { accept } from '../acceptance';
import type { AcceptedLog } from '../accepted-log';
import type { Background } from '../background';
import type { Faults } from '../faults';
import { readJson } from '../http';
import type { Mail } from './check';
import { checkMail } from './check';
import type { Ending, MailDetail, MailEvents } from './events';
import { ENDINGS } from './events';

export type SendGridDeps = { sendgridKey: string; log: AcceptedLog; faults: Faults; background: Background; events: MailEvents };

/** The part of SendGrid's v3 API that Usher speaks: send one mail. */
export function sendgridRoutes(router: Router, deps: SendGridDeps): void {
  router.post('/v3/mail/send', async (ctx) => {
    if (ctx.get('authorization') !== `Bearer ${deps.sendgridKey}`) {
      refuse(ctx, { status: 401, ...REFUSALS[401] });
      return;
    }
    const checked = checkMail(await readJson(ctx));
    if ('errors' in checked) {
      ctx.status = 400;
      ctx.body = { errors: checked.errors };
      return;
    }
    await take(ctx, deps, checked.mail);
  });
}

async function take(ctx: Context, deps: SendGridDeps, mail: Mail): Promise<void> {
  const about = [...recipients(mail).map(({ to }) => to), mail.subject ?? '', ...mail.content.map(({ value }) => value)];
  const fault = deps.faults.forRequest('sendgrid', about);
  const ending = fault?.mode === 'refuse' && ENDINGS.includes(fault.code ?? '') ? (fault.code as Ending) : null;
  const id = randomBytes(16).toString('base64url');
  await accept(ctx, {
    fault: ending === null ? fault : null,
    background: deps.background,
    on: {
      commit: () => commit(deps, { id, mail, about, ending: ending ?? 'delivered' }),
      answer: () => {
        ctx.set('X-Message-Id', id);
        ctx.status = 202;
        ctx.body = '';
      },
      refuse: (code = '400') => refuse(ctx, { status: Number(code), ...REFUSALS[code] }),
      limit: (retryAfterS) => {
        ctx.set('Retry-After', String(retryAfterS));
        ctx.set('X-RateLimit-Remaining', '0');
        ctx.set('X-RateLimit-Reset', String(Math.ceil(Date.now() / 1_000) + retryAfterS));
        refuse(ctx, { status: 429, message: 'too many requests' });
      },
      fail: () => refuse(ctx, { status: 500, message: 'Internal Server Error' }),
    },
  });
}

const REFUSALS: Record<string, { message: string; field?: string }> = {
  400: { message: 'Does not contain a valid address.', field: 'personalizations.0.to.0.email' },
  401: { message: 'The provided authorization grant is invalid, expired, or revoked' },
  403: {
    message: 'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.',
    field: 'from',
  },
  413: { message: 'Request entity too large' },
};

/** SendGrid's error body. */
function refuse(
  ctx: Context,
  { status, message = 'Bad Request', field = null }: { status: number; message?: string; field?: string | null },
): void {
  ctx.status = status;
  ctx.body = { errors: [{ message, field, help: null }] };
}

type Recipient = { to: string; subject: string; customArgs: Record<string, string> };

const recipients = ({ personalizations, subject = '', custom_args: all = {} }: Mail): Recipient[] =>
  personalizations.flatMap((one) =>
    one.to.map(({ email }) => ({ to: email, subject: one.subject ?? subject, customArgs: { ...all, ...one.custom_args } })),
  );

type Taken = { id: string; mail: Mail; about: readonly string[]; ending: Ending };

/** One entry per recipient: each gets a mail of its own. */
async function commit({ log, faults, events, background }: SendGridDeps, { id, mail, about, ending }: Taken): Promise<void> {
  const text = (type: string) => mail.content.find((part) => part.type === type)?.value;
  const html = text('text/html');
  const fault = faults.forWebhooks('sendgrid', about);
  for (const { to, subject, customArgs } of recipients(mail)) {
    const detail: MailDetail = {
      customArgs,
      ending,
      suffix: `recvd-${randomBytes(5).toString('hex')}-1-${randomBytes(4).toString('hex').toUpperCase()}-1.0`,
    };
    const record = await log.append(
      {
        vendor: 'sendgrid',
        kind: 'email',
        ...{ to, from: mail.from.email, subject },
        body: text('text/plain') ?? '',
        ...(html === undefined ? {} : { html }),
        ...(mail.reply_to === undefined ? {} : { reply_to: mail.reply_to.email }),
        ...(mail.headers?.['List-Unsubscribe'] === undefined ? {} : { list_unsubscribe: mail.headers['List-Unsubscribe'] }),
        ...(customArgs.business_id ? { business_id: customArgs.business_id } : {}),
        our_id: customArgs.m ?? null,
        vendor_id: id,
      },
      detail,
    );
    background.run(events.run(record, fault));
  }
}
