import type Router from '@koa/router';
import { z } from 'zod';
import { readJson } from './http';
import type { MetaInboundDeps } from './meta/inbound';
import { receiveWhatsApp } from './meta/inbound';
import { isPhone } from './twilio/check';
import { receiveMail, type InboundMailDeps } from './sendgrid/inbound';
import type { Received } from './twilio/inbound';
import { receiveText } from './twilio/inbound';
import type { TwilioDeps } from './twilio/routes';

const phone = z.string().refine(isPhone, 'not an E.164 number');
const body = z.string().min(1).max(1_600);

const Inbound = z.discriminatedUnion('channel', [
  z.strictObject({ channel: z.literal('sms'), from: phone, to: phone, body }),
  z.strictObject({
    channel: z.literal('whatsapp'),
    /** A number, or what Meta calls somebody who shows none. */
    from: z.union([phone, z.string().regex(/^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/, "not Meta's id of a person")]),
    /** A number is Twilio's, digits alone are Meta's id of one. */
    to: z.union([phone, z.string().regex(/^\d{5,32}$/, 'neither a number nor the id of one')]),
    body,
  }),
  z.strictObject({
    channel: z.literal('email'),
    from: z.email(),
    to: z.email(),
    subject: z.string().max(1_000).default(''),
    body: z.string().max(100_000),
  }),
]);
type Inbound = z.infer<typeof Inbound>;

type InboundDeps = { twilio: TwilioDeps; meta: MetaInboundDeps; mail: InboundMailDeps };

/**
 * POST /sandbox/inbound: a person writes to us, or answers one of our mails (to its `reply_to`). 200 `{vendor_id, status}` with our webhook's status; 502
 * when nobody answered it.
 */
export function inboundRoutes(router: Router, deps: InboundDeps): void {
  router.post('/sandbox/inbound', async (ctx) => {
    const asked = Inbound.safeParse(await readJson(ctx));
    if (!asked.success) {
      ctx.status = 422;
      ctx.body = { error: 'invalid', detail: z.prettifyError(asked.error) };
      return;
    }
    const { numbers } = deps.twilio;
    if (asked.data.to.startsWith('+') && numbers && !numbers.includes(asked.data.to)) {
      ctx.status = 422;
      ctx.body = { error: 'unknown_number', detail: 'None of the numbers here.' };
      return;
    }
    const received = await receive(deps, asked.data);
    ctx.status = received.status === null && !received.late ? 502 : 200;
    ctx.body = { vendor_id: received.vendor_id, status: received.status };
  });
}

function receive({ twilio, meta, mail }: InboundDeps, message: Inbound): Promise<Received> {
  if (message.channel === 'email') return receiveMail(mail, message);
  const { channel, ...text } = message;
  return text.to.startsWith('+') ? receiveText(twilio, { channel, ...text }) : receiveWhatsApp(meta, text);
}
