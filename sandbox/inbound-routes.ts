import type Router from '@koa/router';
import { z } from 'zod';
import { readJson } from './http';
import { isPhone } from './twilio/check';
import type { TwilioDeps } from './twilio/routes';
import { receiveText } from './twilio/inbound';

const Inbound = z.strictObject({
  channel: z.literal('sms', 'Only sms: e-mail comes in with a later capability.'),
  from: z.string().refine(isPhone, 'not an E.164 number'),
  to: z.string().refine(isPhone, 'not an E.164 number'),
  body: z.string().min(1).max(1_600),
});

/** POST /sandbox/inbound: a person writes to one of our numbers. 200 `{vendor_id, status}` with our webhook's status; 502 when nobody answered it. */
export function inboundRoutes(router: Router, deps: TwilioDeps): void {
  router.post('/sandbox/inbound', async (ctx) => {
    const text = Inbound.safeParse(await readJson(ctx));
    if (!text.success) {
      ctx.status = 422;
      ctx.body = { error: 'invalid', detail: z.prettifyError(text.error) };
      return;
    }
    if (deps.numbers && !deps.numbers.includes(text.data.to)) {
      ctx.status = 422;
      ctx.body = { error: 'unknown_number', detail: 'None of the numbers here.' };
      return;
    }
    const received = await receiveText(deps, text.data);
    ctx.status = received.status === null && !received.late ? 502 : 200;
    ctx.body = { vendor_id: received.vendor_id, status: received.status };
  });
}
