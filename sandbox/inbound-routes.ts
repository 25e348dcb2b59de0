import type Router from '@koa/router';
import { z } from 'zod';
import { readJson } from './http';
import { isPhone } from './twilio/check';
import { receiveMail, type InboundMailDeps } from './sendgrid/inbound';
import type { TwilioDeps } from './twilio/routes';
import { receiveText } from './twilio/inbound';

const phone = z.string().refine(isPhone, 'not an E.164 number');
const Inbound = z.discriminatedUnion('channel', [
  z.strictObject({ channel: z.literal('sms'), from: phone, to: phone, body: z.string().min(1).max(1_600) }),
  z.strictObject({
    channel: z.literal('email'),
    from: z.email(),
    to: z.email(),
    subject: z.string().max(1_000).default(''),
    body: z.string().max(100_000),
  }),
]);

/**
 * POST /sandbox/inbound: a person writes to one of our numbers, or answers one of our mails (to its `reply_to`). 200 `{vendor_id, status}` with our
 * webhook's status; 502 when nobody answered it.
 */
export function inboundRoutes(router: Router, deps: TwilioDeps, mail: InboundMailDeps): void {
  router.post('/sandbox/inbound', async (ctx) => {
    const asked = Inbound.safeParse(await readJson(ctx));
    if (!asked.success) {
      ctx.status = 422;
      ctx.body = { error: 'invalid', detail: z.prettifyError(asked.error) };
      return;
    }
    const { data } = asked;
    if (data.channel === 'sms' && deps.numbers && !deps.numbers.includes(data.to)) {
      ctx.status = 422;
      ctx.body = { error: 'unknown_number', detail: 'None of the numbers here.' };
      return;
    }
    const received = data.channel === 'sms' ? await receiveText(deps, data) : await receiveMail(mail, data);
    ctx.status = received.status === null && !received.late ? 502 : 200;
    ctx.body = { vendor_id: received.vendor_id, status: received.status };
  });
}
