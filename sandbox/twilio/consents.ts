import type { Context } from 'koa';
import { z } from 'zod';
import { accept } from '../acceptance';
import { readText } from '../http';
import { refuse } from './answers';
import { isPhone } from './check';
import type { InboundDeps } from './inbound';

/** One entry of `Items`, each a JSON string in the form. */
const Item = z.object({
  contact_id: z.string().refine(isPhone),
  correlation_id: z.string().regex(/^[0-9a-f]{32}$/),
  sender_id: z.string().min(1),
  status: z.enum(['opt-in', 'opt-out']),
  source: z.enum(['website', 'offline', 'opt-in-message', 'opt-out-message', 'others']),
  date_of_consent: z.iso.datetime().optional(),
});
type Item = z.infer<typeof Item>;

const INVALID = 20_001;

/** Twilio's Consent Management API (POST accounts.twilio.com/v1/Consents/Bulk): an opt-out that was said elsewhere blocks a pair like its own STOP. */
export async function takeConsents(ctx: Context, { messages, faults, webhooks }: InboundDeps): Promise<void> {
  const texts = new URLSearchParams(await readText(ctx)).getAll('Items');
  const items = texts.map((text) => Item.safeParse(parsed(text)).data ?? null);
  const fault = faults.forRequest(
    'twilio',
    items.flatMap((item) => (item ? [item.contact_id, item.status] : [])),
  );
  const answer = (code: number): void => {
    ctx.status = 201;
    ctx.body = { items: items.map((item) => verdict(item, item ? code : INVALID)) };
  };
  await accept(ctx, {
    fault,
    background: webhooks.background,
    on: {
      commit: async () => {
        for (const item of items) if (item) await messages.block(item.sender_id, item.contact_id, item.status === 'opt-out');
      },
      answer: () => answer(0),
      refuse: (code) => answer(Number(code ?? INVALID)),
      limit: (retryAfterS) => {
        ctx.set('Retry-After', String(retryAfterS));
        refuse(ctx, 20429);
      },
      fail: () => refuse(ctx, 20500),
    },
  });
}

/** An item is refused by itself; the others stand. */
const verdict = (item: Item | null, code: number) => ({
  correlation_id: item?.correlation_id ?? '',
  error_code: code,
  error_messages: code === 0 ? [] : [`Error ${String(code)}`],
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
